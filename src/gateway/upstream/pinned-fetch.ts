import type { FetchLike } from '@modelcontextprotocol/client';
import type { Pool } from 'undici';
import { deadline } from '../deadline.ts';
import type { Deadline } from '../deadline.ts';
import { begin, boundedBody, refuse } from './exchange.ts';
import type { ExchangeBounds, Sent } from './exchange.ts';
import { UpstreamFailure, late } from './failure.ts';
import type { Origin } from './origin.ts';

export interface PinnedFetchOptions {
  readonly pool: Pool;
  readonly origin: Origin;
  /** Headers of ours, the credential among them; asked for each request. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly maxBytes: number;
  /** Told of a failure wherever it shows itself; libraries wrap errors, or drop those of a stream. */
  readonly failed: (failure: UpstreamFailure) => void;
}

/** No exchange is longer than the longest call. */
const MILLISECONDS = 120_000;
const NOT_OFFERED = 405;
const NOT_FOUND = 404;
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);
const METHODS: ReadonlySet<string> = new Set(['POST', 'DELETE']);

function sentOf(url: URL, init: RequestInit, own: Readonly<Record<string, string>>): Sent {
  const headers = Object.fromEntries(new Headers(init.headers).entries());
  const method = init.method === 'DELETE' ? 'DELETE' : 'POST';
  const body = typeof init.body === 'string' ? init.body : undefined;
  return { method, path: `${url.pathname}${url.search}`, headers: { ...headers, ...own }, body };
}

async function exchange(
  sent: Sent,
  { pool, failed }: PinnedFetchOptions,
  bounds: ExchangeBounds & Pick<Deadline, 'clear'>,
): Promise<Response> {
  const response = await begin(pool, sent, bounds);
  const { statusCode: status, headers } = response;
  if (status === NOT_FOUND && 'mcp-session-id' in sent.headers)
    refuse(response, new UpstreamFailure('UpstreamFailed', 'It forgot the session.', { beforeAnswer: true }));
  async function* body(): AsyncGenerator<Buffer> {
    try {
      yield* boundedBody(response, bounds);
    } catch (error) {
      if (error instanceof UpstreamFailure) failed(error);
      throw error;
    } finally {
      bounds.clear();
    }
  }
  const passed = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && /^(?:content-type|mcp-[a-z-]+)$/.test(name) ? [[name, value]] : [],
  );
  if (BODILESS.has(status)) {
    bounds.clear();
    await response.body.dump({ limit: 0 });
  }
  return new Response(BODILESS.has(status) ? null : ReadableStream.from(body()), { status, headers: passed });
}

/**
 * A fetch over the connections of one upstream: their checked addresses, no redirects, nothing compressed, bounded. It goes nowhere
 * else. Standing streams (GET) are answered as servers do that do not offer them.
 */
export const pinnedFetch =
  (options: PinnedFetchOptions): FetchLike =>
  async (input, init = {}) => {
    const url = new URL(input);
    if (!METHODS.has(init.method ?? 'GET')) return new Response(null, { status: NOT_OFFERED });
    const { signal, clear } = deadline(MILLISECONDS, init.signal ?? undefined, late);
    try {
      if (url.origin !== options.origin.origin)
        throw new UpstreamFailure('UpstreamForbidden', 'It leads to another origin.');
      const sent = sentOf(url, init, options.headers());
      const bounds = { signal, clear, milliseconds: MILLISECONDS, maxBytes: options.maxBytes };
      return await exchange(sent, options, bounds);
    } catch (error) {
      clear();
      if (error instanceof UpstreamFailure && !init.signal?.aborted) options.failed(error);
      throw error;
    }
  };
