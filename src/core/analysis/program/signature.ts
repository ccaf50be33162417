import type { Value } from './value.ts';

const MAXIMUM_PART = 120;

function partOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'text':
      return `t${value.text.length}:${value.text.slice(0, MAXIMUM_PART)}`;
    case 'ref':
      return `r${value.name}:${value.text?.slice(0, MAXIMUM_PART) ?? ''}`;
    case 'closure':
      return `c${value.id}`;
    case 'sequence':
      return `s${value.items.length}:${value.items
        .slice(0, 8)
        .map((item) => partOf(item) ?? '')
        .join()}`;
    case 'choice':
      return `o${value.options
        .slice(0, 16)
        .map((option) => partOf(option) ?? '')
        .join()}`;
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
  const parts = args.map(partOf);
  for (const [name, value] of keywords) {
    const part = partOf(value);
    if (part !== undefined) parts.push(`${name}=${part}`);
  }
  return parts.every((part) => part === undefined) ? undefined : parts.map((part) => part ?? '').join('|');
}
