import { z } from 'zod';
import { codeExecutionRequest, MAX_INPUT_BYTES } from '../api/v1alpha1/code-execution-request.ts';
import { languageCalled } from '../core/analysis/languages/index.ts';
import { fieldSentences } from '../judging/field-sentences.ts';
import { isFields } from '../judging/fields.ts';
import type { Fields } from '../judging/fields.ts';
import type { Input, Name } from './input.ts';
import { decoded } from './reading.ts';
import { localeOf, wordsOf } from './settings.ts';
import type { Settings } from './settings.ts';
import { programFrom } from './sources.ts';

/** Longest line: the largest input of a request, each of its characters written as a JSON escape. */
export const MAX_LINE_BYTES = 6 * MAX_INPUT_BYTES + 65_536;

const FIELDS = codeExecutionRequest.spec.pick({ language: true, code: true, files: true });
const KNOWN: readonly string[] = Object.keys(FIELDS.shape);
const ID = z.union([z.string(), z.number()]);

const NEWLINE = 0x0a;

/** A line of bytes; undefined when it was longer than any line may be. */
export type Line = Uint8Array | undefined;

/** Splits chunks at line feeds; never holds more than the longest line and one chunk. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  most = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  const hold = (piece: Uint8Array): void => {
    bytes += piece.length;
    if (bytes <= most) held.push(piece);
    else held = [];
  };
  const take = (): Line => {
    const line = bytes > most ? undefined : Buffer.concat(held);
    held = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      hold(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    hold(chunk.subarray(start));
  }
  if (bytes > 0) yield take();
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a field that means nothing here may be files under a wrong name. A label, a text or a number, is passed over. */
const mayHoldCode = (field: string, content: unknown): boolean =>
  !KNOWN.includes(field) && typeof content === 'object' && content !== null;

/** What a program is made from; sets of labelled programs write languages as they like, and have more fields. */
function fieldsOf(value: Fields): Fields {
  const fields = Object.fromEntries(Object.entries(value).filter(([field]) => KNOWN.includes(field)));
  const { language } = fields;
  if (typeof language !== 'string') return fields;
  return { ...fields, language: languageCalled(language) ?? language };
}

/** What is wrong with the fields of a line, as the cluster would say it of a request. */
function objections(fields: Fields, settings: Settings): string {
  const spec = { ...fields, role: 'none', locale: localeOf(settings) };
  return fieldSentences(spec)
    .map(({ path, message }) => message.replace(path, path.replace(/^spec\./, '')))
    .join(' ');
}

function inputOf(line: Line, number: number, settings: Settings): Input {
  const words = wordsOf(settings);
  const failed = (name: Name, message: string): Input => ({ kind: 'failure', name, line: number, message });
  if (line === undefined) return failed({}, words.longLine(MAX_LINE_BYTES));
  const text = decoded(line);
  if (text === undefined) return failed({}, words.problem.encoding(0));
  const value = parsedJson(text);
  if (!isFields(value)) return failed({}, words.notJson);
  const id = ID.safeParse(value['id']);
  if (!id.success) return failed({}, words.wrongLine('id'));
  const name = { id: id.data };
  const unknown = Object.keys(value).find((field) => field !== 'id' && mayHoldCode(field, value[field]));
  if (unknown !== undefined) return failed(name, words.unknownField(unknown, ['id', ...KNOWN].join(', ')));
  const fields = fieldsOf(value);
  const parsed = FIELDS.safeParse(fields);
  if (!parsed.success) return failed(name, objections(fields, settings));
  const { language, code, files } = parsed.data;
  const input = programFrom({ name, language, code, ...(files ? { files } : {}) }, settings);
  return input.kind === 'failure' ? { ...input, line: number } : input;
}

/** Programs from lines of JSON, one a line, as they come; empty lines are passed over. */
export async function* inputsOfLines(
  stdin: AsyncIterable<Uint8Array>,
  settings: Settings,
): AsyncGenerator<Input> {
  let number = 0;
  for await (const line of linesOf(stdin)) {
    number += 1;
    if (line?.length === 0) continue;
    yield inputOf(line, number, settings);
  }
}
