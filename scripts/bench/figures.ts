/** Epoch milliseconds, with fractions. */
export const now = (): number => performance.timeOrigin + performance.now();

/** The value that a share of all do not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** Value of a metric without labels in Prometheus' text. */
export function metricOf(text: string, name: string): number {
  const line = text.split('\n').find((entry) => entry.startsWith(`${name} `));
  if (line === undefined) throw new Error(`the controller has no metric ${name}`);
  return Number(line.slice(name.length + 1));
}
