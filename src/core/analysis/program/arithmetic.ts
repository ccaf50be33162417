import { asPiece, percent } from './fold-text.ts';
import type { Sequence, Text, Value } from './value.ts';
import { choice, number, optionsOf, ref, sequence, tainted, taintOf, text, unknown } from './value.ts';

/** What folding would build if it were let: bytes that the program itself would need. */
export interface Sized {
  readonly value: Value;
  readonly bytes: number;
}

const MAXIMUM_TEXT = 64 * 1024;
const MAXIMUM_ITEMS = 512;
const MAXIMUM_PAIRS = 400;

const NUMERIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
  '<<': (a, b) => a * 2 ** b,
  '>>': (a, b) => Math.floor(a / 2 ** b),
  '>>>': (a, b) => a >>> b,
  '|': (a, b) => Number(BigInt(a) | BigInt(b)),
  '&': (a, b) => Number(BigInt(a) & BigInt(b)),
  '^': (a, b) => Number(BigInt(a) ^ BigInt(b)),
};
const BITWISE = new Set(['|', '&', '^']);

function numeric(operator: string, a: number, b: number): Sized {
  const compute = NUMERIC[operator];
  if (!compute || (BITWISE.has(operator) && !(Number.isSafeInteger(a) && Number.isSafeInteger(b))))
    return { value: unknown(), bytes: 0 };
  const bits = operator === '**' && b > 0 ? b * Math.log2(Math.abs(a) || 1) : operator === '<<' ? b : 0;
  return { value: number(compute(a, b)), bytes: bits / 8 };
}

function repeated(what: Text | Sequence, times: number): Sized {
  const count = Math.max(0, Math.trunc(times));
  const length = what.kind === 'text' ? what.text.length : what.items.length;
  const bytes = length * count * (what.kind === 'text' ? 1 : 8);
  const limit = what.kind === 'text' ? MAXIMUM_TEXT : MAXIMUM_ITEMS;
  if (length * count > limit)
    return { value: what.kind === 'text' ? unknown(what.taint) : { ...what, open: true }, bytes };
  if (what.kind === 'text') return { value: text(what.text.repeat(count), what.taint, what.bytes), bytes };
  return { value: sequence(Array.from({ length: count }, () => what.items).flat(), what.open), bytes };
}

function added(left: Value, right: Value): Value | undefined {
  if (left.kind === 'sequence' && right.kind === 'sequence') {
    return sequence([...left.items, ...right.items].slice(0, MAXIMUM_ITEMS + 1), left.open || right.open);
  }
  if (left.kind !== 'text' && right.kind !== 'text') return undefined;
  const joined = asPiece(left) + asPiece(right);
  const bytes = left.kind === 'text' ? left.bytes : right.kind === 'text' && right.bytes;
  return joined.length > MAXIMUM_TEXT ? undefined : text(joined, 0, bytes);
}

/** pathlib's "/". */
function pathJoined(left: Value, right: Value): Value | undefined {
  if (left.kind !== 'ref' || left.text === undefined) return undefined;
  const tail = asPiece(right);
  return ref(left.name, { text: tail.startsWith('/') ? tail : `${left.text.replace(/\/$/, '')}/${tail}` });
}

function pair(operator: string, left: Value, right: Value): Sized {
  if (left.kind === 'number' && right.kind === 'number') return numeric(operator, left.value, right.value);
  if (operator === '*') {
    const [what, times] = left.kind === 'number' ? [right, left] : [left, right];
    if (times.kind === 'number' && (what.kind === 'text' || what.kind === 'sequence'))
      return repeated(what, times.value);
  }
  if (operator === '+') return { value: added(left, right) ?? unknown(), bytes: 0 };
  if (operator === '%' && left.kind === 'text') return { value: percent(left.text, right), bytes: 0 };
  if (operator === '/') return { value: pathJoined(left, right) ?? unknown(), bytes: 0 };
  return { value: unknown(), bytes: 0 };
}

/** A binary operation of constants, for every combination of what the operands may be. */
export function binary(operator: string, left: Value, right: Value): Sized {
  const taint = left.taint | right.taint;
  if (left.kind !== 'choice' && right.kind !== 'choice') {
    const { value, bytes } = pair(operator, left, right);
    return { value: tainted(value, taint), bytes };
  }
  const lefts = optionsOf(left);
  const rights = optionsOf(right);
  const results =
    lefts.length * rights.length > MAXIMUM_PAIRS
      ? []
      : lefts.flatMap((a) => rights.map((b) => pair(operator, a, b)));
  if (results.length === 0) return { value: unknown(taint), bytes: 0 };
  const value = choice(results.map((result) => result.value));
  const bytes = Math.max(...results.map((result) => result.bytes));
  return { value: tainted(value, taint), bytes };
}

const COMPARE: Readonly<Record<string, (a: number | string, b: number | string) => boolean>> = {
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '===': (a, b) => a === b,
  is: (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '!==': (a, b) => a !== b,
  'is not': (a, b) => a !== b,
};

/** Whether a comparison of constants holds; undefined when that is not known. */
export function compared(operator: string, left: Value, right: Value): boolean | undefined {
  const known = (value: Value): number | string | undefined =>
    value.kind === 'number'
      ? value.value
      : value.kind === 'text'
        ? value.text
        : value.kind === 'truth'
          ? Number(value.value === true)
          : undefined;
  const [a, b] = [known(left), known(right)];
  if (a === undefined || b === undefined || taintOf([left, right]) !== 0) return undefined;
  if (left.kind === 'truth' && left.value === undefined) return undefined;
  return COMPARE[operator]?.(a, b);
}
