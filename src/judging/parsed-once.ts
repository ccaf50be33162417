import type { Parsed } from '../api/parse.ts';

/** The same object is asked for again and again; it is parsed once. */
export function parsedOnce<T>(parse: (value: unknown) => Parsed<T>): (object: object) => T {
  const known = new WeakMap<object, T>();
  return (object) => {
    const found = known.get(object);
    if (found !== undefined) return found;
    const parsed = parse(object);
    // The API server has checked it against the same schema: this is an object of another version of Sekisho.
    if (!parsed.ok)
      throw new Error(parsed.errors.map(({ path, message }) => `${path}: ${message}`).join('; '));
    known.set(object, parsed.value);
    return parsed.value;
  };
}
