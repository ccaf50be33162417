import { askedMilliseconds, backoffMilliseconds, pause, withinTime } from './backoff.ts';
import type { KubeClient } from './client.ts';
import { KubeError, isKube } from './errors.ts';
import { metadataOf } from './object.ts';
import { ObjectStore, type Change } from './object-store.ts';
import type { InformerMetrics, KubeLogger } from './ports.ts';
import type { Resource } from './resources.ts';
import type { WatchEvent } from './watch-stream.ts';

/** A copy of all objects of a resource, kept fresh. Objects are shared with every reader: do not change them. */
export interface Informer<T> {
  start(): void;
  /** Ends list and watch. Nothing is called afterwards. */
  stop(): Promise<void>;
  /** Whether the first list is complete. */
  synced(): boolean;
  get(key: string): T | undefined;
  list(): readonly T[];
  /** The objects whose `indexBy` named this value. */
  byIndex(value: string): readonly T[];
  /** Whether the server has not been heard for a minute. `now` as `Date.now()` gives it. */
  stale(now: number): boolean;
  /** Rejects when the informer is stopped before. */
  whenSynced(): Promise<void>;
}

export interface InformerOptions<T extends object> {
  readonly client: Pick<KubeClient, 'pages' | 'watch'>;
  readonly resource: Resource;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Takes off what nobody reads, which is most of an object. managedFields are dropped before. */
  readonly transform?: ((object: T) => T) | undefined;
  readonly indexBy?: ((object: T) => readonly string[]) | undefined;
  /** For each object that appeared, changed or went, which `object` is as last known. It should only put the key in a queue. */
  readonly onChange: (key: string, object: T) => void;
  readonly logger: KubeLogger;
  readonly metrics?: InformerMetrics | undefined;
  /** Between two full lists, give or take a tenth; 15 minutes unless told. */
  readonly relistMilliseconds?: number | undefined;
  readonly pageSize?: number | undefined;
  /** How long the server shall keep one watch; short, so that a connection that only looks alive is left soon. */
  readonly watchSeconds?: number | undefined;
  readonly now?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
}

/** The informer counts as stale when it has not heard the server for longer. */
export const STALE_MILLISECONDS = 60_000;

const RELIST_MILLISECONDS = 15 * 60_000;
/** With the slack this is under a minute, within which a lost connection must be noticed. */
const WATCH_SECONDS = 40;
const MAX_SLACK_MILLISECONDS = 5000;
/** A watch that ends sooner than this without a word did not work, whatever the server says. */
const SHORT_MILLISECONDS = 1000;
/** Failures of the watch in a row after which its place is given up and all is listed again. */
const WATCH_FAILURES = 3;
const BACKOFF = { first: 200, longest: 30_000 } as const;
/** A refused or reset connection costs nobody anything, and ends when the API server is back. */
const NETWORK_BACKOFF = { first: 200, longest: 8000 } as const;

/** Creates an {@link Informer} that outlives whatever the server or the network does. */
export function createInformer<T extends object>(options: InformerOptions<T>): Informer<T> {
  return new ReflectingInformer(options);
}

