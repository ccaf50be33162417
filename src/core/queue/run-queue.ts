import type { Limit, QuotaLimits } from './quota.ts';
import { RecentStarts } from './recent-starts.ts';
import type { Run } from './run.ts';
import { Tally } from './tally.ts';

/** A run that is ready to start. */
export interface Applicant extends Run {
  /** Epoch milliseconds; who asked first is first in its namespace. */
  readonly createdAt: number;
  readonly limits: QuotaLimits;
}

/** The limit that keeps a run waiting. */
export type Obstacle =
  | {
      readonly kind: 'Namespace' | 'Requester';
      readonly amount: 'running' | 'perHour';
      readonly limit: Limit;
    }
  /** As many run as the operator runs at one time, in all namespaces together. */
  | { readonly kind: 'Cluster'; readonly most: number }
  /** Others are first. */
  | { readonly kind: 'Others' };

export interface Waiting {
  readonly kind: 'Waiting';
  /** Place in the line of its namespace, from 1. */
  readonly position: number;
  /** How many wait in that namespace. */
  readonly of: number;
  readonly obstacle: Obstacle;
  /** Look again after so many seconds at the latest. */
  readonly againSeconds: number;
}

/** Whether a run has a place. */
export type Turn = { readonly kind: 'Granted' } | { readonly kind: 'NotAsked' } | Waiting;

/** Positions are told anew so often; the more wait the more seldom, so that telling them all costs ten writes a second at most. */
const TELL_SECONDS = 10;
const TOLD_EACH_SECOND = 10;

/** An applicant in line. Requests of the same second stand as they came. */
interface Standing extends Applicant {
  readonly arrival: number;
}

const byAge = (a: Standing, b: Standing): number => a.createdAt - b.createdAt || a.arrival - b.arrival;

/**
 * Who runs and who waits. Places go round by fairness between namespaces: the one with the fewest runs is served first, and of
 * several the one that was served longest ago; within a namespace, by age. Keeps no clock: times are epoch milliseconds.
 */
export class RunQueue {
  readonly #most: number;
  readonly #held = new Map<string, Run>();
  readonly #waiting = new Map<string, Standing>();
  #arrivals = 0;
  readonly #running = new Tally();
  readonly #starts = new RecentStarts();
  /** When a namespace last got a place, as a count. */
  readonly #served = new Map<string, number>();
  #grants = 0;

  /** `most`: runs at one time in all namespaces together. */
  constructor(most: number) {
    this.#most = most;
  }

  get running(): number {
    return this.#held.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  turnOf(key: string): Turn {
    return { kind: this.#held.has(key) ? 'Granted' : 'NotAsked' };
  }

  /** Asks for a place. One that is given is kept until `leave`; who has none waits in line until then too. */
  ask(applicant: Applicant, now: number): Turn {
    const { key } = applicant;
    if (this.#held.has(key)) return { kind: 'Granted' };
    const arrival = this.#waiting.get(key)?.arrival ?? (this.#arrivals += 1);
    const standing = { ...applicant, arrival };
    this.#waiting.set(key, standing);
    if (!this.next(now).has(key)) return this.#waitingTurn(standing, now);
    this.hold(applicant);
    this.#starts.add(applicant, now);
    this.#served.set(applicant.namespace, (this.#grants += 1));
    return { kind: 'Granted' };
  }

  /** A run that has a place whatever the limits say, since it has begun. */
  hold({ key, namespace, requester }: Run): void {
    this.#waiting.delete(key);
    if (this.#held.has(key)) return;
    const run = { key, namespace, requester };
    this.#held.set(key, run);
    this.#running.add(run, 1);
  }

  /** A start of the past that counts for the limits by hour. */
  remember(run: Run, at: number): void {
    this.#starts.add(run, at);
  }

  /** Gives the place up, or the wait. Answers whether others may be served now. */
  leave(key: string): boolean {
    const waited = this.#waiting.delete(key);
    const run = this.#held.get(key);
    if (run) {
      this.#held.delete(key);
      this.#running.add(run, -1);
    }
    return (waited || run !== undefined) && this.#waiting.size > 0;
  }

  /** Everyone who waits. */
  keys(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /** Who of the waiting would get a place now. */
  next(now: number): ReadonlySet<string> {
    this.#starts.forgetBefore(now);
    const chosen = new Set<string>();
    if (this.#held.size >= this.#most) return chosen;
    const running = this.#running.copy();
    const starts = this.#starts.tally.copy();
    const served = new Map(this.#served);
    const lines = this.#lines();
    let grants = this.#grants;
    for (let free = this.#most - this.#held.size; free > 0; free -= 1) {
      const first = this.#firstOf(lines, { running, starts }, served);
      if (!first) break;
      chosen.add(first.key);
      running.add(first, 1);
      starts.add(first, 1);
      served.set(first.namespace, (grants += 1));
      lines.set(first.namespace, lines.get(first.namespace)?.filter((other) => other !== first) ?? []);
    }
    return chosen;
  }

  /** The waiting by namespace, the oldest first. */
  #lines(): Map<string, readonly Standing[]> {
    const lines = Map.groupBy(this.#waiting.values(), ({ namespace }) => namespace);
    return new Map([...lines].map(([namespace, line]) => [namespace, line.toSorted(byAge)]));
  }

  #firstOf(
    lines: ReadonlyMap<string, readonly Standing[]>,
    used: Used,
    served: ReadonlyMap<string, number>,
  ): Standing | undefined {
    const candidates = [...lines.values()].flatMap((line) => {
      const able = line.find((applicant) => obstacleOf(applicant, used) === undefined);
      return able ? [able] : [];
    });
    return candidates.toSorted(
      (a, b) =>
        used.running.ofNamespace(a.namespace) - used.running.ofNamespace(b.namespace) ||
        (served.get(a.namespace) ?? 0) - (served.get(b.namespace) ?? 0) ||
        byAge(a, b),
    )[0];
  }

  #waitingTurn(applicant: Standing, now: number): Waiting {
    const line = this.#lines().get(applicant.namespace) ?? [];
    const obstacle =
      obstacleOf(applicant, { running: this.#running, starts: this.#starts.tally }) ?? this.#common();
    const tell = Math.max(TELL_SECONDS, Math.ceil(this.#waiting.size / TOLD_EACH_SECOND));
    const byTheHour = 'amount' in obstacle && obstacle.amount === 'perHour';
    return {
      kind: 'Waiting',
      position: line.indexOf(applicant) + 1,
      of: line.length,
      obstacle,
      againSeconds: byTheHour ? this.#starts.secondsToNext(now, tell) : tell,
    };
  }

  #common(): Obstacle {
    return this.#held.size >= this.#most ? { kind: 'Cluster', most: this.#most } : { kind: 'Others' };
  }
}

interface Used {
  readonly running: Tally;
  readonly starts: Tally;
}

function obstacleOf({ namespace, requester, limits }: Applicant, used: Used): Obstacle | undefined {
  const checks = [
    ['Namespace', 'running', limits.namespace.running, used.running.ofNamespace(namespace)],
    ['Namespace', 'perHour', limits.namespace.perHour, used.starts.ofNamespace(namespace)],
    ['Requester', 'running', limits.requester.running, used.running.ofRequester(requester)],
    ['Requester', 'perHour', limits.requester.perHour, used.starts.ofRequester(requester)],
  ] as const;
  for (const [kind, amount, limit, count] of checks)
    if (limit && count >= limit.most) return { kind, amount, limit };
  return undefined;
}
