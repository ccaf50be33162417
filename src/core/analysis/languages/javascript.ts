import { parse } from '@babel/parser';
import type { ParserPlugin, ParseResult } from '@babel/parser';
import type { Document } from '../document.ts';
import { ScriptReader } from '../javascript/reader.ts';
import { mayMixScripts, takenFor } from '../mixed-scripts.ts';
import type { Disguised, Recorded } from '../program/program.ts';
import { Recorder } from '../program/recorder.ts';
import type { Language, Reading } from './language.ts';
import { Unreadable } from './language.ts';

const COMMON: readonly ParserPlugin[] = ['explicitResourceManagement', 'importAttributes', 'decorators'];

/** The tokens that are names. */
const NAMES = new Set(['name', 'privateName', 'jsxName']);

/** Tries dialects in turn; what the first of them says counts when all fail. */
function parseScript(document: Document, dialects: readonly (readonly ParserPlugin[])[]): ParseResult {
  let failure: unknown;
  for (const plugins of dialects) {
    try {
      return parse(document.text, {
        sourceType: 'unambiguous',
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
        allowUndeclaredExports: true,
        attachComment: false,
        tokens: mayMixScripts(document.text),
        plugins: [...COMMON, ...plugins],
      });
    } catch (error) {
      if (error instanceof RangeError) throw error;
      failure ??= error;
    }
  }
  throw unreadable(failure, document);
}

function placeOf(error: unknown): { line: number; column: number } {
  const place: unknown = error instanceof Error ? Reflect.get(error, 'loc') : undefined;
  const field = (name: string): number =>
    Number(typeof place === 'object' && place !== null ? Reflect.get(place, name) : 1);
  return { line: field('line'), column: field('column') };
}

function unreadable(error: unknown, document: Document): Unreadable {
  const place = placeOf(error);
  const line = Math.min(Math.max(place.line, 1), document.lines.length);
  const column = place.column + 1;
  return new Unreadable(
    { line, column, endLine: line, endColumn: column + 1 },
    {
      en: `The program does not parse (line ${line}, column ${column}).`,
      ja: `プログラムを構文解析できません(${line} 行 ${column} 桁)。`,
    },
  );
}

/** Tokens are kept only where there may be such names. */
function* misleadingNames(script: ParseResult, document: Document): Generator<Disguised> {
  for (const { type, value, start, end } of script.tokens ?? []) {
    const meant = takenFor(String(value));
    if (meant !== undefined && NAMES.has(type.label))
      yield { written: value, meant, span: document.spanAt(start, end) };
  }
}

/** Reads a script in the first of the dialects in which it parses. */
export function readScript(
  document: Document,
  reading: Reading,
  dialects: readonly (readonly ParserPlugin[])[],
): Recorded {
  const recorder = new Recorder(reading.budget);
  const script = parseScript(document, dialects);
  new ScriptReader(recorder).read(script.program);
  recorder.disguised.push(...misleadingNames(script, document));
  return recorder.program('JavaScript', document, reading);
}

export const javascript: Language = {
  name: 'JavaScript',
  family: 'JavaScript',
  extensions: ['js', 'mjs', 'cjs', 'jsx'],
  interpreters: ['node', 'nodejs', 'deno', 'bun'],
  read(document, reading) {
    return readScript(document, reading, [['jsx']]);
  },
};
