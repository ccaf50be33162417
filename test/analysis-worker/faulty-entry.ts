import { parentPort } from 'node:worker_threads';
import { analyse } from '../../src/core/analysis/engine.ts';
import type { Order, Reply } from '../../src/analysis-worker/messages.ts';

/** A worker that does what the first word of a program says: what a fault in the analysis would do. */
const FAULTS: Readonly<Record<string, () => void>> = {
  hang: () => {
    for (;;);
  },
  eat: () => {
    const kept: unknown[] = [];
    for (;;) kept.push(Array.from({ length: 1000 }, (_unused, index) => ({ index })));
  },
  die: () => process.exit(3),
  throw: () => {
    throw new Error('a fault');
  },
};

parentPort?.on('message', ({ id, source, options }: Order) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
  const say = (reply: Reply): void => parentPort?.postMessage(reply);
  say({ id, kind: 'started' });
  FAULTS[source.code.split(' ')[0] ?? '']?.();
  say({ id, kind: 'done', report: analyse(source, options) });
});
