import { KubeError } from './errors.ts';

/** Milliseconds of the first wait, and of the longest. */
export interface BackoffLimits {
  readonly first: number;
  readonly longest: number;
}

/** Doubles with each failure, capped, then spread over the upper half, so that those who failed together do not return together. */
export function backoffMilliseconds(
  failures: number,
  { first, longest }: BackoffLimits,
  random: () => number,
): number {
  const full = Math.min(longest, first * 2 ** Math.min(Math.max(failures - 1, 0), 30));
  return full * (0.5 + random() / 2);
}

/** What the server asked for by Retry-After, in milliseconds, bounded so that no answer can put us to sleep. */
export function askedMilliseconds(error: unknown, longest: number): number {
  if (!(error instanceof KubeError) || error.retryAfterSeconds === undefined) return 0;
  return Math.min(longest, error.retryAfterSeconds * 1000);
}

/** Resolves after a time, or at once when the signal is given. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Runs with a signal that is given when the outer one is, or when the time is over; then it answers false. */
export async function withinTime(
  milliseconds: number,
  outer: AbortSignal,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    abort();
  }, milliseconds);
  outer.addEventListener('abort', abort, { once: true });
  try {
    await run(controller.signal);
    return true;
  } catch (error) {
    if (late) return false;
    throw error;
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', abort);
  }
}
