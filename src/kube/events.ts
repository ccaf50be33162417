import { randomBytes } from 'node:crypto';
import { askedMilliseconds, backoffMilliseconds, pause } from './backoff.ts';
import type { KubeClient } from './client.ts';
import { isKube } from './errors.ts';
import { createEventBudget } from './event-budget.ts';
import { microTime } from './lease.ts';
import type { ObjectMeta } from './object.ts';
import type { KubeLogger } from './ports.ts';
import { EVENTS } from './resources.ts';

/** What an event is about. */
export interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

export interface EventRecord {
  readonly regarding: Regarding;
  readonly type: 'Normal' | 'Warning';
  /** PascalCase, for machines. */
  readonly reason: string;
  /** What was done or attempted. */
  readonly action: string;
  /** A sentence for people; cut at 1024 bytes. */
  readonly note: string;
}

/** Writes events.k8s.io/v1 Events, as far as the server and the rate allow. */
export interface EventRecorder {
  /** Never throws, never waits. */
  record(event: EventRecord): void;
  /** Waits a moment for what is still to be written. */
  stop(): Promise<void>;
}

export interface EventRecorderOptions {
  readonly client: Pick<KubeClient, 'create' | 'patch'>;
  /** Domain-like name of the controller, such as `sekisho.dev/operator`. */
  readonly controller: string;
  /** Of this process. */
  readonly instance: string;
  readonly logger: KubeLogger;
  readonly now?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
  /** How long {@link EventRecorder.stop} waits; 2 s unless told. */
  readonly stopMilliseconds?: number | undefined;
}

