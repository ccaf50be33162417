import type { Json, JsonObject } from '../json/strict-json.ts';

/** What stands in a place that is always blanked. */
export const BLANK = '[redacted]';

const steps = (pointer: string): readonly string[] =>
  pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

interface Blanked {
  readonly value: Json;
  readonly count: number;
}

function eachOf(value: Json, step: string, blank: (inner: Json) => Json): Json {
  if (Array.isArray(value))
    return value.map((item: Json, index) => (step === '*' || step === String(index) ? blank(item) : item));
  if (value === null || typeof value !== 'object') return value;
  const members: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value as JsonObject))
    members[key] = step === '*' || step === key ? blank(inner) : inner;
  return members;
}

/** Blanks each place of a value that a JSON Pointer leads to; `*` stands for every member. Places that are not there are no fault. */
export function blankPlaces(value: Json, pointers: readonly string[]): Blanked {
  let count = 0;
  const along = (inner: Json, [step, ...rest]: readonly string[]): Json => {
    if (step === undefined) {
      count += 1;
      return BLANK;
    }
    return eachOf(inner, step, (member) => along(member, rest));
  };
  return { value: pointers.reduce((now: Json, pointer) => along(now, steps(pointer)), value), count };
}
