import { namesOf } from '../matching/lists.ts';
import { callsTo, isUnbounded } from '../matching/names.ts';
import type { Value } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const WORKERS = namesOf('worker_threads.Worker Worker child_process.fork child_process.spawn setImmediate');
const FORKS = namesOf('cluster.fork');
const COPIES = namesOf('worker_threads.Worker Worker child_process.fork');
/** By these a program tells whether it is the one that was started first. */
const ASKING =
  /^(?:worker_threads\.(?:isMainThread|parentPort|workerData|threadId)|cluster\.|process\.(?:argv|env|send|connected|channel|on)\b)/;

const OWN = /^(?:__filename|import\.meta\.(?:filename|url)|process\.argv\[\])$/;

/** The program's own file. */
const isOwnFile = (value: Value | undefined): boolean =>
  value?.kind === 'ref' &&
  (value.name === 'URL()' ? value.made?.length === 1 && isOwnFile(value.made[0]) : OWN.test(value.name));

/**
 * cluster.fork, and Workers made in a loop without a condition or in a function that calls itself; a program that starts
 * itself again, and never asks which one it is.
 *
 * Left alone: A Worker made once.
 */
export default defineRule({
  id: 'JS-FORK',
  version: 2,
  title: { en: 'Starts processes or threads without end', ja: '際限のないプロセスやスレッドの起動' },
  severity: 'High',
  languages: ['JavaScript'],
  cwe: [400, 770],
  attack: ['T1499.001'],
  forbids: {
    en: 'cluster.fork, and Workers made in a loop without a condition or in a function that calls itself; a program that starts itself again, and never asks which one it is.',
    ja: 'cluster.fork、条件のないループや再帰の中で作られる Worker。自分がどれかを確かめずに自分自身を起動すること。',
  },
  allows: { en: 'A Worker made once.', ja: '一度だけ作られる Worker。' },
  message: {
    en: 'The program starts processes or threads without end.',
    ja: 'プロセスやスレッドを際限なく起動します。',
  },
  remedy: { en: 'Make a fixed number of workers, once.', ja: '決まった数だけ作ってください。' },
  needs: [WORKERS, FORKS, COPIES],
  *check(program): Iterable<Hit> {
    for (const { span } of callsTo(program, FORKS)) yield { span };
    const copies = callsTo(program, COPIES).filter(({ args }) => isOwnFile(args[0]));
    if (copies.length > 0 && !program.references.some(({ name }) => ASKING.test(name))) yield* copies;
    for (const call of callsTo(program, WORKERS)) if (isUnbounded(program, call)) yield { span: call.span };
  },
});
