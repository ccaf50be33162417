import { setTimeout as pause } from 'node:timers/promises';

export interface Target {
  readonly name: string;
  /** Milliseconds from the moment at which the call was due until its answer was read whole. */
  readonly times: number[];
  readonly call: (nth: number) => Promise<void>;
}

/**
 * So many calls a second through each target, due at fixed moments whatever became of those before, in turn: the first of one moment is
 * the second of the next.
 */
export async function interleaved(
  targets: readonly Target[],
  perSecond: number,
  seconds: number,
): Promise<void> {
  const interval = 1000 / perSecond;
  const begun = performance.now();
  const pending = new Set<Promise<void>>();
  for (let tick = 0; tick < perSecond * seconds; tick += 1) {
    const due = begun + tick * interval;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    for (const target of tick % 2 === 0 ? targets : targets.toReversed()) {
      const asked = performance.now();
      const call = target.call(tick).then(() => void target.times.push(performance.now() - asked));
      pending.add(call);
      call.finally(() => pending.delete(call)).catch(() => undefined);
    }
  }
  await Promise.all(pending);
}
