import { namesOf } from '../matching/lists.ts';
import { callsTo, referencesTo } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const EVALUATORS = namesOf(
  'eval exec compile execfile runpy.run_path runpy.run_module code.interact code.InteractiveInterpreter code.InteractiveConsole code.compile_command codeop.* types.FunctionType types.CodeType imp.load_source',
);
const TIMERS = namesOf(
  'timeit.timeit timeit.repeat timeit.Timer cProfile.run profile.run pdb.run pdb.runeval bdb.Bdb().run',
);

/**
 * eval, exec, compile for execution, code.*, runpy, timeit with texts, types.FunctionType and CodeType. Texts that are
 * known are judged as programs as well.
 *
 * Left alone: ast.literal_eval, re.compile, DataFrame.eval and other functions of the same names.
 */
export default defineRule({
  id: 'PY-DYN',
  version: 2,
  title: { en: 'Runs text as code', ja: '文字列のコード実行' },
  severity: 'High',
  languages: ['Python'],
  cwe: [95],
  attack: ['T1059.006', 'T1027'],
  forbids: {
    en: 'eval, exec, compile for execution, code.*, runpy, timeit with texts, types.FunctionType and CodeType. Texts that are known are judged as programs as well.',
    ja: 'eval、exec、compile、code.*、runpy、timeit の文字列、types.FunctionType など。内容が分かる場合は中身も判定します。',
  },
  allows: {
    en: 'ast.literal_eval, re.compile, DataFrame.eval and other functions of the same names.',
    ja: 'ast.literal_eval、re.compile、DataFrame.eval など同名の別関数。',
  },
  message: { en: 'The program runs text as code.', ja: '文字列をコードとして実行します。' },
  remedy: {
    en: 'Write the code itself; for data use ast.literal_eval or json.loads.',
    ja: 'コードを直接書いてください。データには ast.literal_eval や json.loads を使ってください。',
  },
  needs: [EVALUATORS, TIMERS],
  *check(program): Iterable<Hit> {
    for (const { span, via } of referencesTo(program, EVALUATORS)) if (via !== 'import') yield { span };
    for (const { args, span } of callsTo(program, TIMERS))
      if (args[0] !== undefined && args[0].kind !== 'closure') yield { span };
  },
});
