import type { Call, Program, Reference } from '../program/program.ts';
import { listsWith } from './lists.ts';
import type { NameList } from './lists.ts';

interface Named {
  readonly name: string | undefined;
}

/** References, or calls, by the lists that their names are in; those of one name stand together. */
type ByList<T> = ReadonlyMap<NameList, readonly (readonly T[])[]>;

interface Index {
  readonly references: ByList<Reference>;
  readonly calls: ByList<Call>;
  /** The lists in which there is a name that the program refers to, calls, runs or, in a shell, sets. */
  readonly lists: ReadonlySet<NameList>;
}

function byName<T extends Named>(items: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const names = new Map<string, T[]>();
  for (const item of items) {
    if (item.name === undefined) continue;
    const known = names.get(item.name);
    if (known) known.push(item);
    else names.set(item.name, [item]);
  }
  return names;
}

function byList<T extends Named>(items: readonly T[]): ByList<T> {
  const found = new Map<NameList, (readonly T[])[]>();
  for (const [name, same] of byName(items))
    for (const list of listsWith(name)) {
      const known = found.get(list);
      if (known) known.push(same);
      else found.set(list, [same]);
    }
  return found;
}

function indexOf({ references, calls, commands }: Program): Index {
  const byReference = byList(references);
  const byCall = byList(calls);
  const lists = new Set([...byReference.keys(), ...byCall.keys()]);
  const note = (name: string): void => listsWith(name).forEach((list) => lists.add(list));
  for (const { name, wrappers, assignments } of commands) {
    if (name !== undefined) note(name);
    wrappers.forEach(note);
    assignments.forEach(note);
  }
  return { references: byReference, calls: byCall, lists };
}

/** Every rule asks, so a program is put in order once. */
const known = new WeakMap<Program, Index>();

function indexed(program: Program): Index {
  const before = known.get(program);
  if (before) return before;
  const made = indexOf(program);
  known.set(program, made);
  return made;
}

/** The lists in which there is a name that the program refers to, calls, runs or, in a shell, sets. */
export const listsIn = (program: Program): ReadonlySet<NameList> => indexed(program).lists;

/** The references to any of these names. */
export const referencesTo = (program: Program, list: NameList): readonly Reference[] =>
  indexed(program).references.get(list)?.flat() ?? [];

export const callsTo = (program: Program, list: NameList): readonly Call[] =>
  indexed(program).calls.get(list)?.flat() ?? [];

/** Whether the call happens again and again: in a loop or comprehension, or in a function that calls itself. */
export function isRepeated(program: Program, { context }: Pick<Call, 'context'>): boolean {
  return context.loop !== undefined || context.functions.some((id) => program.recursive.has(id));
}

/** Whether the place is in a loop without a condition, or in a function that calls itself. */
export function isUnbounded(program: Program, { context }: Pick<Call, 'context'>): boolean {
  for (let { loop } = context; loop; loop = loop.outer) if (loop.unconditional) return true;
  return context.functions.some((id) => program.recursive.has(id));
}
