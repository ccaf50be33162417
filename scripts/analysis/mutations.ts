import type { Sample } from './programs.ts';

/** Numbers from 0 to 1 that a seed determines (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
type Mutation = (code: string, random: Random, other: string) => string;

const at = (length: number, random: Random): number => Math.floor(random() * (length + 1));
const cut = (code: string, random: Random): [number, number] => {
  const start = at(code.length, random);
  return [start, Math.min(code.length, start + at(40, random))];
};
const ODD = [
  '\0',
  '\r',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\ufffc',
  'ｏ',
  '\u2028',
  '\\',
  '`',
  '"',
  "'",
  '((((',
  '{',
  '$(',
  '\n',
  '\t',
  '0x',
  '9'.repeat(40),
];

/** What happens to a program: parts lost, doubled, swapped with another one's, odd characters, depth, length. */
const MUTATIONS: readonly Mutation[] = [
  (code, random) => {
    const [start, end] = cut(code, random);
    return code.slice(0, start) + code.slice(end);
  },
  (code, random) => {
    const [start, end] = cut(code, random);
    return code.slice(0, end) + code.slice(start, end).repeat(1 + at(30, random)) + code.slice(end);
  },
  (code, random, other) => {
    const place = at(code.length, random);
    const [start, end] = cut(other, random);
    return code.slice(0, place) + other.slice(start, end) + code.slice(place);
  },
  (code, random) => {
    const place = at(code.length, random);
    return code.slice(0, place) + (ODD[at(ODD.length - 1, random)] ?? '') + code.slice(place);
  },
  (code, random) => code.slice(0, at(code.length, random)),
  (code, random) => {
    const depth = at(400, random);
    return '('.repeat(depth) + code.trim() + ')'.repeat(depth);
  },
  (code, random, other) => {
    const lines = code.split('\n');
    lines.splice(at(lines.length, random), 0, ...other.split('\n').slice(0, at(6, random)));
    return lines.join('\n');
  },
  (code, random) => {
    const words = code.split(/\b/);
    const [one, two] = [at(words.length - 1, random), at(words.length - 1, random)];
    [words[one], words[two]] = [words[two] ?? '', words[one] ?? ''];
    return words.join('');
  },
  (code, random) => code.replace(/\d+/, String(10 ** at(30, random))),
  (code, random) => code.repeat(1 + at(12, random)),
];

/** A program to which one to four things happened. */
export function mutated(sample: Sample, other: Sample, random: Random): Sample {
  let { code } = sample;
  for (let left = 1 + at(3, random); left > 0; left -= 1) {
    const mutation = MUTATIONS[at(MUTATIONS.length - 1, random)];
    code = mutation ? mutation(code, random, other.code).slice(0, 250_000) : code;
  }
  return { ...sample, code };
}

/** A line that goes on in the next one may do so within a literal, which would be another one with blanks in it. */
const indented = (code: string): string => `    ${code.replaceAll(/(?<!\\)\n/g, '\n    ')}`;

const WRAPPERS: Readonly<Record<string, readonly ((code: string) => string)[]>> = {
  Python: [
    (code) => `exec(${JSON.stringify(code)})`,
    (code) => `def main():\n${indented(code)}\n\n\nmain()\n`,
    (code) => `if True:\n${indented(code)}\n`,
  ],
  JavaScript: [
    (code) => `eval(${JSON.stringify(code)});`,
    (code) => `(function () {\n${code}\n})();`,
    (code) => `{\n${code}\n}`,
  ],
  Bash: [(code) => `eval ${quoted(code)}`, (code) => `bash -c ${quoted(code)}`, (code) => `{\n${code}\n}`],
};
const quoted = (code: string): string => `'${code.replaceAll("'", `'\\''`)}'`;

/** The same program inside another one, which runs it. */
export function wrapped(sample: Sample, random: Random): Sample {
  const wrappers = WRAPPERS[sample.language] ?? [];
  const wrap = wrappers[at(wrappers.length - 1, random)];
  return wrap ? { ...sample, code: wrap(sample.code) } : sample;
}
