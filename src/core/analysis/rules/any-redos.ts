import { namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import { textsOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const COMPILERS = namesOf(
  're.compile re.match re.search re.fullmatch re.findall re.finditer re.sub re.subn re.split regex.* RegExp',
);
const MAXIMUM_PATTERN = 4000;

/** Whether a group is repeated without a bound, and so is the only or last thing in it: (a+)+, (.*)*, ([a-z]+)*, (?:x|y+)+. */
function nests(pattern: string): boolean {
  const open: { start: number; repeats: boolean; bare: boolean }[] = [];
  let last = { repeats: false, end: -1 };
  for (let index = 0; index < pattern.length; index += 1) {
    const letter = pattern[index];
    if (letter === '\\') index += 1;
    else if (letter === '[') index = Math.max(index, pattern.indexOf(']', index + 2));
    else if (letter === '(') open.push({ start: index, repeats: false, bare: true });
    else if (letter === ')') last = { repeats: closes(pattern, open.pop(), index), end: index };
    else if (letter === '+' || letter === '*') {
      if (last.end === index - 1 && last.repeats) return true;
      const around = open.at(-1);
      if (around) around.repeats = true;
    }
  }
  return false;
}

/** A group of one repeated atom, or of alternatives of which one is: what it matches can be cut up in many ways. */
function closes(
  pattern: string,
  group: { readonly start: number; readonly repeats: boolean } | undefined,
  end: number,
): boolean {
  if (!group?.repeats) return false;
  const inside = pattern.slice(group.start + 1, end).replace(/^\?(?::|<\w+>|P<\w+>)/, '');
  return inside
    .split('|')
    .some((branch) => /^(?:\\?.|\[(?:\\.|[^\]])+\]|\((?:[^()]|\\.)*\))[+*]\??$/.test(branch));
}

/**
 * Constant patterns in which a repeated part is repeated as a whole: (a+)+, (.*)*, ([a-z]+)*. On the wrong text
 * they take exponential time.
 *
 * Left alone: Repeated groups with something fixed in them, such as (\\w+,)*; patterns that are not constants.
 */
export default defineRule({
  id: 'ANY-REDOS',
  version: 1,
  title: { en: 'Regular expression that can take for ever', ja: '終わらない正規表現' },
  severity: 'Medium',
  languages: ['Python', 'JavaScript'],
  cwe: [1333],
  attack: ['T1499.004'],
  forbids: {
    en: 'Constant patterns in which a repeated part is repeated as a whole: (a+)+, (.*)*, ([a-z]+)*. On the wrong text they take exponential time.',
    ja: '繰り返しの全体をさらに繰り返す定数パターン：(a+)+、(.*)*、([a-z]+)* など。文字列によっては指数時間かかります。',
  },
  allows: {
    en: 'Repeated groups with something fixed in them, such as (\\w+,)*; patterns that are not constants.',
    ja: '(\\w+,)* のように固定部分のある繰り返し、定数でないパターン。',
  },
  message: {
    en: 'This regular expression can take exponential time.',
    ja: 'この正規表現は指数時間かかることがあります。',
  },
  remedy: {
    en: 'Remove the inner or the outer repetition.',
    ja: '内側か外側の繰り返しを取り除いてください。',
  },
  needs: [COMPILERS],
  *check(program): Iterable<Hit> {
    for (const { args, span } of callsTo(program, COMPILERS))
      if (
        textsOf(args[0] ?? { kind: 'unknown', taint: 0 }).some(
          (text) => text.length <= MAXIMUM_PATTERN && nests(text),
        )
      )
        yield { span };
  },
});
