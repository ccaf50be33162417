/** What a promise answers, or an error once the time is over. What it does afterwards concerns nobody. */
export async function within<T>(promise: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_done, fail) => {
    timer = setTimeout(() => fail(late()), milliseconds);
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a promise answers, or an error once a signal says that nobody waits any more. */
export async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  aborted: () => Error,
): Promise<T> {
  let stop: () => void = () => undefined;
  const over = new Promise<never>((_done, fail) => {
    stop = () => fail(aborted());
    if (signal.aborted) stop();
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, over]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A signal that is aborted after some time, or when another one is; `clear` gives up its timer, and must be called. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly clear: () => void;
}

/** Unlike AbortSignal.timeout it leaves no timer behind: a call that took a millisecond would keep its own for seconds. */
export function deadline(milliseconds: number, gone: AbortSignal | undefined, late: () => Error): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(late()), milliseconds);
  const leave = (): void => controller.abort(gone?.reason);
  gone?.addEventListener('abort', leave, { once: true });
  if (gone?.aborted) leave();
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      gone?.removeEventListener('abort', leave);
    },
  };
}
