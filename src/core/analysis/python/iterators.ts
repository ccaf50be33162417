import type { Value } from '../program/value.ts';
import { truthOf, UNKNOWN } from '../program/value.ts';

/** Whether these are iterators that never end. */
export function isEndlessIterator(source: Value): boolean {
  if (source.kind !== 'ref') return false;
  const made = source.made ?? [];
  if (source.name === 'iter()')
    return (
      made.length === 2 &&
      made[0]?.kind === 'ref' &&
      /^(?:int|float|str|list|dict|tuple|bool)$/.test(made[0].name) &&
      truthOf(made[1] ?? UNKNOWN) === true
    );
  if (source.name === 'itertools.repeat()') return made.length === 1;
  if (source.name === 'zip()') return made.length > 0 && made.every(isEndlessIterator);
  if (source.name === 'itertools.chain()') return made.some(isEndlessIterator);
  if (source.name === 'enumerate()') return made.slice(0, 1).some(isEndlessIterator);
  return source.name === 'itertools.count()' || source.name === 'itertools.cycle()';
}

/** How often a `for` runs, when it goes through a range or a list of constants. */
export function iterationsOf(source: Value): number | undefined {
  if (source.kind === 'sequence') return source.open ? undefined : source.items.length;
  if (source.kind !== 'ref' || source.name !== 'range()') return undefined;
  const [first, second] = source.made ?? [];
  if (first?.kind !== 'number') return undefined;
  return second === undefined
    ? first.value
    : second.kind === 'number'
      ? second.value - first.value
      : undefined;
}
