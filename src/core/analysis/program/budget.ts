/** Thrown when a program asks for more work than any honest one does; the engine turns it into a finding. */
export class BudgetExceeded extends Error {}

const MAXIMUM_STEPS = 1_500_000;
const MAXIMUM_RECORDS = 120_000;

/** Counts the work of one analysis, so that it ends after the same work on every machine. */
export class Budget {
  private steps = MAXIMUM_STEPS;
  private records = MAXIMUM_RECORDS;

  /** What is only done to know more is left undone from here on. */
  get isHalfSpent(): boolean {
    return this.steps < MAXIMUM_STEPS / 2 || this.records < MAXIMUM_RECORDS / 2;
  }

  /** Takes note of work. Throws when there was too much of it. */
  spend(steps = 1): void {
    this.steps -= steps;
    if (this.steps < 0) throw new BudgetExceeded('too much work');
  }

  /** Takes note of one thing that is kept for the rules. */
  keep(): void {
    this.records -= 1;
    if (this.records < 0) throw new BudgetExceeded('too many records');
  }
}
