import { AsyncLocalStorage } from 'node:async_hooks';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { deadline, unlessAborted } from '../deadline.ts';
import { UpstreamFailure, failureOf, late } from './failure.ts';
import { pinnedFetch } from './pinned-fetch.ts';
import type { PinnedFetchOptions } from './pinned-fetch.ts';
import { AS_GIVEN, listToolDigests } from './tool-definitions.ts';

export interface SessionOptions extends Omit<PinnedFetchOptions, 'failed'> {
  /** Where the server is, below the origin. */
  readonly path: string;
}

const INFO = { name: 'sekisho-gateway', version: '1' };

/** What a server says about its own answers is not asked: the schema of the Plugin is. */
const noValidator = {
  getValidator: () => (input: unknown) => ({
    valid: true as const,
    data: input as never,
    errorMessage: undefined,
  }),
};

function newClient(): Client {
  return new Client(INFO, {
    versionNegotiation: { mode: 'auto' },
    inputRequired: { autoFulfill: false },
    jsonSchemaValidator: noValidator,
  });
}

/** A connection of MCP to one server, and what it lists. It is used until its transport fails or its list is old. */
export class McpSession {
  readonly digests: ReadonlyMap<string, string | undefined>;
  readonly listedAt: number;
  private readonly client: Client;
  private readonly failures: Failures;
  private active = 0;
  private retired = false;

  private constructor(client: Client, failures: Failures, listed: Pick<McpSession, 'digests' | 'listedAt'>) {
    this.client = client;
    this.failures = failures;
    this.digests = listed.digests;
    this.listedAt = listed.listedAt;
  }

  /** Connects and lists. */
  static async open(options: SessionOptions, milliseconds: number, now: number): Promise<McpSession> {
    const { signal, clear } = deadline(milliseconds, undefined, late);
    const client = newClient();
    const failures = new Failures();
    const { origin, path } = options;
    const transport = new StreamableHTTPClientTransport(new URL(`${origin.origin}${path}`), {
      fetch: pinnedFetch({ ...options, failed: (failure) => failures.tell(failure) }),
      reconnectionOptions: {
        maxRetries: 0,
        initialReconnectionDelay: 1000,
        maxReconnectionDelay: 1000,
        reconnectionDelayGrowFactor: 1,
      },
    });
    try {
      await failures.during(() => client.connect(transport, { signal, timeout: milliseconds }), signal);
      const digests = await failures.during(() => listToolDigests(client, signal), signal);
      return new McpSession(client, failures, { digests, listedAt: now });
    } catch (error) {
      client.close().catch(() => undefined);
      throw error;
    } finally {
      clear();
    }
  }

  isBroken(): boolean {
    return this.failures.lost;
  }

  /** The result of a tool as the server gave it. */
  async call(
    tool: string,
    args: unknown,
    { signal, milliseconds }: { readonly signal: AbortSignal; readonly milliseconds: number },
  ): Promise<unknown> {
    const request = { method: 'tools/call', params: { name: tool, arguments: args } };
    this.active += 1;
    try {
      return await this.failures.during(
        () => this.client.request(request, AS_GIVEN, { signal, timeout: milliseconds }),
        signal,
      );
    } finally {
      this.active -= 1;
      if (this.retired) this.closeWhenIdle();
    }
  }

  /** No new calls; those under way end first. */
  retire(): void {
    this.retired = true;
    this.closeWhenIdle();
  }

  private closeWhenIdle(): void {
    if (this.active === 0) this.client.close().catch(() => undefined);
  }
}

const PROTOCOL_ERROR = 'ProtocolError';

const nameOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, 'name') : undefined;

interface Waiter {
  failure: UpstreamFailure | undefined;
  readonly fail: (failure: UpstreamFailure) => void;
}

/**
 * Takes the failure of an exchange to the call that it belongs to: the library wraps errors of fetch, and drops those of streams. Which
 * call that is follows from where the exchange was begun.
 */
class Failures {
  /** The transport itself is of no more use. */
  lost = false;
  private readonly waiters = new AsyncLocalStorage<Waiter>();

  tell(failure: UpstreamFailure): void {
    this.lost ||= failure.beforeAnswer;
    const waiter = this.waiters.getStore();
    if (!waiter) return;
    waiter.failure ??= failure;
    waiter.fail(failure);
  }

  /** What comes of a call, unless its exchange fails, or the time is over, first. */
  async during<T>(begin: () => Promise<T>, signal: AbortSignal): Promise<T> {
    let fail: (failure: UpstreamFailure) => void = () => undefined;
    const failing = new Promise<never>((_done, reject) => {
      fail = reject;
    });
    failing.catch(() => undefined);
    const waiter: Waiter = { failure: undefined, fail };
    const first = Promise.race([this.waiters.run(waiter, begin), failing]);
    try {
      return await unlessAborted(first, signal, () => failureOf(undefined, signal, false));
    } catch (error) {
      throw explained(waiter.failure ?? error, signal);
    }
  }
}

function explained(error: unknown, signal: AbortSignal): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  if (!signal.aborted && nameOf(error) === PROTOCOL_ERROR)
    return new UpstreamFailure('UpstreamFailed', 'It answered with an error of its protocol.');
  return failureOf(error, signal, false);
}
