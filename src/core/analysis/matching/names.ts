import type { Call, Program, Recorded, Reference } from '../program/program.ts';
import { listsWith } from './lists.ts';
import type { NameList } from './lists.ts';

interface Open {
  readonly references: Reference[];
  readonly calls: Call[];
}

/** What of a program has a name that is in a list, by list. */
export function listedIn({ references, calls, commands }: Recorded): Program['listed'] {
  const index = new Map<NameList, Open>();
  const each = (name: string, keep?: (listed: Open) => void): void => {
    for (const list of listsWith(name)) {
      let listed = index.get(list);
      if (!listed) index.set(list, (listed = { references: [], calls: [] }));
      keep?.(listed);
    }
  };
  for (const reference of references) each(reference.name, (listed) => listed.references.push(reference));
  for (const call of calls) if (call.name !== undefined) each(call.name, (listed) => listed.calls.push(call));
  for (const { name, wrappers, assignments } of commands) {
    if (name !== undefined) each(name);
    for (const other of wrappers) each(other);
    for (const other of assignments) each(other);
  }
  return index;
}

/** Those of one name together, in the order in which the names come up. */
function grouped<T extends { readonly name: string | undefined }>(items: readonly T[] = []): readonly T[] {
  return items.length <= 2 ? items : [...Map.groupBy(items, ({ name }) => name).values()].flat();
}

/** The references to any of these names. */
export const referencesTo = (program: Program, list: NameList): readonly Reference[] =>
  grouped(program.listed.get(list)?.references);

export const callsTo = (program: Program, list: NameList): readonly Call[] =>
  grouped(program.listed.get(list)?.calls);

/** Whether the call happens again and again: in a loop or comprehension, or in a function that calls itself. */
export function isRepeated(program: Program, { context }: Pick<Call, 'context'>): boolean {
  return context.loop !== undefined || context.functions.some((id) => program.recursive.has(id));
}

/** Whether the place is in a loop without a condition, or in a function that calls itself. */
export function isUnbounded(program: Program, { context }: Pick<Call, 'context'>): boolean {
  for (let { loop } = context; loop; loop = loop.outer) if (loop.unconditional) return true;
  return context.functions.some((id) => program.recursive.has(id));
}
