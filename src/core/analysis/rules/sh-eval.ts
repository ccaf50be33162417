import { namesLike, namesOf } from '../matching/lists.ts';
import { inputOf } from '../bash/outputs.ts';
import { interpreterOf, isShell } from '../program/interpreters.ts';
import type { Command } from '../program/program.ts';
import { unknown, wholeTextOf } from '../program/value.ts';
import type { Value } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** `. "$(dirname "$0")/lib.sh"` runs a file of the script by its path. */
const isPlace = ({ name }: Command): boolean =>
  /^(?:dirname|basename|pwd|readlink|realpath|cd|git|uname|id|whoami|hostname|arch|dpkg-architecture)$/.test(
    name ?? '',
  );

/** What the command runs as code, if it does. */
function codeIn(command: Command): readonly Value[] {
  if (command.name === 'eval') return command.args;
  if (command.name === 'source' || command.name === '.')
    return command.substitutions.every(isPlace) ? [] : command.args;
  const interpreter = interpreterOf(command);
  if (interpreter?.language !== 'Bash') return [];
  const piped = interpreter.reads && command.upstream.length > 0 ? [inputOf(command) ?? unknown()] : [];
  return [...interpreter.inline, ...(interpreter.reads ? command.fed : []), ...piped];
}

const SOURCING = namesOf('eval source .');
const SHELLS = namesLike({ test: isShell });

/**
 * eval, source and ., bash -c. High when what they run is not known. Texts that are known are judged as scripts as well.
 *
 * Left alone: Running a script of the program by its path.
 */
export default defineRule({
  id: 'SH-EVAL',
  version: 1,
  title: { en: 'Runs text as code', ja: '文字列のコード実行' },
  severity: 'Medium',
  languages: ['Bash'],
  cwe: [95],
  attack: ['T1059.004'],
  forbids: {
    en: 'eval, source and ., bash -c. High when what they run is not known. Texts that are known are judged as scripts as well.',
    ja: 'eval、source、bash -c。内容が不明なら High。内容が分かる場合は中身も判定します。',
  },
  allows: { en: 'Running a script of the program by its path.', ja: 'パスで指定したスクリプトの実行。' },
  message: { en: 'The script runs text as code.', ja: '文字列をコードとして実行します。' },
  remedy: { en: 'Write the commands themselves.', ja: 'コマンドを直接書いてください。' },
  needs: [SOURCING, SHELLS],
  *check(program): Iterable<Hit> {
    for (const command of program.commands) {
      const code = codeIn(command);
      if (code.length === 0) continue;
      yield {
        span: command.span,
        severity: code.some((value) => wholeTextOf(value) === undefined) ? 'High' : 'Medium',
      };
    }
  },
});