class ReflectingInformer<T extends object> implements Informer<T> {
  readonly #options: InformerOptions<T>;
  readonly #logger: KubeLogger;
  readonly #store: ObjectStore<T>;
  readonly #stopping = new AbortController();
  readonly #now: () => number;
  readonly #random: () => number;
  #waiting: { readonly resolve: () => void; readonly reject: (fault: Error) => void }[] = [];
  #running: Promise<void> | undefined;
  #synced = false;
  /** Where the watch shall go on; undefined when all must be listed. */
  #resourceVersion: string | undefined;
  #relistAt = 0;
  #failures = 0;
  #contactAt: number | undefined;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    this.#logger = options.logger;
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? Math.random;
    this.#store = new ObjectStore(options);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const { reject } of this.#waiting.splice(0))
      reject(new Error(`the informer of ${this.#name} was stopped`));
    await this.#running;
  }

  synced(): boolean {
    return this.#synced;
  }

  get(key: string): T | undefined {
    return this.#store.get(key);
  }

  list(): readonly T[] {
    return this.#store.list();
  }

  byIndex(value: string): readonly T[] {
    return this.#store.byIndex(value);
  }

  stale(now: number): boolean {
    const stale = this.#contactAt === undefined || now - this.#contactAt > STALE_MILLISECONDS;
    this.#options.metrics?.stale(this.#name, stale);
    return stale;
  }

  whenSynced(): Promise<void> {
    if (this.#synced) return Promise.resolve();
    if (this.#stopping.signal.aborted)
      return Promise.reject(new Error(`the informer of ${this.#name} was stopped`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  get #name(): string {
    return this.#options.resource.plural;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        if (this.#resourceVersion === undefined || this.#now() >= this.#relistAt) await this.#relist();
        await this.#watch();
      } catch (error) {
        if (signal.aborted) return;
        await this.#recover(error);
      }
    }
  }

  async #relist(): Promise<void> {
    const { client, resource, namespace, labelSelector, fieldSelector, pageSize: limit } = this.#options;
    const listed = new Map<string, T>();
    let resourceVersion: string | undefined;
    const { signal } = this.#stopping;
    const query = { namespace, labelSelector, fieldSelector, limit, signal };
    for await (const page of client.pages<T>(resource, query)) {
      if (signal.aborted) return;
      this.#contactAt = this.#now();
      ({ resourceVersion } = page);
      for (const item of page.items) {
        const admitted = this.#store.admit(item);
        if (admitted) listed.set(admitted.key, admitted.object);
      }
    }
    const changes = this.#store.replace(listed);
    this.#resourceVersion = resourceVersion;
    const between = this.#options.relistMilliseconds ?? RELIST_MILLISECONDS;
    this.#relistAt = this.#now() + between * (0.9 + this.#random() / 5);
    this.#markSynced();
    for (const change of changes) this.#tell(change);
  }

  #markSynced(): void {
    if (!this.#synced)
      this.#logger.debug({ resource: this.#name, objects: this.#store.list().length }, 'first list complete');
    this.#synced = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  async #watch(): Promise<void> {
    const {
      client,
      resource,
      namespace,
      labelSelector,
      fieldSelector,
      watchSeconds = WATCH_SECONDS,
    } = this.#options;
    // Spread, so that the watches of one operator do not end all at once for ever.
    const timeoutSeconds = Math.max(1, Math.round(watchSeconds * (0.8 + this.#random() / 5)));
    const place = { resourceVersion: this.#resourceVersion, allowWatchBookmarks: true, timeoutSeconds };
    const query = { namespace, labelSelector, fieldSelector, ...place, onOpen: () => this.#touch() };
    const startedAt = this.#now();
    let events = 0;
    const onEvent = (event: WatchEvent<T>) => {
      events += 1;
      this.#failures = 0;
      this.#see(event);
    };
    // The server ends the watch itself; when even that does not arrive, the connection only looks alive.
    const limit = timeoutSeconds * 1000 + Math.min(MAX_SLACK_MILLISECONDS, timeoutSeconds * 1000);
    const inTime = await withinTime(limit, this.#stopping.signal, (signal) =>
      client.watch<T>(resource, query, onEvent, signal),
    );
    if (!inTime)
      throw new KubeError('Retry', `WATCH ${this.#name}: the server fell silent`, { reason: 'Silent' });
    this.#touch();
    if (events === 0 && this.#now() - startedAt < SHORT_MILLISECONDS)
      throw new KubeError('Retry', `WATCH ${this.#name}: ended at once`, { reason: 'ShortWatch' });
    this.#failures = 0;
  }

  #touch(): void {
    this.#contactAt = this.#now();
  }

  #see({ type, object }: WatchEvent<T>): void {
    if (this.#stopping.signal.aborted) return;
    this.#touch();
    const { resourceVersion } = metadataOf(object);
    if (resourceVersion !== undefined) this.#resourceVersion = resourceVersion;
    if (type === 'BOOKMARK') return;
    const admitted = this.#store.admit(object);
    if (!admitted) return;
    if (type === 'DELETED') {
      this.#store.delete(admitted.key);
      this.#tell(admitted);
    } else if (this.#store.set(admitted)) this.#tell(admitted);
  }

  #tell({ key, object }: Change<T>): void {
    if (this.#stopping.signal.aborted) return;
    try {
      this.#options.onChange(key, object);
    } catch (err) {
      this.#logger.error({ err, key, resource: this.#name }, 'the handler of a change failed');
    }
  }

  async #recover(error: unknown): Promise<void> {
    this.#failures += 1;
    this.#options.metrics?.restarted(this.#name);
    // A place that was compacted is lost. Otherwise it serves again, also to a server too busy for lists, but not for ever.
    if (!isKube(error, 'Retry') || this.#failures >= WATCH_FAILURES) this.#resourceVersion = undefined;
    const limits = error instanceof KubeError && error.status === 0 ? NETWORK_BACKOFF : BACKOFF;
    const wait = Math.max(
      backoffMilliseconds(this.#failures, limits, this.#random),
      askedMilliseconds(error, BACKOFF.longest),
    );
    this.#logger.warn(
      { err: error, resource: this.#name, failures: this.#failures, wait: Math.round(wait) },
      'list or watch failed',
    );
    await pause(wait, this.#stopping.signal);
  }
}
