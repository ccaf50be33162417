/* oxlint-disable typescript/no-unsafe-type-assertion -- the compiler does not see that the two answers for "not yet" are gone */
/** How long to look, and the words for a failure. */
export interface EventuallyOptions {
  readonly timeoutMilliseconds?: number;
  /** What should come true. */
  readonly what: string;
  readonly intervalMilliseconds?: number;
}

/** Looks again and again until `look` answers something other than undefined or false, and answers that. An exception in it counts as not yet. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  { what, timeoutMilliseconds = 10_000, intervalMilliseconds = 20 }: EventuallyOptions,
): Promise<Exclude<T, undefined | false>> {
  const until = performance.now() + timeoutMilliseconds;
  let last: unknown;
  for (;;) {
    try {
      last = undefined;
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
    } catch (error) {
      last = error;
    }
    if (performance.now() > until) {
      throw new Error(
        `not within ${timeoutMilliseconds} ms: ${what}`,
        last === undefined ? {} : { cause: last },
      );
    }
    await new Promise((resolve) => {
      setTimeout(resolve, intervalMilliseconds);
    });
  }
}
