import type { Value } from './value.ts';

const MAXIMUM_PART = 120;
/** A list may hold itself again and again: without an end to it, its description doubles with each level. */
const MAXIMUM_DEPTH = 3;

function partOf(value: Value, depth = 0): string | undefined {
  const within = (parts: readonly Value[], most: number): string =>
    depth >= MAXIMUM_DEPTH
      ? ''
      : parts
          .slice(0, most)
          .map((part) => partOf(part, depth + 1) ?? '')
          .join();
  switch (value.kind) {
    case 'text':
      return `t${value.text.length}:${value.text.slice(0, MAXIMUM_PART)}`;
    case 'ref':
      return `r${value.name}:${value.text?.slice(0, MAXIMUM_PART) ?? ''}`;
    case 'closure':
      return `c${value.id}`;
    case 'sequence':
      return `s${value.items.length}:${within(value.items, 8)}`;
    case 'choice':
      return `o${within(value.options, 16)}`;
    case 'record':
    case 'method':
    case 'bound':
      return value.kind;
    default:
      return undefined;
  }
}

/** What is told by the arguments of a call; undefined when they tell nothing that matters. */
export function signatureOf(
  args: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): string | undefined {
  const parts = args.map((value) => partOf(value));
  for (const [name, value] of keywords) {
    const part = partOf(value);
    if (part !== undefined) parts.push(`${name}=${part}`);
  }
  return parts.every((part) => part === undefined) ? undefined : parts.map((part) => part ?? '').join('|');
}
