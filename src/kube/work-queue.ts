import { backoffMilliseconds } from './backoff.ts';
import type { KubeLogger, QueueMetrics } from './ports.ts';

/** Keys to be worked on. A key waits once, is worked on once at a time, and is worked on again when it was added meanwhile. */
export interface WorkQueue {
  add(key: string): void;
  /** Adds the key after a time; of several times for one key the soonest counts. */
  addAfter(key: string, milliseconds: number): void;
  /** Forgets the failures of a key, so that its next one counts as the first. */
  forget(key: string): void;
  /** Keys that wait to be worked on now. */
  size(): number;
  start(): void;
  /** Takes no more keys and waits for those being worked on. */
  stop(): Promise<void>;
}

export interface WorkQueueOptions {
  readonly name: string;
  readonly concurrency: number;
  /** Throwing means: again, later. */
  readonly handle: (key: string) => Promise<{ requeueAfterMilliseconds?: number | undefined } | void>;
  readonly logger: KubeLogger;
  readonly metrics?: QueueMetrics | undefined;
  readonly now?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
}

/** As client-go's, but for the jitter and for a longest wait of a minute, not a quarter of an hour. */
const BACKOFF = { first: 5, longest: 60_000 } as const;
/** setTimeout takes no more and fires at once instead. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Creates a {@link WorkQueue}; keys may be added before it is started. */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  return new KeyedQueue(options);
}

class KeyedQueue implements WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #now: () => number;
  readonly #random: () => number;
  /** Waiting keys, the oldest first, with when they were added. */
  readonly #waiting = new Map<string, number>();
  readonly #working = new Set<string>();
  /** Added while being worked on. */
  readonly #dirty = new Set<string>();
  readonly #later = new Map<string, { readonly timer: NodeJS.Timeout; readonly at: number }>();
  readonly #failures = new Map<string, number>();
  #state: 'idle' | 'started' | 'stopped' = 'idle';
  #drained: (() => void) | undefined;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
  }

  add(key: string): void {
    if (this.#state === 'stopped' || this.#waiting.has(key) || this.#dirty.has(key)) return;
    this.#options.metrics?.added(this.#options.name);
    if (this.#working.has(key)) this.#dirty.add(key);
    else this.#enqueue(key);
    this.#pump();
  }

  addAfter(key: string, milliseconds: number): void {
    if (this.#state === 'stopped') return;
    if (!(milliseconds > 0)) return this.add(key);
    const wait = Math.min(milliseconds, LONGEST_TIMER);
    const at = this.#now() + wait;
    const planned = this.#later.get(key);
    if (planned && planned.at <= at) return;
    clearTimeout(planned?.timer);
    const timer = setTimeout(() => {
      this.#later.delete(key);
      this.add(key);
    }, wait);
    this.#later.set(key, { timer, at });
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  size(): number {
    return this.#waiting.size;
  }

  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'started';
    this.#pump();
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    for (const { timer } of this.#later.values()) clearTimeout(timer);
    this.#later.clear();
    this.#waiting.clear();
    this.#dirty.clear();
    this.#depth();
    if (this.#working.size === 0) return;
    await new Promise<void>((resolve) => {
      const before = this.#drained;
      this.#drained = () => {
        before?.();
        resolve();
      };
    });
  }

  #enqueue(key: string): void {
    this.#waiting.set(key, this.#now());
    this.#depth();
  }

  #depth(): void {
    this.#options.metrics?.depth(this.#options.name, this.#waiting.size);
  }

  #pump(): void {
    if (this.#state !== 'started') return;
    for (const [key, since] of this.#waiting) {
      if (this.#working.size >= this.#options.concurrency) return;
      this.#waiting.delete(key);
      this.#depth();
      this.#options.metrics?.waited(this.#options.name, (this.#now() - since) / 1000);
      this.#working.add(key);
      void this.#work(key);
    }
  }

  async #work(key: string): Promise<void> {
    const startedAt = this.#now();
    const done = (result: 'success' | 'error' | 'requeue_after') =>
      this.#options.metrics?.worked(this.#options.name, result, (this.#now() - startedAt) / 1000);
    try {
      const after = (await this.#options.handle(key))?.requeueAfterMilliseconds;
      this.forget(key);
      done(after === undefined ? 'success' : 'requeue_after');
      if (after !== undefined) this.addAfter(key, after);
    } catch (err) {
      done('error');
      this.#retry(key, err);
    }
    this.#finish(key);
  }

  #retry(key: string, err: unknown): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    const wait = backoffMilliseconds(failures, BACKOFF, this.#random);
    this.#options.logger.warn(
      { err, key, queue: this.#options.name, failures, wait: Math.round(wait) },
      'will be tried again',
    );
    this.#options.metrics?.retried(this.#options.name);
    this.addAfter(key, wait);
  }

  #finish(key: string): void {
    this.#working.delete(key);
    if (this.#dirty.delete(key)) this.#enqueue(key);
    if (this.#state === 'stopped') {
      if (this.#working.size === 0) this.#drained?.();
      return;
    }
    this.#pump();
  }
}
