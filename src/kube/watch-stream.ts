import { KubeError, errorFromStatus, type KubeStatus } from './errors.ts';

/** One line of a watch. BOOKMARK carries nothing but the resourceVersion reached. */
export interface WatchEvent<T = object> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

/** An object is bounded by etcd's 1.5 MiB of request; JSON may lengthen that, hardly to this. */
const LINE_LIMIT = 32 * 1024 * 1024;
const NEWLINE = 0x0a;

function parseLine(line: string, what: string): WatchEvent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw new KubeError('Retry', `${what}: a line that is not JSON`, { reason: 'BrokenWatch', cause });
  }
  const { type, object } = parsed as { type?: unknown; object?: unknown };
  if (typeof object !== 'object' || object === null)
    throw new KubeError('Retry', `${what}: a line without an object`, { reason: 'BrokenWatch' });
  if (type === 'ERROR') throw errorFromStatus(object as KubeStatus, what);
  return { type: type as WatchEvent['type'], object };
}

/** Cuts the chunks of a watch into events. An ERROR event and a broken line are thrown as a {@link KubeError}. */
export function watchParser(what: string, onEvent: (event: WatchEvent) => void): (chunk: Buffer) => void {
  let rest: Buffer[] = [];
  let restBytes = 0;
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      // Joined as bytes: a chunk may end within a character.
      const line = Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
      rest = [];
      restBytes = 0;
      start = end + 1;
      if (line !== '') onEvent(parseLine(line, what));
    }
    if (start === chunk.length) return;
    rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > LINE_LIMIT)
      throw new KubeError('Retry', `${what}: a line without an end`, { reason: 'BrokenWatch' });
  };
}
