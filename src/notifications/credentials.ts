import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials } from './sender.ts';

/** Far more than a key or a bundle of authorities needs. */
const MAX_BYTES = 256 * 1024;

async function contentOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0);
    if (bytesRead > MAX_BYTES) throw new Error(`${path} has more than ${MAX_BYTES} bytes`);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Reads what the kubelet mounted out of a Secret: `key`, and `ca.crt` where the receiver's authority is none of the usual ones. */
export async function credentialsIn(directory: string): Promise<Credentials> {
  const text = (await contentOf(join(directory, 'key'))).toString('utf8');
  try {
    const ca = (await contentOf(join(directory, 'ca.crt'))).toString('utf8');
    return { key: keyOf(text), ca };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { key: keyOf(text), ca: undefined };
  }
}

/** The bytes of the text, without the line feed that an editor leaves at its end. */
const keyOf = (text: string): Buffer => Buffer.from(text.replace(/\r?\n$/, ''), 'utf8');
