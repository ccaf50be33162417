import { remembering } from './remembering.ts';

/** Qualified names, of which the last segment may be "*": that and whatever stands below it. */
export type Names = ReadonlySet<string>;

/** Qualified names that a pattern fits. */
export type Likeness = Pick<RegExp, 'test'>;

/** What rules look for by name. */
export type NameList = Names | Likeness;

/** Which lists hold a name, and which hold all that stands below it: a name finds its lists, no list looks for names. */
const listing = new Map<string, Names[]>();
const listingBelow = new Map<string, Names[]>();
const likenesses: Likeness[] = [];

/** Lists stand where their rules are, and stay: none is made while a program is judged. */
function listed(words: Iterable<string>): Names {
  const names = new Set(words);
  for (const word of names) {
    const [table, key] = word.endsWith('.*') ? [listingBelow, word.slice(0, -2)] : [listing, word];
    const known = table.get(key);
    if (known) known.push(names);
    else table.set(key, [names]);
  }
  return names;
}

/** Qualified names from a module and words: membersOf('os', 'system popen') is os.system and os.popen. */
export const membersOf = (module: string, words: string): Names =>
  listed(words.split(' ').map((word) => `${module}.${word}`));

/** Names written in one line. */
export const namesOf = (words: string): Names => listed(words.split(/\s+/));

/** Names of several modules in one set. */
export const allOf = (...sets: readonly Iterable<string>[]): Names => listed(sets.flatMap((set) => [...set]));

/** The names that a pattern fits. */
export function namesLike<L extends Likeness>(pattern: L): L {
  likenesses.push(pattern);
  return pattern;
}

/** Whether a qualified name is in the list, itself or by a "*" that stands for one or more last segments. */
export function isNamed(name: string, names: Names): boolean {
  if (names.has(name)) return true;
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    if (names.has(`${name.slice(0, dot)}.*`)) return true;
  }
  return false;
}

function find(name: string): readonly NameList[] {
  const found = new Set<NameList>(listing.get(name));
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1))
    for (const names of listingBelow.get(name.slice(0, dot)) ?? []) found.add(names);
  for (const pattern of likenesses) if (pattern.test(name)) found.add(pattern);
  return [...found];
}

/** The lists that the name is in. Programs use the same few names again and again. */
export const listsWith = remembering(find, { most: 4096 });

/** Whether a pattern fits the name; asked of many names again and again. */
export const isLike = (name: string, pattern: Likeness): boolean => listsWith(name).includes(pattern);
