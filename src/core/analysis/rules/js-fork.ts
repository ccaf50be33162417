import { namesOf } from '../matching/lists.ts';
import { callsTo, isUnbounded } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const WORKERS = namesOf('worker_threads.Worker Worker child_process.fork child_process.spawn setImmediate');
const FORKS = namesOf('cluster.fork');

/**
 * cluster.fork, and Workers made in a loop without a condition or in a function that calls itself.
 *
 * Left alone: A Worker made once.
 */
export default defineRule({
  id: 'JS-FORK',
  version: 1,
  title: { en: 'Starts processes or threads without end', ja: '際限のないプロセスやスレッドの起動' },
  severity: 'High',
  languages: ['JavaScript'],
  cwe: [400, 770],
  attack: ['T1499.001'],
  forbids: {
    en: 'cluster.fork, and Workers made in a loop without a condition or in a function that calls itself.',
    ja: 'cluster.fork、条件のないループや再帰の中で作られる Worker。',
  },
  allows: { en: 'A Worker made once.', ja: '一度だけ作られる Worker。' },
  message: {
    en: 'The program starts processes or threads without end.',
    ja: 'プロセスやスレッドを際限なく起動します。',
  },
  remedy: { en: 'Make a fixed number of workers, once.', ja: '決まった数だけ作ってください。' },
  needs: [WORKERS, FORKS],
  *check(program): Iterable<Hit> {
    for (const { span } of callsTo(program, FORKS)) yield { span };
    for (const call of callsTo(program, WORKERS)) if (isUnbounded(program, call)) yield { span: call.span };
  },
});
