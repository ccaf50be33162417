import { createHmac } from 'node:crypto';

/** The shortest key, in bytes: a hash's worth of chance. */
export const LEAST_KEY_BYTES = 32;

/** Who signs and when, over the timestamp (Unix seconds), a dot and the body: neither can be changed or used anew later. */
export const signatureOf = (key: Buffer, timestamp: string, body: string): string =>
  `v1=${createHmac('sha256', key).update(`${timestamp}.${body}`, 'utf8').digest('hex')}`;
