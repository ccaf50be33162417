import type { Call, Program, Reference } from '../program/program.ts';

/** Qualified names, of which the last segment may be "*": that and whatever stands below it. */
export type Names = ReadonlySet<string>;

/** Qualified names from a module and words: membersOf('os', 'system popen') is os.system and os.popen. */
export const membersOf = (module: string, words: string): Names =>
  new Set(words.split(' ').map((word) => `${module}.${word}`));

/** Names written in one line. */
export const namesOf = (words: string): Names => new Set(words.split(/\s+/));

/** Names of several modules in one set. */
export const allOf = (...sets: readonly Names[]): Names => new Set(sets.flatMap((set) => [...set]));

/** Whether a qualified name is in the list, itself or by a "*" that stands for one or more last segments. */
export function isNamed(name: string, names: Names): boolean {
  if (names.has(name)) return true;
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    if (names.has(`${name.slice(0, dot)}.*`)) return true;
  }
  return false;
}

/** What of a program has one name. `keys`: the name, and the patterns with "*" that stand for it. */
interface Entry<T> {
  readonly name: string;
  readonly keys: readonly string[];
  readonly items: T[];
}

function keysOf(name: string): readonly string[] {
  const keys = [name];
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1))
    keys.push(`${name.slice(0, dot)}.*`);
  return keys;
}

function entriesOf<T extends { readonly name: string | undefined }>(
  items: readonly T[],
): readonly Entry<T>[] {
  const byName = new Map<string, Entry<T>>();
  for (const item of items) {
    if (item.name === undefined) continue;
    const known = byName.get(item.name);
    if (known) known.items.push(item);
    else byName.set(item.name, { name: item.name, keys: keysOf(item.name), items: [item] });
  }
  return [...byName.values()];
}

/** Every rule asks, so what is asked for is put in order once for each program. */
const references = new WeakMap<Program, readonly Entry<Reference>[]>();
const calls = new WeakMap<Program, readonly Entry<Call>[]>();

function remembered<T>(known: WeakMap<Program, T>, program: Program, make: () => T): T {
  const before = known.get(program);
  if (before) return before;
  const made = make();
  known.set(program, made);
  return made;
}

const referencesOf = (program: Program) =>
  remembered(references, program, () => entriesOf(program.references));

const named = <T>(entries: readonly Entry<T>[], names: Names): readonly T[] =>
  entries.flatMap(({ keys, items }) => (keys.some((key) => names.has(key)) ? items : []));

/** The references to any of these names. */
export const referencesTo = (program: Program, names: Names): readonly Reference[] =>
  named(referencesOf(program), names);

/** The references whose names match. */
export const referencesLike = (program: Program, pattern: RegExp): readonly Reference[] =>
  referencesOf(program).flatMap(({ name, items }) => (pattern.test(name) ? items : []));

export const callsTo = (program: Program, names: Names): readonly Call[] =>
  named(
    remembered(calls, program, () => entriesOf(program.calls)),
    names,
  );

/** Whether the call happens again and again: in a loop or comprehension, or in a function that calls itself. */
export function isRepeated(program: Program, { context }: Pick<Call, 'context'>): boolean {
  return context.loop !== undefined || context.functions.some((id) => program.recursive.has(id));
}

/** Whether the place is in a loop without a condition, or in a function that calls itself. */
export function isUnbounded(program: Program, { context }: Pick<Call, 'context'>): boolean {
  for (let { loop } = context; loop; loop = loop.outer) if (loop.unconditional) return true;
  return context.functions.some((id) => program.recursive.has(id));
}
