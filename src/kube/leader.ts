import { pause } from './backoff.ts';
import type { KubeClient } from './client.ts';
import { isKube } from './errors.ts';
import { leaseSpec, microTime, type Lease, type LeaseSpec } from './lease.ts';
import { LEASES } from './resources.ts';
import type { KubeLogger, LeaderMetrics } from './ports.ts';

/** Takes part in the election of one leader among several processes, by a Lease. */
export interface LeaderElector {
  start(): void;
  /** Gives the Lease back, so that another need not wait for its end. Stop the work before. */
  stop(): Promise<void>;
  /** False some seconds before anybody else can lead. To be asked before each write. */
  isLeader(): boolean;
}

export interface LeaderElectorOptions {
  /** Must not be a client whose writes wait for {@link LeaderElector.isLeader}. */
  readonly client: Pick<KubeClient, 'get' | 'create' | 'replace'>;
  readonly namespace: string;
  readonly name: string;
  /** Of this process; no other may ever have the same. */
  readonly identity: string;
  readonly onStarted: () => void | Promise<void>;
  /** The process does not lead any more. It goes on as a candidate unless it is stopped. */
  readonly onStopped: () => void | Promise<void>;
  readonly logger: KubeLogger;
  readonly metrics?: LeaderMetrics | undefined;
  /** A clock in milliseconds that is never set. */
  readonly now?: (() => number) | undefined;
  /** The time of day, for what is written, and to notice that the machine slept. */
  readonly wallNow?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
  readonly timing?: Partial<LeaderTiming> | undefined;
}

export interface LeaderTiming {
  /** Others may take the Lease when it was not renewed for so long. */
  readonly leaseMilliseconds: number;
  /** The leader gives up when it could not renew for so long. */
  readonly renewMilliseconds: number;
  readonly retryMilliseconds: number;
}

/** As client-go's. */
const TIMING: LeaderTiming = {
  leaseMilliseconds: 15_000,
  renewMilliseconds: 10_000,
  retryMilliseconds: 2000,
};

/** Creates a {@link LeaderElector}. */
export function createLeaderElector(options: LeaderElectorOptions): LeaderElector {
  return new LeaseElector(options);
}

/** Two clocks, since the steady one of Linux stands still while the machine sleeps, and the other one may be set. */
interface Instant {
  readonly steady: number;
  readonly wall: number;
}

class LeaseElector implements LeaderElector {
  readonly #options: LeaderElectorOptions;
  readonly #timing: LeaderTiming;
  readonly #steady: () => number;
  readonly #wall: () => number;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  /** The Lease as last seen, and when it was first seen so. */
  #seen: { readonly lease: Lease; readonly since: number } | undefined;
  /** When the last renewal that succeeded was begun; the server cannot have counted from an earlier time. */
  #renewedAt: Instant | undefined;
  #leading = false;

  constructor(options: LeaderElectorOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#steady = options.now ?? (() => performance.now());
    this.#wall = options.wallNow ?? Date.now;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    const held = this.#renewedAt !== undefined;
    await this.#stopLeading();
    if (held) await this.#release();
  }

  isLeader(): boolean {
    return this.#leading && this.#elapsed() < this.#timing.renewMilliseconds;
  }

