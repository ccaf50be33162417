import { membersOf } from '../matching/lists.ts';
import { callsTo, isRepeated, referencesTo } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const FORKS = membersOf('os', 'fork forkpty');
const BOMB = {
  en: 'The program forks itself again and again: a fork bomb.',
  ja: 'プログラムが自分自身を繰り返し複製します(フォーク爆弾)。',
};

/**
 * os.fork and os.forkpty. Critical in a loop, a comprehension or a function that calls itself: a fork bomb.
 *
 * Left alone: Functions of the program itself that are called fork.
 */
export default defineRule({
  id: 'PY-FORK',
  version: 1,
  title: { en: 'Forks processes', ja: 'プロセスの複製' },
  severity: 'High',
  languages: ['Python'],
  cwe: [400, 770],
  attack: ['T1499.001'],
  forbids: {
    en: 'os.fork and os.forkpty. Critical in a loop, a comprehension or a function that calls itself: a fork bomb.',
    ja: 'os.fork と os.forkpty。ループ、内包表記、再帰の中では Critical(フォーク爆弾)。',
  },
  allows: {
    en: 'Functions of the program itself that are called fork.',
    ja: 'プログラム自身が定義した fork という名の関数。',
  },
  message: { en: 'The program forks itself.', ja: 'プログラムが自分自身を複製します(fork)。' },
  remedy: { en: 'Use one process.', ja: '一つのプロセスで処理してください。' },
  needs: [FORKS],
  *check(program): Iterable<Hit> {
    yield* referencesTo(program, FORKS);
    for (const call of callsTo(program, FORKS)) {
      if (isRepeated(program, call)) yield { span: call.span, severity: 'Critical', message: BOMB };
    }
  },
});
