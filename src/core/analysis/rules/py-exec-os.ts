import { membersOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import { defineRule } from '../rule.ts';

const EXECUTORS = membersOf(
  'os',
  'system popen popen2 popen3 popen4 startfile posix_spawn posix_spawnp execl execle execlp execlpe execv execve execvp execvpe ' +
    'spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe',
);

/**
 * os.system, os.popen, os.exec*, os.spawn*, os.posix_spawn* and os.startfile, by whatever name or way the program gets
 * them. References count, not only calls: who holds os.system can call it.
 *
 * Left alone: The same words in comments and texts, and functions of the program itself that are called so.
 */
export default defineRule({
  id: 'PY-EXEC-OS',
  version: 1,
  title: { en: 'Starts a program through os', ja: 'os によるプログラムの起動' },
  severity: 'High',
  languages: ['Python'],
  cwe: [78],
  attack: ['T1059.006', 'T1059.004'],
  forbids: {
    en: 'os.system, os.popen, os.exec*, os.spawn*, os.posix_spawn* and os.startfile, by whatever name or way the program gets them. References count, not only calls: who holds os.system can call it.',
    ja: 'os.system、os.popen、os.exec*、os.spawn*、os.posix_spawn*、os.startfile。別名や参照だけでも対象とします。',
  },
  allows: {
    en: 'The same words in comments and texts, and functions of the program itself that are called so.',
    ja: 'コメントや文字列の中の語、プログラム自身が定義した同名の関数。',
  },
  message: {
    en: 'The program starts another program through os.',
    ja: 'os を使って別のプログラムを起動します。',
  },
  remedy: { en: 'Do the work in Python itself.', ja: '処理を Python の中で行ってください。' },
  needs: [EXECUTORS],
  check: (program) => referencesTo(program, EXECUTORS),
});
