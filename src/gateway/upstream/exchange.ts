import type { Dispatcher, Pool } from 'undici';
import { UpstreamFailure, failureOf } from './failure.ts';

export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface ExchangeBounds {
  /** Aborted when the time is over or the caller is gone. */
  readonly signal: AbortSignal;
  readonly milliseconds: number;
  readonly maxBytes: number;
  /** Told the status of each answer. */
  readonly answered?: ((status: number) => void) | undefined;
}

const first = (value: string | readonly string[] | undefined): string =>
  (typeof value === 'string' ? value : value?.join(',')) ?? '';

/** How long the pieces of an answer may be apart. */
const IDLE_MILLISECONDS = 10_000;
const MAX_DRAINED = 16_384;

/** Sends and waits for the head of the answer. Redirects and compressed answers are failures. */
export async function begin(
  pool: Pool,
  sent: Sent,
  { signal, milliseconds, answered }: ExchangeBounds,
): Promise<Dispatcher.ResponseData> {
  let response: Dispatcher.ResponseData;
  try {
    response = await pool.request({
      method: sent.method,
      path: sent.path,
      headers: { ...sent.headers, 'accept-encoding': 'identity', 'user-agent': 'sekisho-gateway' },
      body: sent.body ?? null,
      signal,
      headersTimeout: milliseconds,
      bodyTimeout: Math.min(milliseconds, IDLE_MILLISECONDS),
    });
  } catch (error) {
    throw failureOf(error, signal, true);
  }
  const { statusCode, headers } = response;
  answered?.(statusCode);
  const encoding = first(headers['content-encoding']).toLowerCase();
  if (statusCode >= 300 && statusCode < 400)
    return refuse(
      response,
      new UpstreamFailure('UpstreamFailed', 'It answered with a redirect, and none is followed.'),
    );
  if (encoding !== '' && encoding !== 'identity')
    return refuse(
      response,
      new UpstreamFailure('OutputInvalid', 'The answer is compressed, and none is unpacked.'),
    );
  return response;
}

/** Lets go of an answer that nobody reads. The failure is what counts, whatever becomes of the connection. */
export function refuse(response: Dispatcher.ResponseData, failure: UpstreamFailure): never {
  response.body.dump({ limit: MAX_DRAINED }).catch(() => undefined);
  throw failure;
}

export const isType = ({ headers }: Dispatcher.ResponseData, ...types: readonly string[]): boolean =>
  types.includes(first(headers['content-type']).split(';', 1)[0]?.trim().toLowerCase() ?? '');

const tooLarge = (maxBytes: number): UpstreamFailure =>
  new UpstreamFailure('OutputTooLarge', `The answer has more than ${maxBytes} bytes.`);

/** The body as it comes, up to so many bytes. */
export async function* boundedBody(
  response: Dispatcher.ResponseData,
  { signal, maxBytes }: ExchangeBounds,
): AsyncGenerator<Buffer> {
  if (Number(first(response.headers['content-length'])) > maxBytes) refuse(response, tooLarge(maxBytes));
  let bytes = 0;
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  } catch (error) {
    throw failureOf(error, signal, false);
  }
}

export async function wholeBody(response: Dispatcher.ResponseData, bounds: ExchangeBounds): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of boundedBody(response, bounds)) chunks.push(chunk);
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
