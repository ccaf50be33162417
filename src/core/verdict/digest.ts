import { createHash } from 'node:crypto';

/** JSON with the keys of every object sorted, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Lower-case hexadecimal sha256 of UTF-8 text. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** `sha256:` and the digest of a value's canonical JSON. */
export const digestOf = (value: unknown): string => `sha256:${sha256(canonicalJson(value))}`;
