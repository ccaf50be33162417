import { KubeError, errorFromStatus } from './errors.ts';

/** One line of a watch. BOOKMARK carries nothing but the resourceVersion reached. */
export interface WatchEvent<T = object> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

/** An object is bounded by etcd's 1.5 MiB of request; JSON may lengthen that, hardly to this. */
const LINE_LIMIT = 32 * 1024 * 1024;
const NEWLINE = 0x0a;

const broken = (message: string, cause?: unknown) =>
  new KubeError('Retry', message, { reason: 'BrokenWatch', cause });

function parseLine<T extends object>(line: string, what: string): WatchEvent<T> {
  let parsed: Partial<{ type: WatchEvent['type'] | 'ERROR'; object: T | null }> | null;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw broken(`${what}: a line that is not JSON`, cause);
  }
  const { type, object } = parsed ?? {};
  if (type === undefined || typeof object !== 'object' || object === null)
    throw broken(`${what}: a line without type or object`);
  if (type === 'ERROR') throw errorFromStatus(object, what);
  return { type, object };
}

/** Cuts the chunks of a watch into events. An ERROR event and a broken line are thrown as a {@link KubeError}. */
export function watchParser<T extends object>(
  what: string,
  onEvent: (event: WatchEvent<T>) => void,
): (chunk: Buffer) => void {
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
    if (restBytes > LINE_LIMIT) throw broken(`${what}: a line without an end`);
  };
}
