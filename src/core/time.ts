/* oxlint-disable no-restricted-globals -- reads and writes times as text; never the clock */

/** RFC 3339 → epoch milliseconds. */
export const millisecondsOf = (time: string): number => Date.parse(time);

/** Epoch milliseconds → RFC 3339, in UTC. */
export const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
