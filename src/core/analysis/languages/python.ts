import { parse } from 'py-ast';
import type { Module } from 'py-ast';
import type { Document } from '../document.ts';
import { mayMixScripts, mixedOutside } from '../mixed-scripts.ts';
import type { Recorded } from '../program/program.ts';
import type { Sentence } from '../report.ts';
import { Recorder } from '../program/recorder.ts';
import type { Beside } from '../python/modules.ts';
import { MAX_BRACKETS, tooDeepBracket } from '../python/nesting.ts';
import { PythonReader } from '../python/reader.ts';
import type { RoughToken } from '../python/tokens.ts';
import { roughTokensOf } from '../python/tokens.ts';
import { endsInText, unclosedIn } from '../python/unclosed.ts';
import type { Language, Reading } from './language.ts';
import { Unreadable } from './language.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

/** py-ast tells the place in fields or in words, or only the line, or nothing. */
function placeTold(error: unknown, document: Document): Place {
  const message = error instanceof Error ? error.message : '';
  const [, lineWord, columnWord] = /at line (\d+)(?:, column (\d+))?$/.exec(message) ?? [];
  const field = (name: string): unknown => (error instanceof Error ? Reflect.get(error, name) : undefined);
  const line = Math.min(Math.max(Number(field('lineno') ?? lineWord ?? 1), 1), document.lines.length);
  const column = field('col_offset') ?? columnWord ?? Math.max(0, document.lineAt(line).search(/\S/));
  return { line, column: Number(column) + 1 };
}

/** A number without digits is no number; the parser does not say where it stands. */
const NUMBER_OF_NOTHING = /\b0[box]_?(?![\da-f])/i;

/** Where CPython would say that a program is wrong, which for what never ends is where it begins. */
function placeOf(error: unknown, document: Document): Place {
  const told = placeTold(error, document);
  const unclosed = unclosedIn(document.text);
  if (unclosed) {
    const begun = document.spanAt(unclosed.offset, unclosed.offset);
    if (unclosed.kind === 'text' || begun.line < told.line) return begun;
  }
  if (!(error instanceof SyntaxError && error.message.includes('BigInt'))) return told;
  const at = NUMBER_OF_NOTHING.exec(document.text)?.index ?? 0;
  return document.spanAt(at, at);
}

/** A form feed at the start of a line makes its indentation begin anew; py-ast does not know it. */
const withoutFormFeeds = (text: string): string =>
  text.includes('\f')
    ? text.replace(/(^|[\r\n])[ \t]*\f[ \t\f]*(?=[\r\n]|$)/g, '$1').replace(/(^|[\r\n])[ \t]*\f+/g, '$1')
    : text;

const NOTEBOOK = {
  en: 'Lines that begin with % or ! are commands of a notebook, not Python: leave them out.',
  ja: '% や ! で始まる行はノートブックの命令で、Python ではありません。取り除いてください。',
};
const OLD = {
  en: 'This is the syntax of Python 2: write Python 3.',
  ja: 'これは Python 2 の構文です。Python 3 で書いてください。',
};

/** What people most often mean by a line that does not parse. */
function hintFor(line: string): Sentence | undefined {
  if (/^\s{0,80}(?:%{1,2}[a-zA-Z]|![a-zA-Z./])/.test(line)) return NOTEBOOK;
  return /^\s{0,80}(?:(?:print|exec)\s+["'\w]|except\s+[\w.]{1,80},\s*\w)/.test(line) ? OLD : undefined;
}

function refuseDeepBrackets(document: Document): void {
  const offset = tooDeepBracket(document.text);
  if (offset === undefined) return;
  throw new Unreadable(document.spanAt(offset, offset + 1), {
    en: `The program is nested too deeply to be read: Python reads at most ${MAX_BRACKETS} brackets in brackets.`,
    ja: `プログラムの入れ子が深すぎて読み取れません。Python が読める括弧の入れ子は ${MAX_BRACKETS} 段までです。`,
  });
}

function parsed(document: Document): Module {
  refuseDeepBrackets(document);
  try {
    const tree = parse(withoutFormFeeds(document.text));
    if (endsInText(document.text)) throw new SyntaxError('unterminated text');
    return tree;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const { line, column } = placeOf(error, document);
    const hint = hintFor(document.lines[line - 1] ?? '');
    const sentence = {
      en: `The Python program does not parse (line ${line}, column ${column}).${hint ? ` ${hint.en}` : ''}`,
      ja: `Python プログラムを構文解析できません(${line} 行 ${column} 桁)。${hint?.ja ?? ''}`,
    };
    throw new Unreadable({ line, column, endLine: line, endColumn: column + 1 }, sentence);
  }
}

/** The name under which a program imports a file that stands beside it: a/b.py is a.b, a/__init__.py is a. */
const moduleOf = (path: string): string =>
  path
    .replace(/^(?:\.\/)+/, '')
    .replace(/\.py$/, '')
    .replace(/(?:^|\/)__init__$/, '')
    .replaceAll('/', '.');

/** A file that does not parse is found when it is judged by itself. */
function treeOf(document: Document): Module | undefined {
  try {
    return parsed(document);
  } catch {
    return undefined;
  }
}

const besideOf = (documents: readonly Document[] = []): Beside =>
  new Map(
    documents
      .filter(({ file }) => file?.endsWith('.py') === true)
      .map((document) => [moduleOf(document.file ?? ''), () => treeOf(document)]),
  );

const quotedIn = ({ text }: Document): readonly RoughToken[] =>
  [...roughTokensOf(text)].filter(({ kind }) => kind === 'text' || kind === 'comment');

export const python: Language = {
  name: 'Python',
  family: 'Python',
  extensions: ['py', 'pyw', 'pyi'],
  interpreters: ['python', 'pypy'],
  read(document: Document, reading: Reading): Recorded {
    const recorder = new Recorder(reading.budget);
    new PythonReader(document, recorder, besideOf(reading.beside)).read(parsed(document).body);
    if (mayMixScripts(document.text)) recorder.disguised.push(...mixedOutside(document, quotedIn(document)));
    return recorder.program('Python', document, reading);
  },
};
