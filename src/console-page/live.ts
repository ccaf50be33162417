import type { Change } from '../console/contract.ts';
import { call, failureOf, isPassing, queryOf } from './server-calls.ts';

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

const isData = (event: string): boolean => event.startsWith('data: ');

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
      yield* events.filter(isData).map((event) => JSON.parse(event.slice(6)) as Change);
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

/** Where a following is, and for how long it pauses before it begins anew. */
interface Place {
  resourceVersion: string;
  wait: number;
}

type Tell = (change: Happened) => void;

/** One stream, to its end; answers whether another may go on where this one ended. */
async function followOnce(
  followed: Followed,
  place: Place,
  onChange: Tell,
  signal: AbortSignal,
): Promise<boolean> {
  const { namespace, name } = followed;
  const query = queryOf({ namespace, name, resourceVersion: place.resourceVersion });
  const { body } = await call(`/api/events?${query}`, { signal });
  if (!body) return false;
  for await (const change of changesOf(body)) {
    if (signal.aborted || change.kind === 'lost') return false;
    place.resourceVersion = change.resourceVersion;
    place.wait = FIRST_PAUSE;
    if (change.kind !== 'place') onChange(change);
  }
  return true;
}

/**
 * Follows until the signal, beginning anew where it was whenever the stream ends. Answers early when the place is lost or the caller
 * may not follow any more: then all must be read anew.
 */
export async function follow(followed: Followed, onChange: Tell, signal: AbortSignal): Promise<void> {
  const place: Place = { resourceVersion: followed.resourceVersion, wait: FIRST_PAUSE };
  while (!signal.aborted) {
    try {
      if (!(await followOnce(followed, place, onChange, signal))) return;
    } catch (error) {
      // A busy server is asked again; one that refuses is not.
      if (signal.aborted || !isPassing(failureOf(error))) return;
      place.wait = Math.min(place.wait * 2, LONGEST_PAUSE);
    }
    await pause(place.wait, signal);
  }
}
