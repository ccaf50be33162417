import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { referencesTo } from './matching.ts';

export default defineRule({
  id: 'PY-FORK',
  version: 1,
  title: { en: 'Forks processes', ja: 'プロセスの複製' },
  severity: 'High',
  languages: ['Python'],
  cwe: [400, 770],
  attack: ['T1499.001'],
  forbids: { en: 'os.fork and os.forkpty.', ja: 'os.fork と os.forkpty。' },
  allows: {
    en: 'Functions of the program itself that are called fork.',
    ja: 'プログラム自身が定義した fork という名の関数。',
  },
  message: { en: 'The program forks itself.', ja: 'プログラムが自分自身を複製します(fork)。' },
  remedy: { en: 'Use one process.', ja: '一つのプロセスで処理してください。' },
  *check(program): Iterable<Hit> {
    yield* referencesTo(program, ['os.fork', 'os.forkpty']);
  },
});
