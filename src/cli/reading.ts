import { open } from 'node:fs/promises';

/** What may be wrong with a file. */
export type Problem = 'missing' | 'forbidden' | 'unreadable' | 'large' | 'encoding' | 'empty';

export type Text =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: Problem };

const PROBLEM_OF_CODE: Readonly<Record<string, Problem>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
};

/** The `code` of an error of Node, such as ENOENT. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null ? String(Reflect.get(error, 'code')) : '';

export const problemOf = (error: unknown): Problem => PROBLEM_OF_CODE[codeOf(error)] ?? 'unreadable';

/** Bytes as text, when they are UTF-8; a byte-order mark is no part of it. */
export function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Chunks as one text; never holds more than `limit` bytes and one chunk. */
export async function textOfChunks(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Text> {
  const held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    bytes += chunk.length;
    if (bytes > limit) return { ok: false, problem: 'large' };
  }
  const text = decoded(Buffer.concat(held));
  return text === undefined ? { ok: false, problem: 'encoding' } : { ok: true, text };
}

/** A file as text, whatever it is: a device that never ends is only too large. */
export async function readText(path: string, limit: number): Promise<Text> {
  try {
    const file = await open(path, 'r');
    return await textOfChunks(file.createReadStream({ highWaterMark: 65_536 }), limit);
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}
