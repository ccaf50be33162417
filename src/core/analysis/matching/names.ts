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

const indexes = new WeakMap<Program, ReadonlyMap<string, readonly Reference[]>>();

function referencesByName(program: Program): ReadonlyMap<string, readonly Reference[]> {
  const known = indexes.get(program);
  if (known) return known;
  const byName = new Map<string, Reference[]>();
  for (const reference of program.references) {
    const same = byName.get(reference.name);
    if (same) same.push(reference);
    else byName.set(reference.name, [reference]);
  }
  indexes.set(program, byName);
  return byName;
}

/** The references to any of these names. */
export function referencesTo(program: Program, names: Names): readonly Reference[] {
  return [...referencesByName(program)].flatMap(([name, references]) =>
    isNamed(name, names) ? references : [],
  );
}

/** The references whose names match. */
export function referencesLike(program: Program, pattern: RegExp): readonly Reference[] {
  return [...referencesByName(program)].flatMap(([name, references]) =>
    pattern.test(name) ? references : [],
  );
}

export function callsTo(program: Program, names: Names): readonly Call[] {
  return program.calls.filter(({ name }) => name !== undefined && isNamed(name, names));
}

/** Whether the call happens again and again: in a loop or comprehension, or in a function that calls itself. */
export function isRepeated(program: Program, { context }: Pick<Call, 'context'>): boolean {
  return context.loop !== undefined || context.functions.some((id) => program.recursive.has(id));
}

/** Whether the place is in a loop without a condition, or in a function that calls itself. */
export function isUnbounded(program: Program, { context }: Pick<Call, 'context'>): boolean {
  for (let { loop } = context; loop; loop = loop.outer) if (loop.unconditional) return true;
  return context.functions.some((id) => program.recursive.has(id));
}
