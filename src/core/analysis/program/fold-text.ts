import { decodeBy, fromHex, isDisguise } from './decode.ts';
import type { Value } from './value.ts';
import { HOLE, number, sequence, TAINT, text, truth, wholeTextOf } from './value.ts';

/** A method of a constant text, in Python or JavaScript. */
type TextMethod = (content: string, args: readonly Value[], bytes: boolean) => Value | undefined;

const MAXIMUM_FOLDED = 64 * 1024;

const numberAt = (args: readonly Value[], index: number): number | undefined => {
  const value = args[index];
  return value?.kind === 'number' && Number.isFinite(value.value) ? Math.trunc(value.value) : undefined;
};
const textAt = (args: readonly Value[], index: number): string | undefined => wholeTextOf(args[index]);

/** A text for a value in a longer text: a HOLE for what is not known. */
export function asPiece(value: Value): string {
  if (value.kind === 'text') return value.text;
  if (value.kind === 'number') return String(value.value);
  if (value.kind === 'ref' && value.text !== undefined) return value.text;
  return HOLE;
}

export function join(separator: string, items: Value | undefined): Value | undefined {
  if (items?.kind === 'text') return text([...items.text].join(separator), items.taint);
  if (items?.kind !== 'sequence') return undefined;
  const joined = items.items.map(asPiece).join(separator) + (items.open ? HOLE : '');
  return joined.length > MAXIMUM_FOLDED ? undefined : text(joined, items.taint);
}

/** Python's str.format: {} {0} {name}, attributes and format specifications left as holes. */
export function format(
  template: string,
  args: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): Value {
  let next = 0;
  let taint = 0;
  const filled = template.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (whole, inner: string | undefined) => {
    if (inner === undefined) return whole[0] ?? '';
    const field = inner.split(/[!:]/)[0] ?? '';
    const value =
      field === '' ? args[next++] : /^\d+$/.test(field) ? args[Number(field)] : keywords.get(field);
    taint |= value?.taint ?? 0;
    return value ? asPiece(value) : HOLE;
  });
  return text(filled.slice(0, MAXIMUM_FOLDED), taint);
}

/** Python's "%" on a text. */
export function percent(template: string, operand: Value): Value {
  const args = operand.kind === 'sequence' ? operand.items : [operand];
  let next = 0;
  const filled = template.replace(
    /%(?:\((\w+)\))?[-+ #]*\d*(?:\.\d+)?([sdrxofcig%])/g,
    (_whole, name: string | undefined, kind: string) => {
      if (kind === '%') return '%';
      const value =
        name !== undefined && operand.kind === 'record' ? operand.members.get(name) : args[next++];
      if (!value) return HOLE;
      return kind === 'c' && value.kind === 'number' ? String.fromCharCode(value.value) : asPiece(value);
    },
  );
  return text(filled.slice(0, MAXIMUM_FOLDED), operand.taint);
}

function replaced(content: string, args: readonly Value[], all: boolean): Value | undefined {
  const [from, to] = [textAt(args, 0), textAt(args, 1)];
  if (from === undefined || to === undefined) return undefined;
  const result = all ? content.replaceAll(from, () => to) : content.replace(from, () => to);
  return result.length > MAXIMUM_FOLDED ? undefined : text(result);
}

function decoded(content: string, codec: string): Value | undefined {
  const result = decodeBy(codec, content);
  return result === undefined ? text(content) : text(result, isDisguise(codec) ? TAINT.Decoded : 0);
}

const split: TextMethod = (content, args) => {
  const separator = textAt(args, 0);
  const pieces = separator === undefined ? content.trim().split(/\s+/) : content.split(separator);
  return sequence(pieces.slice(0, 600).map((piece) => text(piece)));
};
const sliced: TextMethod = (content, args) => {
  const [start, end] = [numberAt(args, 0), numberAt(args, 1)];
  return start === undefined || (args.length > 1 && end === undefined)
    ? undefined
    : text(content.slice(start, end));
};
const lower: TextMethod = (content) => text(content.toLowerCase());
const upper: TextMethod = (content) => text(content.toUpperCase());
const trim: TextMethod = (content, args) => {
  const set = textAt(args, 0);
  if (set === undefined) return text(content.trim());
  const characters = [...content];
  while (characters.length > 0 && set.includes(characters[0] ?? '')) characters.shift();
  while (characters.length > 0 && set.includes(characters.at(-1) ?? '')) characters.pop();
  return text(characters.join(''));
};
const codeAt: TextMethod = (content, args) => number(content.charCodeAt(numberAt(args, 0) ?? 0));
const charAt: TextMethod = (content, args) => text(content.charAt(numberAt(args, 0) ?? 0));

const METHODS: ReadonlyMap<string, TextMethod> = new Map<string, TextMethod>([
  ['lower', lower],
  ['casefold', lower],
  ['toLowerCase', lower],
  ['upper', upper],
  ['toUpperCase', upper],
  ['strip', trim],
  ['trim', trim],
  ['split', split],
  ['slice', sliced],
  ['substring', sliced],
  ['charCodeAt', codeAt],
  ['codePointAt', codeAt],
  ['charAt', charAt],
  ['at', charAt],
  [
    'swapcase',
    (content) => text(content.replace(/[a-z]|[A-Z]/g, (c) => (c < 'a' ? c.toLowerCase() : c.toUpperCase()))),
  ],
  ['capitalize', (content) => text(content.slice(0, 1).toUpperCase() + content.slice(1).toLowerCase())],
  ['replace', (content, args, bytes) => replaced(content, args, bytes || args.length === 2)],
  ['replaceAll', (content, args) => replaced(content, args, true)],
  [
    'removeprefix',
    (content, args) =>
      text(content.startsWith(textAt(args, 0) ?? '\0') ? content.slice(textAt(args, 0)?.length) : content),
  ],
  [
    'removesuffix',
    (content, args) =>
      text(
        content.endsWith(textAt(args, 0) ?? '\0')
          ? content.slice(0, -(textAt(args, 0)?.length ?? 0))
          : content,
      ),
  ],
  ['concat', (content, args) => text(content + args.map(asPiece).join(''))],
  ['join', (content, args) => join(content, args[0])],
  [
    'encode',
    (content, args) =>
      textAt(args, 0) === undefined ? text(content, 0, true) : decoded(content, textAt(args, 0) ?? ''),
  ],
  ['decode', (content, args) => decoded(content, textAt(args, 0) ?? 'utf-8')],
  ['toString', (content, args) => decoded(content, textAt(args, 0) ?? 'utf-8')],
  ['fromhex', (_content, args) => decodedHex(textAt(args, 0))],
  [
    'startswith',
    (content, args) =>
      textAt(args, 0) === undefined ? undefined : truth(content.startsWith(textAt(args, 0) ?? '')),
  ],
]);

function decodedHex(digits: string | undefined): Value | undefined {
  const bytes = digits === undefined ? undefined : fromHex(digits);
  return bytes === undefined ? undefined : text(bytes, TAINT.Decoded, true);
}

/** What a method of a constant text gives; undefined when that is not known. */
export function callTextMethod(
  name: string,
  receiver: Extract<Value, { kind: 'text' }>,
  args: readonly Value[],
): Value | undefined {
  if (name !== 'join' && name !== 'concat' && receiver.text.includes(HOLE)) return undefined;
  return METHODS.get(name)?.(receiver.text, args, receiver.bytes);
}
