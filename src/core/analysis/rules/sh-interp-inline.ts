import { namesLike } from '../matching/lists.ts';
import { carriedBy, isCarrier } from '../bash/carriers.ts';
import { inputOf } from '../bash/outputs.ts';
import { INTERPRETERS, interpreterOf, isShell } from '../program/interpreters.ts';
import type { Command } from '../program/program.ts';
import { unknown, wholeTextOf } from '../program/value.ts';
import type { Severity } from '../report.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const AWKS = namesLike(/^[gmn]?awk$/);
const SEDS = namesLike(/^g?sed$/);
const EDITORS = namesLike(/^(?:vim?|ex|ed)$/);
const CARRIERS = namesLike({ test: isCarrier });

/** A command line that only starts a shell. */
const SHELL_LINE = /^\s*(?:\S*\/)?(?:ba|da|z|k)?sh\b/;

/** A sed script that runs commands: the command `e`, or the flag `e` of a substitution. */
function executes(script: string): boolean {
  if (/^\d*e\s/.test(script)) return true;
  const parts = script.startsWith('s') ? script.slice(2).split(script.charAt(1)) : [];
  return parts.length > 2 && /^[gip\d]{0,8}e/.test(parts.at(-1) ?? '');
}

function severityOf(command: Command): Severity | undefined {
  const { name, words, wrappers } = command;
  if (AWKS.test(name ?? ''))
    return words.some((word) => /\bsystem\s*\(|\|\s*getline|\|&|print[^;}]*\|\s*"/.test(word))
      ? 'High'
      : undefined;
  if (wrappers.includes('xargs') && isShell(name)) return 'High';
  if (name !== undefined && carriedBy(name, words).some((line) => SHELL_LINE.test(line))) return 'High';
  if (SEDS.test(name ?? '')) return words.some(executes) ? 'High' : undefined;
  if (EDITORS.test(name ?? ''))
    return [...words, wholeTextOf(inputOf(command)) ?? ''].some((word) => word.includes('!'))
      ? 'High'
      : undefined;
  const interpreter = interpreterOf(command);
  if (!interpreter || interpreter.language === 'Bash') return undefined;
  const piped = interpreter.reads && (command.upstream.length > 0 || command.fed.length > 0);
  if (interpreter.inline.length === 0 && !piped) return undefined;
  const read = [...interpreter.inline, ...(piped ? [inputOf(command) ?? unknown()] : [])];
  return interpreter.language === undefined || read.some((one) => wholeTextOf(one) === undefined)
    ? 'High'
    : 'Medium';
}

/**
 * python -c, node -e, perl -e, awk with system(), xargs with a shell, tar, git, ssh, zip and others with an option that starts one. What Sekisho can read is judged in its language;
 * High where it cannot be read or starts commands.
 *
 * Left alone: Scripts run by their path, awk and sed without commands, find -exec with tools.
 */
export default defineRule({
  id: 'SH-INTERP-INLINE',
  version: 2,
  title: { en: 'Runs code of another language', ja: '他言語のコード実行' },
  severity: 'Medium',
  languages: ['Bash'],
  cwe: [78],
  attack: ['T1059'],
  forbids: {
    en: 'python -c, node -e, perl -e, awk with system(), xargs with a shell, tar, git, ssh, zip and others with an option that starts one. What Sekisho can read is judged in its language; High where it cannot be read or starts commands.',
    ja: 'python -c、node -e、perl -e、awk の system()、xargs とシェル。読めないもの、コマンドを起動するものは High。',
  },
  allows: {
    en: 'Scripts run by their path, awk and sed without commands, find -exec with tools.',
    ja: 'パスで指定したスクリプト、コマンドを起動しない awk や sed、find -exec の道具。',
  },
  message: { en: 'The script runs code of another language.', ja: '別の言語のコードを実行します。' },
  remedy: { en: 'Send the program in its own language.', ja: 'その言語のプログラムとして依頼してください。' },
  needs: [AWKS, SEDS, EDITORS, CARRIERS, INTERPRETERS],
  *check(program): Iterable<Hit> {
    for (const command of program.commands) {
      const severity = severityOf(command);
      if (severity) yield { span: command.span, severity };
    }
  },
});
