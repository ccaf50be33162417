import type { IncomingMessage } from 'node:http';
import { within } from '../deadline.ts';

export type BodyRead =
  | { readonly kind: 'Read'; readonly bytes: Buffer }
  | { readonly kind: 'TooLarge' }
  | { readonly kind: 'TooSlow' }
  | { readonly kind: 'Broken' };

export interface BodyBounds {
  readonly maxBytes: number;
  /** Until the whole body must be there. */
  readonly milliseconds: number;
  /** As the head says; undefined where it does not. */
  readonly length: number | undefined;
}

class TooSlow extends Error {}

async function collected(request: IncomingMessage, maxBytes: number): Promise<BodyRead> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // destroyOnReturn would take the socket along, and with it the answer.
  const parts = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of parts) {
    bytes += chunk.length;
    if (bytes > maxBytes) return { kind: 'TooLarge' };
    chunks.push(chunk);
  }
  return { kind: 'Read', bytes: Buffer.concat(chunks, bytes) };
}

/** The body, unless it is larger, or slower to come, than it may be. What was not read to its end must be hung up. */
export async function readBody(
  request: IncomingMessage,
  { maxBytes, milliseconds, length }: BodyBounds,
): Promise<BodyRead> {
  if (length !== undefined && length > maxBytes) return { kind: 'TooLarge' };
  const body = collected(request, maxBytes);
  body.catch(() => undefined);
  try {
    return await within(body, milliseconds, () => new TooSlow());
  } catch (error) {
    return { kind: error instanceof TooSlow ? 'TooSlow' : 'Broken' };
  }
}
