import { Pool } from 'undici';
import type { Connection } from './connection.ts';
import { errorFromNetwork } from './errors.ts';
import { Exchange } from './exchange.ts';
import type { ClientMetrics } from './ports.ts';

/** Values of a query; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SendOptions {
  readonly body?: string | undefined;
  readonly query?: Query | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly contentType?: string | undefined;
  /** The whole call, waiting for a connection included. */
  readonly timeoutMilliseconds?: number | undefined;
  /** A longer answer fails the call. */
  readonly maxBytes?: number | undefined;
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
  /** Asked at the last moment, when the first byte is about to be written. */
  readonly mayStart?: (() => boolean) | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface StreamOptions {
  readonly query?: Query | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal;
  /** The server accepted: the stream is open. */
  readonly onOpen: () => void;
  readonly onData: (chunk: Buffer) => void;
}

/** HTTP to one API server over kept connections. */
export interface Transport {
  send(method: string, path: string, options?: SendOptions): Promise<Answer>;
  /** Ends without an answer when the server ends the stream; with one when it refused. */
  stream(path: string, options: StreamOptions): Promise<Answer | undefined>;
  /** Waits a moment for calls under way; cuts streams. */
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly connection: Connection;
  /** Of Sekisho, for the User-Agent. */
  readonly version?: string | undefined;
  readonly metrics?: ClientMetrics | undefined;
  /** Connections for calls; streams have their own, without a bound. */
  readonly connections?: number | undefined;
}

const DEFAULT_TIMEOUT = 15_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** For calls under way when all is closed. */
const CLOSE_MILLISECONDS = 2000;
/** A refused watch answers with a Status, which is short. */
const REFUSAL_MAX_BYTES = 64 * 1024;

function pathWithQuery(path: string, query: Query | undefined): string {
  if (!query) return path;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
}

function poolOf({ connection: { origin, tls } }: TransportOptions, connections: number | null): Pool {
  return new Pool(origin, {
    connections,
    pipelining: 1,
    // One HTTP/2 connection would put every watch and call on one socket, to be lost together.
    allowH2: false,
    keepAliveTimeout: 30_000,
    // Time is kept by Exchange, for the whole call, not chunk by chunk.
    headersTimeout: 0,
    bodyTimeout: 0,
    // With libuv's ten probes a second apart a dead peer is noticed after 25 s.
    connect: { ...tls, timeout: 5000, keepAlive: true, keepAliveInitialDelay: 15_000 },
  });
}

/**
 * The same connections, over which every call carries this Authorization and no other: for a process that lets its own callers
 * speak for themselves. Closing it closes nothing.
 */
export const speakingFor = (transport: Transport, authorization: string): Transport => {
  const headersOf = (given: SendOptions['headers']) => ({ ...given, authorization });
  return {
    send: (method, path, options = {}) =>
      transport.send(method, path, { ...options, headers: headersOf(options.headers) }),
    stream: (path, options) => transport.stream(path, { ...options, headers: headersOf(options.headers) }),
    close: () => Promise.resolve(),
  };
};

/** Creates the {@link Transport}; nothing is connected before the first call. */
export function createTransport(options: TransportOptions): Transport {
  return new PooledTransport(options);
}

class PooledTransport implements Transport {
  readonly #connection: Connection;
  readonly #metrics: ClientMetrics | undefined;
  readonly #userAgent: string;
  readonly #calls: Pool;
  readonly #streams: Pool;
  #closing: Promise<void> | undefined;

  constructor(options: TransportOptions) {
    this.#connection = options.connection;
    this.#metrics = options.metrics;
    this.#userAgent = `sekisho/${options.version ?? 'dev'}`;
    this.#calls = poolOf(options, options.connections ?? 16);
    this.#streams = poolOf(options, null);
  }

  async send(method: string, path: string, sent: SendOptions = {}): Promise<Answer> {
    const once = () => {
      const { timeoutMilliseconds = DEFAULT_TIMEOUT, maxBytes = DEFAULT_MAX_BYTES, mayStart } = sent;
      const exchange = new Exchange({ what: `${method} ${path}`, timeoutMilliseconds, maxBytes, mayStart });
      return this.#dispatch(this.#calls, exchange, { ...sent, method, path });
    };
    const answer = await once();
    // Nothing was done under a token that was refused, so that any method may go again with the new one. Where the caller
    // brought the token there is no new one.
    return answer.status === 401 && sent.headers?.['authorization'] === undefined ? once() : answer;
  }

  async stream(path: string, options: StreamOptions): Promise<Answer | undefined> {
    const { query, headers, signal, onOpen, onData } = options;
    const exchange = new Exchange({
      what: `WATCH ${path}`,
      maxBytes: REFUSAL_MAX_BYTES,
      stream: { onOpen, onData },
    });
    const answer = await this.#dispatch(this.#streams, exchange, {
      ...{ query, headers, signal, path },
      method: 'GET',
    });
    return answer.status === 200 ? undefined : answer;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const cut = setTimeout(() => void this.#calls.destroy(), CLOSE_MILLISECONDS);
    await Promise.all([this.#streams.destroy(), this.#calls.close()]);
    clearTimeout(cut);
  }

  async #dispatch(
    pool: Pool,
    exchange: Exchange,
    sent: SendOptions & { method: string; path: string },
  ): Promise<Answer> {
    const { method, path, query, body, signal } = sent;
    const abort = () => exchange.stop();
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    try {
      const headers = await this.#headersFor(sent);
      const request = {
        method,
        path: pathWithQuery(this.#connection.basePath + path, query),
        headers,
        body: body ?? null,
      };
      pool.dispatch(request, exchange);
      const answer = await exchange.done;
      this.#metrics?.answered(method, answer.status);
      if (answer.status === 401) this.#connection.forgetAuthorization();
      return answer;
    } catch (fault) {
      exchange.abandon();
      this.#metrics?.answered(method, 0);
      throw errorFromNetwork(fault, `${method} ${path}`);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async #headersFor({ contentType, headers, body }: SendOptions): Promise<Record<string, string>> {
    const authorization = await this.#connection.authorization();
    return {
      accept: 'application/json',
      'user-agent': this.#userAgent,
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      ...(authorization === undefined ? {} : { authorization }),
      ...headers,
    };
  }
}
