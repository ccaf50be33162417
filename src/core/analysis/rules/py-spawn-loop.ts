import { allOf, membersOf, namesOf } from '../matching/lists.ts';
import { callsTo, isUnbounded } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const WORKERS = allOf(
  membersOf('threading', 'Thread Timer'),
  membersOf('multiprocessing', 'Process Pool'),
  membersOf('concurrent.futures', 'ThreadPoolExecutor ProcessPoolExecutor'),
  namesOf('_thread.start_new_thread asyncio.create_task subprocess.Popen'),
);

/**
 * Threads, processes and pools that are made in a loop without a condition or in a function that calls itself.
 *
 * Left alone: Workers made once, or for each item of a collection.
 */
export default defineRule({
  id: 'PY-SPAWN-LOOP',
  version: 1,
  title: { en: 'Starts workers without end', ja: '際限のないワーカーの起動' },
  severity: 'High',
  languages: ['Python'],
  cwe: [400, 770],
  attack: ['T1499.001'],
  forbids: {
    en: 'Threads, processes and pools that are made in a loop without a condition or in a function that calls itself.',
    ja: '条件のないループや再帰の中で作られるスレッド、プロセス、プール。',
  },
  allows: {
    en: 'Workers made once, or for each item of a collection.',
    ja: '一度だけ、または要素ごとに作られるワーカー。',
  },
  message: {
    en: 'The program starts threads or processes without end.',
    ja: 'スレッドやプロセスを際限なく起動します。',
  },
  remedy: {
    en: 'Make a fixed number of workers, once.',
    ja: '決まった数のワーカーを一度だけ作ってください。',
  },
  needs: [WORKERS],
  *check(program): Iterable<Hit> {
    for (const call of callsTo(program, WORKERS)) {
      if (isUnbounded(program, call)) yield { span: call.span };
    }
  },
});
