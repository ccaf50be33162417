import type { ServerResponse } from 'node:http';
import type { KubeClient } from '../kube/client.ts';
import { CODE_EXECUTION_REQUESTS } from '../kube/resources.ts';
import type { Change } from './contract.ts';
import { Refusal } from './refusal.ts';
import { rowOf, WAITING } from './requests.ts';

/** What is followed: one request, or all that wait in a namespace or everywhere. */
export interface Followed {
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly resourceVersion: string;
}

/** A watch is begun anew by the page after so long, so that a right that was taken away ends it. */
const WATCH_SECONDS = 50;
const HEARTBEAT_MILLISECONDS = 15_000;
/** What a reader that does not read may leave in our memory. */
const MOST_UNREAD_BYTES = 256 * 1024;
const MOST_STREAMS = 256;
const MOST_OF_ONE_CALLER = 8;

/** Counts open streams, so that nobody takes them all. */
export class StreamCount {
  readonly #byCaller = new Map<string, number>();
  #all = 0;

  /** Takes a place; answers what gives it back. */
  enter(key: string): () => void {
    const own = this.#byCaller.get(key) ?? 0;
    if (this.#all >= MOST_STREAMS || own >= MOST_OF_ONE_CALLER)
      throw new Refusal(429, 'TooMany', 'Too many pages are open.');
    this.#all += 1;
    this.#byCaller.set(key, own + 1);
    return () => {
      this.#all -= 1;
      const left = (this.#byCaller.get(key) ?? 1) - 1;
      if (left > 0) this.#byCaller.set(key, left);
      else this.#byCaller.delete(key);
    };
  }
}

function changeOf(type: string, object: object): Change | undefined {
  const { metadata } = object as { metadata?: { resourceVersion?: string } };
  const resourceVersion = metadata?.resourceVersion ?? '';
  if (type === 'BOOKMARK') return { kind: 'place', resourceVersion };
  const row = rowOf(object);
  return row && { kind: type === 'DELETED' ? 'gone' : 'row', row, resourceVersion };
}

const selectorOf = (name: string | undefined): string =>
  name === undefined ? WAITING : `metadata.name=${name}`;

/** Server-sent events out of a watch that is done with the caller's token. Throws what the API server said instead of a watch. */
export async function follow(
  client: KubeClient,
  { namespace, name, resourceVersion }: Followed,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  const end = () => gone.abort();
  response.once('close', end);
  const write = (text: string) => {
    if (response.writableLength > MOST_UNREAD_BYTES) end();
    else response.write(text);
  };
  const tell = (change: Change) => write(`data: ${JSON.stringify(change)}\n\n`);
  const place = { allowWatchBookmarks: true, timeoutSeconds: WATCH_SECONDS };
  const onOpen = () => {
    // Proxies must pass on each event as it comes.
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    write(':\n\n');
  };
  const query = { namespace, fieldSelector: selectorOf(name), resourceVersion, ...place, onOpen };
  const beat = setInterval(() => response.headersSent && write(':\n\n'), HEARTBEAT_MILLISECONDS);
  try {
    await client.watch<object>(
      CODE_EXECUTION_REQUESTS,
      query,
      ({ type, object }) => {
        const change = changeOf(type, object);
        if (change) tell(change);
      },
      gone.signal,
    );
  } catch (error) {
    if (!response.headersSent) throw error;
    // Once it is open there is no other answer: the page reads all anew, and is told then what is wrong.
    if (!gone.signal.aborted) tell({ kind: 'lost' });
  } finally {
    clearInterval(beat);
    response.off('close', end);
    if (response.headersSent) response.end();
  }
}
