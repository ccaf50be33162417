import type { Program, Reference } from '../program/program.ts';

/** Names, of which the last segment may be "*". */
export type Names = ReadonlySet<string> | readonly string[];

/** Qualified names from a module and words: membersOf('os', 'system popen') is os.system and os.popen. */
export const membersOf = (module: string, words: string): ReadonlySet<string> =>
  new Set(words.split(' ').map((word) => `${module}.${word}`));

/** Names of several modules in one set. */
export const allOf = (...sets: readonly Names[]): ReadonlySet<string> =>
  new Set(sets.flatMap((set) => [...set]));

/** Whether a qualified name is in the list, itself or by a "*" that stands for one or more last segments. */
export function isNamed(name: string, names: ReadonlySet<string>): boolean {
  if (names.has(name)) return true;
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    if (names.has(`${name.slice(0, dot)}.*`)) return true;
  }
  return false;
}

/** The references to any of these names. */
export function referencesTo(program: Program, names: Names): readonly Reference[] {
  const set = names instanceof Set ? names : new Set(names);
  return program.references.filter(({ name }) => isNamed(name, set));
}
