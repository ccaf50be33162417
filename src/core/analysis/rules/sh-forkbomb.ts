import type { Command, Program } from '../program/program.ts';
import { defineRule } from '../rule.ts';

const fansOut = ({ piped, background, upstream }: Command): boolean =>
  piped || background || upstream.length > 0;

const callsItself = ({ own, context }: Command, { recursive }: Program): boolean =>
  own !== undefined && recursive.has(own) && context.functions.some((id) => recursive.has(id));

const runsScript = (command: Command, program: Program): boolean =>
  command.dynamic &&
  (command.background || command.context.loop !== undefined) &&
  /^\s*(?:\S*sh\s+)?["']?\$\{?0\}?/.test(
    program.document.lines[command.span.line - 1]?.slice(command.span.column - 1) ?? '',
  );

/**
 * A function that pipes into itself or starts itself in the background, whatever it is called; $0 in the background in a
 * loop.
 *
 * Left alone: Functions that call themselves in turn and end.
 */
export default defineRule({
  id: 'SH-FORKBOMB',
  version: 1,
  title: { en: 'Fork bomb', ja: 'フォーク爆弾' },
  severity: 'Critical',
  languages: ['Bash'],
  cwe: [400, 770],
  attack: ['T1499.001'],
  forbids: {
    en: 'A function that pipes into itself or starts itself in the background, whatever it is called; $0 in the background in a loop.',
    ja: '自分自身にパイプする、または自分をバックグラウンドで起動する関数。ループの中の $0 &。',
  },
  allows: { en: 'Functions that call themselves in turn and end.', ja: '終わりのある再帰。' },
  message: {
    en: 'The script starts itself again and again: a fork bomb.',
    ja: '自分自身を繰り返し起動します(フォーク爆弾)。',
  },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: ['commands'],
  check: (program) =>
    program.commands.filter(
      (command) => (callsItself(command, program) && fansOut(command)) || runsScript(command, program),
    ),
});