  /** Since the last renewal. */
  #elapsed(): number {
    if (this.#renewedAt === undefined) return Infinity;
    const { steady, wall } = this.#renewedAt;
    return Math.max(this.#steady() - steady, this.#wall() - wall);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const random = this.#options.random ?? Math.random;
    while (!signal.aborted) {
      const held = await this.#tryToHold();
      if (signal.aborted) return;
      if (held && !this.#leading) this.#startLeading();
      else if (this.#leading && (held === false || !this.isLeader())) await this.#stopLeading();
      // Candidates come at different times, so that they do not all write when a Lease ends.
      const spread = this.#leading ? 1 : 1 + random() / 5;
      await pause(this.#timing.retryMilliseconds * spread, signal);
    }
  }

  /** True when the Lease is ours for another while, false when it is somebody else's, undefined when we could not tell. */
  async #tryToHold(): Promise<boolean | undefined> {
    const begun = { steady: this.#steady(), wall: this.#wall() };
    try {
      const held = await this.#acquireOrRenew();
      if (held) this.#renewedAt = begun;
      return held;
    } catch (err) {
      const { name, identity } = this.#options;
      // Another was faster, or changed the Lease: what is in it now is read at the next try.
      if (isKube(err, 'Conflict', 'AlreadyExists', 'NotFound')) this.#seen = undefined;
      this.#options.logger.warn(
        { err, lease: name, identity, leading: this.#leading },
        'the Lease could not be renewed',
      );
      return undefined;
    }
  }

  async #acquireOrRenew(): Promise<boolean> {
    const { client, namespace, name, identity } = this.#options;
    // While we lead, what we wrote last is what is there, or else the write conflicts: no read is needed.
    if (!this.#leading || this.#seen === undefined) {
      const found = await client.get<Lease>(LEASES, { namespace, name }, this.#callOptions());
      if (found === undefined) {
        const spec = leaseSpec(undefined, identity, this.#timing.leaseMilliseconds, this.#wall());
        this.#see(
          await client.create<Lease>(LEASES, { metadata: { namespace, name }, spec }, this.#callOptions()),
        );
        return true;
      }
      this.#see(found);
    }
    const seen = this.#seen;
    if (seen === undefined || !this.#isFree(seen)) return false;
    const spec = leaseSpec(seen.lease.spec, identity, this.#timing.leaseMilliseconds, this.#wall());
    this.#see(await client.replace<Lease>(LEASES, { ...seen.lease, spec }, this.#callOptions()));
    return true;
  }

  /** A late answer is worth nothing: a leader must know by its deadline that it is none any more. */
  #callOptions(): { timeoutMilliseconds: number } {
    const { renewMilliseconds } = this.#timing;
    const left = this.#leading ? renewMilliseconds - this.#elapsed() : renewMilliseconds;
    return { timeoutMilliseconds: Math.max(100, Math.min(left, renewMilliseconds / 2)) };
  }

  #see(lease: Lease): void {
    const version = (known: Lease): string | undefined => known.metadata.resourceVersion;
    if (this.#seen && version(this.#seen.lease) === version(lease)) return;
    this.#seen = { lease, since: this.#steady() };
  }

  /** Whether we may write ourselves into it. The times in the Lease come from another machine's clock and are not read. */
  #isFree({ lease, since }: { readonly lease: Lease; readonly since: number }): boolean {
    const { holderIdentity, leaseDurationSeconds = 0 } = lease.spec ?? {};
    if (!holderIdentity || holderIdentity === this.#options.identity) return true;
    return this.#steady() - since > leaseDurationSeconds * 1000;
  }

  #startLeading(): void {
    const { name, identity, logger, metrics, onStarted } = this.#options;
    this.#leading = true;
    metrics?.leading(name, true);
    logger.info({ lease: name, identity }, 'this process leads');
    this.#call(onStarted).catch(() => {});
  }

  async #stopLeading(): Promise<void> {
    this.#renewedAt = undefined;
    if (!this.#leading) return;
    const { name, identity, logger, metrics, onStopped } = this.#options;
    this.#leading = false;
    metrics?.leading(name, false);
    logger.info({ lease: name, identity }, 'this process does not lead any more');
    await this.#call(onStopped);
  }

  async #call(callback: () => void | Promise<void>): Promise<void> {
    try {
      await callback();
    } catch (err) {
      this.#options.logger.error({ err, lease: this.#options.name }, 'a handler of the election failed');
    }
  }

  async #release(): Promise<void> {
    const seen = this.#seen?.lease;
    if (seen?.spec?.holderIdentity !== this.#options.identity) return;
    const now = microTime(this.#wall());
    const spec: LeaseSpec = {
      ...seen.spec,
      holderIdentity: '',
      leaseDurationSeconds: 1,
      renewTime: now,
      acquireTime: now,
    };
    try {
      await this.#options.client.replace<Lease>(LEASES, { ...seen, spec }, this.#callOptions());
    } catch (err) {
      this.#options.logger.warn({ err, lease: this.#options.name }, 'the Lease could not be given back');
    }
  }
}
