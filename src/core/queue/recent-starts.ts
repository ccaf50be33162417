import type { Run } from './run.ts';
import { Tally } from './tally.ts';

/** How far back starts count. */
export const HOUR_MILLISECONDS = 3_600_000;

/** Starts of the last sixty minutes. */
export class RecentStarts {
  readonly tally = new Tally();
  /** The oldest first. */
  #starts: { readonly run: Run; readonly at: number }[] = [];

  add(run: Run, at: number): void {
    const newer = this.#starts.findLastIndex((start) => start.at <= at) + 1;
    this.#starts.splice(newer, 0, { run, at });
    this.tally.add(run, 1);
  }

  forgetBefore(now: number): void {
    const kept = this.#starts.findIndex(({ at }) => at > now - HOUR_MILLISECONDS);
    const old = this.#starts.splice(0, kept < 0 ? this.#starts.length : kept);
    for (const { run } of old) this.tally.add(run, -1);
  }

  /** Seconds until the oldest start counts no more; `longest` where that is later. */
  secondsToNext(now: number, longest: number): number {
    const [oldest] = this.#starts;
    if (!oldest) return longest;
    return Math.min(longest, Math.max(1, Math.ceil((oldest.at + HOUR_MILLISECONDS - now) / 1000)));
  }
}
