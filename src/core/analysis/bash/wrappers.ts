import type { Value } from '../program/value.ts';
import { wholeTextOf } from '../program/value.ts';

/** Commands that run the command behind them, and their options that take a word of their own. */
const WRAPPERS: ReadonlyMap<string, string> = new Map([
  ['sudo', 'ugCDhprtTRU'],
  ['doas', 'uC'],
  ['env', 'uCS'],
  ['nohup', ''],
  ['nice', 'n'],
  ['ionice', 'cnp'],
  ['timeout', 'ks'],
  ['time', 'fo'],
  ['exec', 'a'],
  ['command', ''],
  ['builtin', ''],
  ['xargs', 'IEnPLsad'],
  ['setsid', ''],
  ['stdbuf', 'ioe'],
  ['busybox', ''],
  ['toybox', ''],
  ['watch', 'n'],
  ['strace', 'eopu'],
  ['parallel', 'jN'],
  ['chronic', ''],
  ['unbuffer', ''],
  ['proxychains', 'f'],
  ['coproc', ''],
]);

export interface Unwrapped {
  readonly name: string | undefined;
  readonly wrappers: readonly string[];
  /** How many words stand before the arguments. */
  readonly skipped: number;
}

/** What a pattern in place of a command name is tried against: `/bin/r[m]`, `/???/c?t`. */
const COMMON =
  'rm cat sh bash dash curl wget nc ncat dd chmod chown cp mv ln tee env sudo su python3 python perl node ruby base64 xxd kill find tar ssh scp mount passwd crontab eval'.split(
    ' ',
  );
const MAXIMUM_PATTERN = 32;

const isPattern = (base: string): boolean => base.includes('*') || base.includes('?') || base.includes('[');

/** The last part of a path; a common command where it is a pattern that stands for one. */
function baseName(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1);
  if (!isPattern(base) || /^\[+$/.test(base)) return base;
  // Each star doubles the work.
  if (base.length > MAXIMUM_PATTERN || base.split('*').length > 4) return base;
  // At least one letter, or everything would be rm.
  return (/[a-z]/.test(base) && COMMON.find((name) => fits(name, base))) || base;
}

/** A shell pattern, letter by letter: `?` is one, `*` any number, `[ab]` one of these. */
function fits(name: string, pattern: string): boolean {
  if (pattern === '') return name === '';
  if (pattern.startsWith('*'))
    return fits(name, pattern.slice(1)) || (name !== '' && fits(name.slice(1), pattern));
  const [, set] = /^\[([^\]]+)\]/.exec(pattern) ?? [];
  const [first = ''] = name;
  const agrees =
    set === undefined ? pattern.startsWith('?') || pattern.startsWith(first) : set.includes(first);
  return first !== '' && agrees && fits(name.slice(1), pattern.slice(set === undefined ? 1 : set.length + 2));
}

/** How many words the options of a wrapper take. */
function optionsAfter(words: readonly Value[], from: number, valued: string): number {
  let index = from;
  for (let word = wholeTextOf(words[index]); word !== undefined; word = wholeTextOf(words[index])) {
    if (/^[A-Za-z_]\w*=/.test(word)) index += 1;
    else if (/^-[^-]$/.test(word)) index += valued.includes(word[1] ?? '-') ? 2 : 1;
    else if (word.startsWith('-')) index += 1;
    else break;
  }
  return index;
}

/** The program that really runs, behind `sudo`, `env A=b`, `timeout 5` and the like. */
export function unwrap(words: readonly Value[]): Unwrapped {
  const wrappers: string[] = [];
  let index = 0;
  for (let round = 0; round < words.length; round += 1) {
    const word = wholeTextOf(words[index]);
    const name = word === undefined ? undefined : baseName(word);
    const valued = name === undefined ? undefined : WRAPPERS.get(name);
    if (name === undefined || valued === undefined) return { name, wrappers, skipped: index + 1 };
    const next = optionsAfter(words, index + 1, valued);
    const behind = name === 'timeout' ? next + 1 : next;
    if (behind >= words.length) return { name, wrappers, skipped: index + 1 };
    wrappers.push(name);
    index = behind;
  }
  return { name: undefined, wrappers, skipped: index };
}
