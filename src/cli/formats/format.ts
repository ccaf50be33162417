import type { Result, Tally } from '../input.ts';

/** A way to write results down, one after the other, so that nothing piles up however many there are. */
export interface Format {
  readonly begin: () => string;
  readonly one: (result: Result) => string;
  readonly end: (tally: Tally) => string;
}
