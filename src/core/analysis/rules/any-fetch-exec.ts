import { namesOf } from '../matching/lists.ts';
import { CODE_SINKS, codeOf, codeSinkOf } from '../program/code-sinks.ts';
import { TAINT } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const SINKS = namesOf(CODE_SINKS);

/**
 * The answer of a network call that flows into eval, exec, Function, vm or a command.
 *
 * Left alone: Downloads that are only read.
 */
export default defineRule({
  id: 'ANY-FETCH-EXEC',
  version: 1,
  title: { en: 'Runs what it downloads', ja: '取得した内容の実行' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript'],
  cwe: [494, 829],
  attack: ['T1105', 'T1059'],
  forbids: {
    en: 'The answer of a network call that flows into eval, exec, Function, vm or a command.',
    ja: '通信の応答を eval、exec、Function、vm、コマンドに渡すこと。',
  },
  allows: { en: 'Downloads that are only read.', ja: '読むだけの取得。' },
  message: { en: 'The program runs what it downloads.', ja: '取得した内容を実行します。' },
  remedy: {
    en: 'Put the code itself into the request.',
    ja: '実行するコードそのものを依頼に含めてください。',
  },
  needs: [SINKS],
  *check(program): Iterable<Hit> {
    for (const call of program.calls) {
      const sink = codeSinkOf(program.family, call);
      const code = sink && codeOf(call, sink);
      if (code && (code.taint & TAINT.Network) !== 0) yield { span: call.span };
    }
  },
});
