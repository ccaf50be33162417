import { interpreterOf, isShell } from '../program/interpreters.ts';
import type { Command } from '../program/program.ts';
import { HOLE, wholeTextOf } from '../program/value.ts';
import type { Severity } from '../report.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

function severityOf(command: Command): Severity | undefined {
  const { name, args, wrappers } = command;
  const words = args.map((arg) => wholeTextOf(arg) ?? HOLE);
  if (/^[gmn]?awk$/.test(name ?? ''))
    return words.some((word) => /\bsystem\s*\(|\|\s*getline|\|&|print[^;}]*\|\s*"/.test(word))
      ? 'High'
      : undefined;
  if (wrappers.includes('xargs') && isShell(name)) return 'High';
  if (/^g?sed$/.test(name ?? ''))
    return words.some((word) => /^(?:\d*e\s|s(.).*\1.*\1[gip]*e)/.test(word)) ? 'High' : undefined;
  if (/^(?:vim?|ex|ed)$/.test(name ?? ''))
    return words.some((word) => word.includes('!')) ? 'High' : undefined;
  const interpreter = interpreterOf(command);
  if (!interpreter || interpreter.language === 'Bash' || interpreter.inline.length === 0) return undefined;
  return interpreter.language === undefined || words.includes(HOLE) ? 'High' : 'Medium';
}

/**
 * python -c, node -e, perl -e, awk with system(), xargs with a shell. What Sekisho can read is judged in its language;
 * High where it cannot be read or starts commands.
 *
 * Left alone: Scripts run by their path, awk and sed without commands, find -exec with tools.
 */
export default defineRule({
  id: 'SH-INTERP-INLINE',
  version: 1,
  title: { en: 'Runs code of another language', ja: '他言語のコード実行' },
  severity: 'Medium',
  languages: ['Bash'],
  cwe: [78],
  attack: ['T1059'],
  forbids: {
    en: 'python -c, node -e, perl -e, awk with system(), xargs with a shell. What Sekisho can read is judged in its language; High where it cannot be read or starts commands.',
    ja: 'python -c、node -e、perl -e、awk の system()、xargs とシェル。読めないもの、コマンドを起動するものは High。',
  },
  allows: {
    en: 'Scripts run by their path, awk and sed without commands, find -exec with tools.',
    ja: 'パスで指定したスクリプト、コマンドを起動しない awk や sed、find -exec の道具。',
  },
  message: { en: 'The script runs code of another language.', ja: '別の言語のコードを実行します。' },
  remedy: { en: 'Send the program in its own language.', ja: 'その言語のプログラムとして依頼してください。' },
  *check(program): Iterable<Hit> {
    for (const command of program.commands) {
      const severity = severityOf(command);
      if (severity) yield { span: command.span, severity };
    }
  },
});
