import type { Value } from '../program/value.ts';
import { HOLE, number, text } from '../program/value.ts';

const MAXIMUM_ITEMS = 400;

/** The numbers of range(…), when its bounds are known and near. */
function numbersOf(bounds: readonly Value[], most: number): readonly Value[] | undefined {
  const [first, second, third] = bounds.map((bound) => (bound.kind === 'number' ? bound.value : NaN));
  const [start, end, step] = bounds.length === 1 ? [0, first, 1] : [first, second, third ?? 1];
  if (start === undefined || end === undefined || !Number.isInteger(step) || step === 0) return undefined;
  const count = Math.ceil((end - start) / step);
  if (Number.isNaN(count) || count > most) return undefined;
  return Array.from({ length: Math.max(0, count) }, (_whole, index) => number(start + index * step));
}

/** What iterating over the value gives, when that is known one by one. */
export function knownItems(value: Value | undefined, most = MAXIMUM_ITEMS): readonly Value[] | undefined {
  if (value?.kind === 'text')
    return value.text.length > most || value.text.includes(HOLE)
      ? undefined
      : [...value.text].map((unit) =>
          value.bytes ? number(unit.charCodeAt(0), value.taint) : text(unit, value.taint),
        );
  if (value?.kind === 'ref' && value.name === 'range()') return numbersOf(value.made ?? [], most);
  return value?.kind === 'sequence' && !value.open && value.items.length <= most ? value.items : undefined;
}
