import type { Notice } from '../core/notice/notice.ts';
import { backoffMilliseconds } from '../kube/backoff.ts';
import { linkTo } from './link.ts';
import type { Post, PostAnswer } from './post.ts';
import { LEAST_KEY_BYTES, signatureOf } from './signature.ts';

/** How a notice ended: the receiver took it, nobody could deliver it, or too many were waiting before it. */
export type Outcome = 'delivered' | 'failed' | 'dropped';

/** What is read anew for each attempt, so that a changed Secret counts at once. */
export interface Credentials {
  readonly key: Buffer;
  /** PEM; undefined for the authorities that Node trusts. */
  readonly ca: string | undefined;
}

export interface SenderPorts {
  readonly post: (post: Post, signal: AbortSignal) => Promise<PostAnswer>;
  readonly credentials: () => Promise<Credentials>;
  /** Whether this process still leads: only one tells. */
  readonly mayTell: () => boolean;
  readonly told: (outcome: Outcome) => void;
  readonly logger: { readonly error: (fields: object, message: string) => void };
  /** Resolves after a time, or at once when the signal is given. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
}

export interface SenderSettings {
  readonly url: string;
  /** With the places {namespace}, {name} and {uid}; undefined: no link. */
  readonly linkTemplate: string | undefined;
}

const MAX_WAITING = 2000;
/** So many deliveries at one time: one that is tried again does not hold up the others. */
const AT_ONCE = 4;
const ATTEMPTS = 8;
const BACKOFF = { first: 1000, longest: 60_000 } as const;
/** Answers after which another attempt may help. Of a redirect or a refusal it does not. */
const AGAIN = new Set([408, 425, 429]);

/** Why an attempt did not succeed, and whether another may. */
interface Failure {
  readonly why: string;
  readonly again: boolean;
  readonly afterMilliseconds?: number;
}

/** Tells a receiver over HTTPS, signed, what people should know; tries again with growing pauses, and says what it could not deliver. */
export class NotificationSender {
  readonly #settings: SenderSettings;
  readonly #ports: SenderPorts;
  readonly #waiting: Notice[] = [];
  readonly #stopping = new AbortController();
  readonly #workers = new Set<Promise<void>>();

  constructor(settings: SenderSettings, ports: SenderPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  /** Never throws, never waits. */
  tell(notice: Notice): void {
    if (this.#stopping.signal.aborted || this.#waiting.length >= MAX_WAITING) {
      this.#give(notice, 'dropped', 'too many are waiting', 0);
      return;
    }
    this.#waiting.push(notice);
    if (this.#workers.size >= AT_ONCE) return;
    const worker: Promise<void> = this.#work().finally(() => this.#workers.delete(worker));
    this.#workers.add(worker);
  }

  /** Ends deliveries under way. What was not delivered is told. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#workers);
  }

  async #work(): Promise<void> {
    // Begun in the next turn, so that tell() does none of the work of its caller's turn.
    await Promise.resolve();
    for (let notice = this.#waiting.shift(); notice; notice = this.#waiting.shift())
      await this.#deliver(notice);
  }

  async #deliver(notice: Notice): Promise<void> {
    const { signal } = this.#stopping;
    let failure: Failure = { why: 'the process ends', again: false };
    let attempt = 0;
    while (attempt < ATTEMPTS && !signal.aborted) {
      if (!this.#ports.mayTell()) {
        failure = { why: 'this process does not lead any more', again: false };
        break;
      }
      attempt += 1;
      const failed = await this.#attempt(notice);
      if (!failed) return this.#ports.told('delivered');
      failure = failed;
      if (!failed.again || attempt === ATTEMPTS) break;
      const wait = backoffMilliseconds(attempt, BACKOFF, this.#ports.random);
      await this.#ports.pause(Math.max(wait, failed.afterMilliseconds ?? 0), signal);
    }
    this.#give(notice, 'failed', failure.why, attempt);
  }

  /** One attempt; undefined when the receiver took it. */
  async #attempt(notice: Notice): Promise<Failure | undefined> {
    const { post, credentials } = this.#ports;
    try {
      const { status, retryAfterSeconds = 0 } = await post(
        this.#postOf(notice, await credentials()),
        this.#stopping.signal,
      );
      if (status >= 200 && status < 300) return undefined;
      const again = status >= 500 || AGAIN.has(status);
      const afterMilliseconds = Math.min(retryAfterSeconds * 1000, BACKOFF.longest);
      return { why: `the receiver answered ${status}`, again, afterMilliseconds };
    } catch (error) {
      return { why: error instanceof Error ? error.message : String(error), again: true };
    }
  }

  #postOf(notice: Notice, { key, ca }: Credentials): Post {
    if (key.length < LEAST_KEY_BYTES)
      throw new Error(`the key has ${key.length} bytes; at least ${LEAST_KEY_BYTES} are needed`);
    const { url, linkTemplate } = this.#settings;
    const link = linkTemplate === undefined ? {} : { link: linkTo(linkTemplate, notice) };
    const body = JSON.stringify({ ...notice, ...link });
    const timestamp = String(Math.floor(this.#ports.now() / 1000));
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'sekisho',
      'sekisho-delivery': notice.id,
      'sekisho-event': notice.event,
      'sekisho-timestamp': timestamp,
      'sekisho-signature': signatureOf(key, timestamp, body),
    };
    return { url, headers, body, ca };
  }

  #give({ id, event, request }: Notice, outcome: Outcome, why: string, attempts: number): void {
    this.#ports.told(outcome);
    const { namespace, name } = request;
    this.#ports.logger.error(
      { delivery: id, event, namespace, name, attempts, why },
      'a notification could not be delivered',
    );
  }
}
