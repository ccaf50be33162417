import { namesLike } from '../matching/lists.ts';
import { carriedBy, isCarrier } from '../bash/carriers.ts';
import { isTextFilter } from '../bash/one-liners.ts';
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

/** Options that run a command, as names of files: `tar cf x *` takes such a file for an option. */
const MAKES = namesLike(/^g?make$/);
const BAITS = namesLike(/^(?:touch|tee|cp|mv|ln|install)$/);
const isBait = (word: string): boolean => carriedBy('tar', [word.replace(/^\.\//, '')]).length > 0;

/** A command line that only starts a shell. */
const SHELL_LINE = /^\s*(?:\S*\/)?(?:ba|da|z|k)?sh\b/;

/** A sed script that runs commands: the command `e`, or the flag `e` of a substitution. */
function executes(script: string): boolean {
  if (/^\d*e\s/.test(script)) return true;
  const parts = script.startsWith('s') ? script.slice(2).split(script.charAt(1)) : [];
  return parts.length > 2 && /^[gip\d]{0,8}e/.test(parts.at(-1) ?? '');
}

/** Whether a tool that is no interpreter is told to run commands; undefined when the command is none of these. */
function toolRuns(command: Command): boolean | undefined {
  const { name = '', words, wrappers } = command;
  if (AWKS.test(name))
    return words.some((word) => /\bsystem\s*\(|\|\s*getline|\|&|print[^;}]*\|\s*"/.test(word));
  if (wrappers.includes('xargs') && isShell(name)) return true;
  if (MAKES.test(name))
    return words.some((word, index) => word === '-f' && /^(?:-|\/dev\/stdin)$/.test(words[index + 1] ?? ''));
  if (BAITS.test(name)) return words.some(isBait);
  if (carriedBy(name, words).some((line) => SHELL_LINE.test(line))) return true;
  if (SEDS.test(name)) return words.some(executes);
  if (EDITORS.test(name))
    return [...words, wholeTextOf(inputOf(command)) ?? ''].some((word) => word.includes('!'));
  return isTextFilter(command) ? false : undefined;
}

function severityOf(command: Command): Severity | undefined {
  const runs = toolRuns(command);
  if (runs !== undefined) return runs ? 'High' : undefined;
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
 * python -c, node -e, perl -e, awk with system(), xargs with a shell, tar, git, ssh, zip and others with an option that starts one,
 * files named like such an option, make with its rules from a pipe. What Sekisho can read is judged in its language;
 * High where it cannot be read or starts commands.
 *
 * Left alone: Scripts run by their path, awk and sed without commands, lines of Perl that only print, match and replace,
 * find -exec with tools.
 */
export default defineRule({
  id: 'SH-INTERP-INLINE',
  version: 3,
  title: { en: 'Runs code of another language', ja: '他言語のコード実行' },
  severity: 'Medium',
  languages: ['Bash'],
  cwe: [78],
  attack: ['T1059'],
  forbids: {
    en: 'python -c, node -e, perl -e, awk with system(), xargs with a shell, tar, git, ssh, zip and others with an option that starts one, files named like such an option, make with its rules from a pipe. What Sekisho can read is judged in its language; High where it cannot be read or starts commands.',
    ja: 'python -c、node -e、perl -e、awk の system()、xargs とシェル、オプションに見える名前のファイル。読めないもの、コマンドを起動するものは High。',
  },
  allows: {
    en: 'Scripts run by their path, awk and sed without commands, lines of Perl that only print, match and replace, find -exec with tools.',
    ja: 'パスで指定したスクリプト、コマンドを起動しない awk や sed、表示・照合・置換だけの Perl、find -exec の道具。',
  },
  message: { en: 'The script runs code of another language.', ja: '別の言語のコードを実行します。' },
  remedy: { en: 'Send the program in its own language.', ja: 'その言語のプログラムとして依頼してください。' },
  needs: [AWKS, SEDS, EDITORS, BAITS, MAKES, CARRIERS, INTERPRETERS],
  *check(program): Iterable<Hit> {
    for (const command of program.commands) {
      const severity = severityOf(command);
      if (severity) yield { span: command.span, severity };
    }
  },
});
