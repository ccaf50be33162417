/**
 * How long a start counts at most. One that takes longer waits for something else than the time of its node, such as an image or a
 * place, and must not keep others from starting.
 */
const STARTING_MILLISECONDS = 5000;

/**
 * Starts that are under way. The more pods a node starts at one time, the more each of them costs it: on two cores forty at once took a
 * third more CPU time for each than ten. Keeps no clock: times are epoch milliseconds.
 */
export class Pace {
  readonly most: number;
  /** When each began, the oldest first. */
  readonly #begun = new Map<string, number>();

  /** `most`: starts at one time. */
  constructor(most: number) {
    this.most = most;
  }

  begin(key: string, now: number): void {
    this.#begun.set(key, now);
  }

  /** Answers whether it was under way. */
  end(key: string): boolean {
    return this.#begun.delete(key);
  }

  /** How many more may begin. */
  free(now: number): number {
    for (const [key, at] of this.#begun) if (now - at >= STARTING_MILLISECONDS) this.#begun.delete(key);
    return Math.max(0, this.most - this.#begun.size);
  }

  /** Seconds, rounded up, until the oldest counts no more. */
  secondsToNext(now: number): number {
    const [oldest = now] = this.#begun.values();
    return Math.max(1, Math.ceil((oldest + STARTING_MILLISECONDS - now) / 1000));
  }
}
