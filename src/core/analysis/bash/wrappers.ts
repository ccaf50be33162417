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

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

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
