import { parentPort } from 'node:worker_threads';
import { analyse } from '../core/analysis/engine.ts';
import type { Order, Reply } from './messages.ts';

/** The worker's own file: takes one program after the other, and says when it begins with each. */
parentPort?.on('message', ({ id, source, options }: Order) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
  const say = (reply: Reply): void => parentPort?.postMessage(reply);
  say({ id, kind: 'started' });
  say({ id, kind: 'done', report: analyse(source, options) });
});
