import type { Plugin } from '../../api/parse.ts';
import { Circuit } from './circuit.ts';
import { createPool, systemDialPorts } from './dial.ts';
import type { DialPorts } from './dial.ts';
import { UpstreamFailure } from './failure.ts';
import { callHttp } from './http-call.ts';
import { McpSessions, callMcp } from './mcp-call.ts';
import { originOf } from './origin.ts';
import type { Answer, Connected, UpstreamCall } from './upstream-call.ts';

export interface UpstreamLimits {
  /** Calls that are open at one plugin at most; a slow upstream holds these and no more. */
  readonly perPlugin: number;
  readonly total: number;
  /** Of these, calls of one request: it cannot take the places of all others. */
  readonly perRequest: number;
  /** Failures in a row after which an upstream is left alone, and for how long. */
  readonly failures: number;
  readonly restMilliseconds: number;
}

export const DEFAULT_LIMITS: UpstreamLimits = {
  perPlugin: 64,
  total: 512,
  perRequest: 16,
  failures: 5,
  restMilliseconds: 10_000,
};

export interface UpstreamOptions {
  readonly dial?: DialPorts | undefined;
  readonly limits?: UpstreamLimits | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** An upstream in one revision of its plugin. */
interface Upstream extends Connected {
  readonly generation: number | undefined;
  readonly circuit: Circuit;
  /** Of an upstream that speaks MCP; none is opened for one that does not. */
  readonly sessions: McpSessions;
  /** Open calls by request. */
  readonly openBy: Map<string, number>;
  open: number;
  lastUsed: number;
}

const UNUSED_MILLISECONDS = 600_000;

const busy = (detail: string): UpstreamFailure => new UpstreamFailure('UpstreamBusy', detail);

/** Where calls go: connections, circuits and places by plugin. */
export class Upstreams {
  private readonly known = new Map<string, Upstream>();
  private readonly dial: DialPorts;
  private readonly limits: UpstreamLimits;
  private readonly now: () => number;
  private open = 0;

  constructor({ dial, limits, now }: UpstreamOptions) {
    this.dial = dial ?? systemDialPorts;
    this.limits = limits ?? DEFAULT_LIMITS;
    this.now = now;
  }

  /** Rejects with an UpstreamFailure when there is no answer; with anything else when it cannot tell. */
  async call(call: UpstreamCall): Promise<Answer> {
    const upstream = this.upstreamOf(call.plugin);
    const own = upstream.openBy.get(call.requestUid) ?? 0;
    if (upstream.open >= this.limits.perPlugin || this.open >= this.limits.total)
      throw busy('Too many calls are open; try again soon.');
    if (own >= this.limits.perRequest)
      throw busy(`At most ${this.limits.perRequest} calls of one request are open at a plugin.`);
    const wait = upstream.circuit.wait(this.now());
    if (wait > 0) throw busy('It has failed too often and is left alone for some seconds.');
    this.count(upstream, call, 1);
    try {
      const answer = await (call.plugin.spec.upstream.protocol === 'MCP'
        ? callMcp(upstream, call, this.now())
        : callHttp(upstream, call));
      upstream.circuit.ended('Worked', this.now());
      return answer;
    } catch (error) {
      const failed = error instanceof UpstreamFailure && error.counts;
      upstream.circuit.ended(failed ? 'Failed' : 'Unclear', this.now());
      throw error;
    } finally {
      this.count(upstream, call, -1);
    }
  }

  /** How many upstreams are left alone now. */
  openCircuits(): number {
    return [...this.known.values()].filter(({ circuit }) => circuit.isOpen()).length;
  }

  async close(): Promise<void> {
    const all = [...this.known.values()];
    this.known.clear();
    for (const { sessions } of all) sessions.drop();
    await Promise.all(all.map(({ pool }) => pool.destroy()));
  }

  private count(upstream: Upstream, { requestUid }: UpstreamCall, by: 1 | -1): void {
    upstream.open += by;
    this.open += by;
    const own = (upstream.openBy.get(requestUid) ?? 0) + by;
    if (own > 0) upstream.openBy.set(requestUid, own);
    else upstream.openBy.delete(requestUid);
  }

  private upstreamOf({ metadata, spec }: Plugin): Upstream {
    const key = metadata.uid;
    const before = this.known.get(key);
    const now = this.now();
    if (before?.generation === metadata.generation && before) {
      before.lastUsed = now;
      return before;
    }
    const origin = originOf(spec.upstream.url);
    if (!origin.ok) throw new UpstreamFailure('UpstreamForbidden', `Its url ${origin.message}.`);
    this.letGo(key);
    for (const [other, { open, lastUsed }] of this.known)
      if (open === 0 && now - lastUsed > UNUSED_MILLISECONDS) this.letGo(other);
    const upstream: Upstream = {
      generation: metadata.generation,
      origin: origin.value,
      pool: createPool(origin.value, spec.upstream, {
        ports: this.dial,
        limits: { connections: this.limits.perPlugin },
      }),
      circuit: new Circuit(this.limits.failures, this.limits.restMilliseconds),
      sessions: new McpSessions(),
      openBy: new Map(),
      open: 0,
      lastUsed: now,
    };
    this.known.set(key, upstream);
    return upstream;
  }

  /** What is under way on its connections is brought to an end. */
  private letGo(key: string): void {
    const upstream = this.known.get(key);
    this.known.delete(key);
    upstream?.sessions.drop();
    upstream?.pool.close().catch(() => undefined);
  }
}
