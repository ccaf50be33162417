import { namesOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import { defineRule } from '../rule.ts';

const STARTERS = namesOf(
  'child_process child_process.* execa execa.* shelljs shelljs.* cross-spawn node-pty.* Deno.Command Deno.run Bun.spawn Bun.spawnSync',
);

/**
 * The module child_process, however it is loaded: require, import, createRequire, getBuiltinModule, Module._load, by a
 * computed name.
 *
 * Left alone: The name in texts; methods exec of regular expressions.
 */
export default defineRule({
  id: 'JS-EXEC-CHILD',
  version: 1,
  title: { en: 'Starts programs', ja: 'プログラムの起動' },
  severity: 'High',
  languages: ['JavaScript'],
  cwe: [78],
  attack: ['T1059.007', 'T1059.004'],
  forbids: {
    en: 'The module child_process, however it is loaded: require, import, createRequire, getBuiltinModule, Module._load, by a computed name.',
    ja: 'child_process モジュール(require、import、createRequire、getBuiltinModule、計算した名前を含む)。',
  },
  allows: {
    en: 'The name in texts; methods exec of regular expressions.',
    ja: '文字列の中の名前、正規表現の exec。',
  },
  message: { en: 'The program can start other programs.', ja: '別のプログラムを起動できます。' },
  remedy: { en: 'Do the work in JavaScript itself.', ja: '処理を JavaScript の中で行ってください。' },
  needs: [STARTERS],
  check: (program) => referencesTo(program, STARTERS),
});
