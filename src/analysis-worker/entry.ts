import { parentPort } from 'node:worker_threads';
import type { CompileExpression } from '../core/analysis/custom-rules.ts';
import { analyse } from '../core/analysis/engine.ts';
import type { Order, Reply } from './messages.ts';

let compiler: Promise<CompileExpression> | undefined;

/** CEL takes 30 MB, and few policies have expressions: it is loaded for the first that has. */
async function compilerFor({ customRules = [] }: Order['options']): Promise<CompileExpression | undefined> {
  if (customRules.every(({ expression }) => expression === undefined)) return undefined;
  compiler ??= import('../core/analysis/expression.ts').then((module) => module.compileExpression);
  return compiler;
}

async function judge({ id, source, options }: Order): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
  const say = (reply: Reply): void => parentPort?.postMessage(reply);
  const compile = await compilerFor(options);
  say({ id, kind: 'started' });
  say({ id, kind: 'done', report: analyse(source, options, compile) });
}

/** The worker's own file: takes one program after the other, and says when it begins with each. */
parentPort?.on('message', (order: Order) => void judge(order));