interface Event {
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** One event and its repeats. */
interface Series {
  readonly event: Event;
  count: number;
  /** Repeats that the server has not been told of. */
  untold: number;
  lastAt: number;
  writtenAt: number;
  queued: boolean;
  created: boolean;
}

/** A repeat within this time is counted in the event that exists; it is client-go's. */
const SERIES_MILLISECONDS = 6 * 60_000;
/** A series is told of once in this time at most. */
const SERIES_WRITE_MILLISECONDS = 30_000;
const MAX_SERIES = 2000;
const MAX_QUEUE = 1000;
const NOTE_BYTES = 1024;
const ATTEMPTS = 4;
const BACKOFF = { first: 200, longest: 5000 } as const;

/** Creates an {@link EventRecorder}. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  return new QueueingRecorder(options);
}

class QueueingRecorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #now: () => number;
  readonly #series = new Map<string, Series>();
  readonly #queue: Series[] = [];
  readonly #mayCreate: (regarding: string) => boolean;
  readonly #stopping = new AbortController();
  #writing: Promise<void> | undefined;
  #stopped = false;
  #dropped = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#mayCreate = createEventBudget(this.#now);
  }

  record(event: EventRecord): void {
    try {
      if (!this.#stopped) this.#take(event);
    } catch (err) {
      this.#options.logger.warn({ err, reason: event.reason }, 'an event was left out');
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const timer = setTimeout(() => this.#stopping.abort(), this.#options.stopMilliseconds ?? 2000);
    await this.#writing;
    clearTimeout(timer);
  }

  #take(record: EventRecord): void {
    const { regarding, type, reason, action } = record;
    const now = this.#now();
    const about = regarding.uid ?? `${regarding.kind}/${regarding.namespace ?? ''}/${regarding.name}`;
    const key = JSON.stringify([about, type, reason, action]);
    const known = this.#series.get(key);
    if (known && now - known.lastAt < SERIES_MILLISECONDS) {
      known.count += 1;
      known.untold += 1;
      known.lastAt = now;
      if (!known.created || now - known.writtenAt >= SERIES_WRITE_MILLISECONDS) this.#enqueue(known);
      return;
    }
    if (!this.#mayCreate(about)) return this.#drop(reason, 'too many events');
    const event = this.#eventOf(record, now);
    const series = { event, count: 1, untold: 0, lastAt: now, writtenAt: now, queued: false, created: false };
    // Set anew, so that the oldest come first.
    this.#series.delete(key);
    this.#series.set(key, series);
    const [oldest] = this.#series.keys();
    if (this.#series.size > MAX_SERIES && oldest !== undefined) this.#series.delete(oldest);
    this.#enqueue(series);
  }

  #eventOf({ regarding, type, reason, action, note }: EventRecord, now: number): Event {
    const { controller, instance } = this.#options;
    return {
      metadata: {
        // 253 characters at most, of which the suffix takes 17; a dot must not follow a dash.
        name: `${regarding.name.slice(0, 230).replace(/[-.]+$/, '')}.${randomBytes(8).toString('hex')}`,
        namespace: regarding.namespace ?? 'default',
      },
      eventTime: microTime(now),
      reportingController: controller,
      reportingInstance: instance.slice(0, 128),
      type,
      reason: reason.slice(0, 128),
      action: action.slice(0, 128),
      note: shorten(note),
      regarding,
    };
  }

  #enqueue(series: Series): void {
    if (series.queued) return;
    if (this.#queue.length >= MAX_QUEUE)
      return this.#drop(series.event['reason'], 'the queue of events is full');
    series.queued = true;
    this.#queue.push(series);
    this.#writing ??= this.#writeAll();
  }

  #drop(reason: unknown, why: string): void {
    this.#dropped += 1;
    this.#options.logger.debug({ reason, why, dropped: this.#dropped }, 'an event was left out');
  }

  async #writeAll(): Promise<void> {
    // Begun in the next turn, so that record() never does any of the work of its caller's turn.
    await Promise.resolve();
    for (let series = this.#queue.shift(); series; series = this.#queue.shift()) {
      series.queued = false;
      if (this.#stopping.signal.aborted) break;
      await this.#write(series);
    }
    this.#writing = undefined;
  }

  async #write(series: Series): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS && !this.#stopping.signal.aborted; attempt += 1) {
      try {
        await this.#writeOnce(series);
        return;
      } catch (err) {
        if (isKube(err, 'AlreadyExists')) {
          // The answer to an earlier attempt got lost.
          series.created = true;
          return;
        }
        if (!isKube(err, 'Retry') || attempt === ATTEMPTS) {
          // Such as: its namespace is being deleted. An event is not worth more.
          this.#options.logger.debug(
            { err, reason: series.event['reason'] },
            'an event could not be written',
          );
          return;
        }
        const wait = backoffMilliseconds(attempt, BACKOFF, this.#options.random ?? Math.random);
        await pause(Math.max(wait, askedMilliseconds(err, BACKOFF.longest)), this.#stopping.signal);
      }
    }
  }

  async #writeOnce(series: Series): Promise<void> {
    const { client } = this.#options;
    const { event, count, lastAt, untold } = series;
    const { namespace, name } = event.metadata;
    const told = count > 1 ? { series: { count, lastObservedTime: microTime(lastAt) } } : {};
    if (series.created && untold > 0) {
      const patched = { ...told };
      try {
        await client.patch(EVENTS, { namespace, name }, patched);
      } catch (error) {
        // Events live for an hour; one that is gone is written again.
        if (!isKube(error, 'NotFound')) throw error;
        await client.create(EVENTS, { ...event, ...told });
      }
    } else if (!series.created) await client.create(EVENTS, { ...event, ...told });
    series.created = true;
    series.untold -= untold;
    series.writtenAt = this.#now();
  }
}

/** The server counts bytes: three for each character of Japanese. */
function shorten(note: string): string {
  const bytes = Buffer.from(note, 'utf8');
  if (bytes.length <= NOTE_BYTES) return bytes.toString('utf8');
  let end = NOTE_BYTES - Buffer.byteLength('…');
  // Not within a character: its later bytes begin with the bits 10.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.subarray(0, end).toString('utf8')}…`;
}
