import type { Change } from '../console/contract.ts';
import { call, CallError, queryOf } from './server-calls.ts';

/** What is followed: one request, or all that wait. */
export interface Followed {
  readonly namespace: string;
  readonly name: string;
  /** Where the watch begins. */
  readonly resourceVersion: string;
}

/** Something happened to a request. */
export type Happened = Extract<Change, { kind: 'row' | 'gone' }>;

/** The server sends a heartbeat every 15 s. */
const SILENCE_MILLISECONDS = 40_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });

/** The events of one stream, to its end. */
async function* changesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Change> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await withinTime(reader.read());
      if (done) return;
      const events = (rest + value).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) if (event.startsWith('data: ')) yield JSON.parse(event.slice(6)) as Change;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** Something that only looks alive is given up. */
async function withinTime<T>(reading: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_done, fail) => {
    timer = setTimeout(() => fail(new Error('silence')), SILENCE_MILLISECONDS);
  });
  try {
    return await Promise.race([reading, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Follows until the signal, beginning anew where it was whenever the stream ends. Answers early when the place is lost or the caller
 * may not follow any more: then all must be read anew.
 */
export async function follow(
  followed: Followed,
  onChange: (change: Happened) => void,
  signal: AbortSignal,
): Promise<void> {
  let { resourceVersion } = followed;
  let wait = FIRST_PAUSE;
  while (!signal.aborted) {
    const query = queryOf({ namespace: followed.namespace, name: followed.name, resourceVersion });
    try {
      const { body } = await call(`/api/events?${query}`, { signal });
      if (!body) return;
      for await (const change of changesOf(body)) {
        if (signal.aborted || change.kind === 'lost') return;
        ({ resourceVersion } = change);
        wait = FIRST_PAUSE;
        if (change.kind !== 'place') onChange(change);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CallError && !['Unreachable', 'TooMany'].includes(error.kind)) return;
      wait = Math.min(wait * 2, LONGEST_PAUSE);
    }
    await pause(wait, signal);
  }
}
