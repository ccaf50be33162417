import type { Document, Span } from '../document.ts';
import type { Program } from '../program/program.ts';
import type { Sentence } from '../report.ts';
import { defineRule } from '../rule.ts';

const INTERPRETERS: readonly (readonly [Program['family'], RegExp])[] = [
  ['Python', /\b(?:python|pypy)[\d.]*\b/],
  ['JavaScript', /\b(?:node|nodejs|deno|bun|ts-node|tsx)\b/],
  ['Bash', /\b(?:ba|da|k|z)?sh\b/],
];
/** Lines that the shell would take for commands, although they are statements of another language. */
const STATEMENTS: readonly (readonly [Program['family'], RegExp])[] = [
  [
    'Python',
    /^\s*(?:from\s+[\w.]+\s+import\s.+|import\s+[\w.]+(?:\s+as\s+\w+)?|(?:async\s+)?def\s+\w+\s*\(.*\).*:|class\s+\w+.*:|(?:if|elif|for|while|with|except)\s.+:|(?:else|try|finally):|print\(.*\)|return\s.+)\s*(?:#.*)?$/,
  ],
  [
    'JavaScript',
    /^\s*(?:(?:const|let|var)\s+[\w${[].*=.*|.*=>\s*[{(]?.*|console\.\w+\(.*\);?|(?:import|export)\s.*\bfrom\s+['"].*|\}\s*else\s*\{|\}\)?;)\s*$/,
  ],
];
/** So many lines, and so great a part of all, or it may be a coincidence. */
const LEAST_LINES = 2;
const LEAST_SHARE = 0.4;
const MAXIMUM_LINES = 400;

const sentence = (found: string, declared: string): Sentence => ({
  en: `This is ${found}, but it is declared as ${declared}.`,
  ja: `${declared} として宣言されていますが、内容は ${found} です。`,
});

/** The language that the first line asks for. */
function asked(text: string): Program['family'] | undefined {
  if (!text.startsWith('#!')) return undefined;
  const [line = ''] = text.split(/[\r\n]/, 1);
  return INTERPRETERS.find(([, pattern]) => pattern.test(line))?.[0];
}

/** What a script reads like, when that is not the shell. */
/** Looks no further than it takes to know. */
function fitsEnough(lines: readonly string[], pattern: RegExp): boolean {
  const needed = Math.max(LEAST_LINES, lines.length * LEAST_SHARE);
  let possible = lines.length;
  for (const line of lines) {
    if (possible < needed) return false;
    if (!pattern.test(line)) possible -= 1;
  }
  return possible >= needed;
}

function readsLike(lines: readonly string[]): Program['family'] | undefined {
  const written = lines.slice(0, MAXIMUM_LINES).filter((line) => line.length < 400 && line.trim() !== '');
  return STATEMENTS.find(([, pattern]) => fitsEnough(written, pattern))?.[0];
}

const languageOf = (document: Document, family: Program['family']): Program['family'] | undefined =>
  asked(document.text) ?? (family === 'Bash' ? readsLike(document.lines) : undefined);

/** The first line that is no comment. */
function firstLine({ lines }: Document): Span {
  const index = Math.max(
    0,
    lines.findIndex((text) => !/^\s*(?:#|\/\/|$)/.test(text)),
  );
  return { line: index + 1, column: 1, endLine: index + 1, endColumn: (lines[index]?.length ?? 0) + 1 };
}

/**
 * A first line that asks for an interpreter of another language; a script declared as Bash that reads like Python
 * or JavaScript.
 *
 * Left alone: Programs without such a line; what does not parse in the declared language is ANY-PARSE.
 */
export default defineRule({
  id: 'ANY-LANGUAGE',
  version: 1,
  title: { en: 'Is written in another language', ja: '宣言と異なる言語' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [115],
  attack: ['T1036'],
  forbids: {
    en: 'A first line that asks for an interpreter of another language; a script declared as Bash that reads like Python or JavaScript.',
    ja: '別の言語のインタープリターを指定する一行目。Bash と宣言されているが Python や JavaScript で書かれたもの。',
  },
  allows: {
    en: 'Programs without such a line; what does not parse in the declared language is ANY-PARSE.',
    ja: 'そのような行のないプログラム。宣言された言語で解析できないものは ANY-PARSE。',
  },
  message: {
    en: 'The program is written in another language than it is declared as.',
    ja: '宣言とは別の言語で書かれています。',
  },
  remedy: { en: 'Correct spec.language.', ja: 'spec.language を直してください。' },
  check: ({ depth, family, document }) => {
    const found = depth > 0 ? undefined : languageOf(document, family);
    return found === undefined || found === family
      ? []
      : [{ span: firstLine(document), message: sentence(found, family) }];
  },
});
