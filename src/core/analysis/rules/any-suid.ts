import { namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import { isSystemPath } from '../matching/paths.ts';
import type { Value } from '../program/value.ts';
import { textsOf, wholeTextOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const CHMODS = namesOf(
  'os.chmod os.fchmod os.lchmod pathlib.Path().chmod fs.chmod fs.chmodSync fs.promises.chmod',
);
const CHMOD = namesOf('chmod');
const LETTERS = /^[ugoa]*[ug][ugoa]*[+=][rwxX]*s|^\+[rwx]*s/;

function modeOf(value: Value | undefined): number {
  if (value?.kind === 'number') return value.value;
  const digits = wholeTextOf(value);
  return digits !== undefined && /^[0-7]{3,5}$/.test(digits) ? Number.parseInt(digits, 8) : 0;
}

const isGrave = (mode: number, paths: readonly string[]): boolean =>
  (mode & 0o6000) !== 0 || ((mode & 0o777) === 0o777 && paths.some(isSystemPath));

/**
 * chmod with the setuid or setgid bit, and 777 on system folders.
 *
 * Left alone: Other modes, also 777 on files of the program.
 */
export default defineRule({
  id: 'ANY-SUID',
  version: 1,
  title: { en: 'Makes files run as their owner, or opens the system', ja: 'setuid の付与や権限の開放' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [732],
  attack: ['T1548.001', 'T1222.002'],
  forbids: {
    en: 'chmod with the setuid or setgid bit, and 777 on system folders.',
    ja: 'setuid や setgid の付与、システムフォルダーへの 777。',
  },
  allows: {
    en: 'Other modes, also 777 on files of the program.',
    ja: 'その他のモード、自分のファイルへの 777。',
  },
  message: {
    en: 'The program makes a file run as its owner, or opens a system folder to everybody.',
    ja: '所有者権限での実行を許すか、システムを全員に開放します。',
  },
  remedy: { en: 'Leave the mode as it is.', ja: 'モードを変更しないでください。' },
  needs: [CHMODS, CHMOD],
  *check(program): Iterable<Hit> {
    for (const { args, span } of callsTo(program, CHMODS)) {
      const mode = Math.max(0, ...args.slice(0, 2).map(modeOf));
      if (
        isGrave(
          mode,
          args.slice(0, 1).flatMap((arg) => [...textsOf(arg)]),
        )
      )
        yield { span };
    }
    for (const { name, args, span } of program.commands) {
      if (name !== 'chmod') continue;
      const words = args.flatMap((arg) => [...textsOf(arg)]);
      const mode = args.find((arg) => !(wholeTextOf(arg) ?? '').startsWith('-'));
      if (LETTERS.test(wholeTextOf(mode) ?? '') || isGrave(modeOf(mode), words)) yield { span };
    }
  },
});
