/** How often something may be done. */
export interface Allowance {
  readonly perMinute: number;
  readonly inAll: number;
}

interface Tally {
  /** Epoch milliseconds at which this minute began. */
  since: number;
  before: number;
  now: number;
  spent: number;
  /** Epoch milliseconds after which nobody can ask any more. */
  readonly until: number;
}

const MINUTE = 60_000;

/**
 * Counts calls by request, plugin and operation. What is counted is forgotten once the request is over and never before: a caller cannot
 * make room for itself by calling much.
 */
export class Tallies {
  private readonly tallies = new Map<string, Tally>();
  private sweptAt = 0;

  /** Counts one attempt; answers the seconds to wait where there were too many within a minute, else 0. */
  attempt(
    key: string,
    { perMinute }: Pick<Allowance, 'perMinute'>,
    at: { now: number; until: number },
  ): number {
    const tally = this.tallyOf(key, at.now, at.until);
    const passed = (at.now - tally.since) / MINUTE;
    if (tally.before * (1 - passed) + tally.now >= perMinute)
      return Math.max(1, Math.ceil((tally.since + MINUTE - at.now) / 1000));
    tally.now += 1;
    return 0;
  }

  hasLeft(key: string, { inAll }: Pick<Allowance, 'inAll'>): boolean {
    return (this.tallies.get(key)?.spent ?? 0) < inAll;
  }

  /** Takes one of the calls that may be made in all. False: there is none left. */
  spend(key: string, { inAll }: Pick<Allowance, 'inAll'>, at: { now: number; until: number }): boolean {
    const tally = this.tallyOf(key, at.now, at.until);
    if (tally.spent >= inAll) return false;
    tally.spent += 1;
    return true;
  }

  get size(): number {
    return this.tallies.size;
  }

  private tallyOf(key: string, now: number, until: number): Tally {
    this.sweep(now);
    const known = this.tallies.get(key) ?? { since: now, before: 0, now: 0, spent: 0, until };
    this.tallies.set(key, known);
    const minutes = Math.floor((now - known.since) / MINUTE);
    if (minutes > 0) {
      known.before = minutes === 1 ? known.now : 0;
      known.now = 0;
      known.since += minutes * MINUTE;
    }
    return known;
  }

  private sweep(now: number): void {
    if (now - this.sweptAt < MINUTE) return;
    this.sweptAt = now;
    for (const [key, { until }] of this.tallies) if (until + MINUTE < now) this.tallies.delete(key);
  }
}
