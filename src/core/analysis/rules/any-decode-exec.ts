import { namesOf } from '../matching/lists.ts';
import { DECODERS } from '../bash/outputs.ts';
import { CODE_SINKS, codeOf, codeSinkOf } from '../program/code-sinks.ts';
import { INTERPRETERS, interpreterOf } from '../program/interpreters.ts';
import { TAINT } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const SINKS = namesOf(CODE_SINKS);
const SOURCING = namesOf('eval source .');

/**
 * Base64, hex, rot13, zlib or characters put together that flow into eval, exec, Function, a shell or another
 * interpreter.
 *
 * Left alone: Decoding without running.
 */
export default defineRule({
  id: 'ANY-DECODE-EXEC',
  version: 1,
  title: { en: 'Runs decoded text', ja: '復号した文字列の実行' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [506, 95],
  attack: ['T1027', 'T1140'],
  forbids: {
    en: 'Base64, hex, rot13, zlib or characters put together that flow into eval, exec, Function, a shell or another interpreter.',
    ja: 'base64、hex、rot13、zlib、文字コードの連結などで得た文字列を eval や Function、シェルに渡すこと。',
  },
  allows: { en: 'Decoding without running.', ja: '実行しない復号。' },
  message: {
    en: 'The program runs code that was hidden by an encoding.',
    ja: '符号化で隠されたコードを実行します。',
  },
  remedy: { en: 'Write the code itself.', ja: 'コードを直接書いてください。' },
  needs: [SINKS, SOURCING, INTERPRETERS],
  *check(program): Iterable<Hit> {
    for (const call of program.calls) {
      const sink = codeSinkOf(program.family, call);
      const code = sink && codeOf(call, sink);
      if (code && (code.taint & TAINT.Decoded) !== 0) yield { span: call.span };
    }
    for (const command of program.commands) {
      const interpreter = interpreterOf(command);
      const sources =
        interpreter?.reads === true ? [...command.upstream, ...command.substitutions] : command.substitutions;
      const runs = interpreter !== undefined || SOURCING.has(command.name ?? '');
      if (runs && sources.some(({ name }) => name !== undefined && DECODERS.has(name)))
        yield { span: command.span };
    }
  },
});
