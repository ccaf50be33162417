/** Leaves an upstream alone once it has failed too often in a row, then tries it with one call at a time. */
export class Circuit {
  private failures = 0;
  private openUntil = 0;
  private trying = false;
  private readonly threshold: number;
  private readonly restMilliseconds: number;

  constructor(threshold: number, restMilliseconds: number) {
    this.threshold = threshold;
    this.restMilliseconds = restMilliseconds;
  }

  isOpen(): boolean {
    return this.failures >= this.threshold;
  }

  /** Milliseconds until a call may be made, or 0: it may be made now, and its end must be told. */
  wait(now: number): number {
    if (!this.isOpen()) return 0;
    if (now < this.openUntil || this.trying) return Math.max(this.openUntil - now, 1000);
    this.trying = true;
    return 0;
  }

  /** Failed: the upstream did. Unclear: the call says nothing about its health. */
  ended(outcome: 'Worked' | 'Failed' | 'Unclear', now: number): void {
    this.trying = false;
    if (outcome === 'Worked') this.failures = 0;
    if (outcome === 'Failed') this.failures += 1;
    if (outcome === 'Failed' && this.isOpen()) this.openUntil = now + this.restMilliseconds;
  }
}
