import { namesLike, namesOf } from '../matching/lists.ts';
import { callsTo, referencesTo } from '../matching/names.ts';
import type { Command } from '../program/program.ts';
import type { Value } from '../program/value.ts';
import { textsOf, wholeTextOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const KILLERS = namesOf('os.kill os.killpg process.kill signal.pidfd_send_signal');
const PSUTIL = namesLike(/^psutil\..*\.(?:kill|terminate|suspend|send_signal)$/);
const SENDERS = namesOf('kill systemctl');
const COMMANDS = namesOf('pkill killall skill shutdown reboot poweroff halt init telinit');

const isEverybody = (value: Value | undefined): boolean =>
  (value?.kind === 'number' && (value.value === 1 || value.value === -1)) ||
  /^-?1$/.test(wholeTextOf(value) ?? '');

function kills({ name, args }: Command): boolean {
  if (name === 'systemctl')
    return textsOf(args[0] ?? { kind: 'unknown', taint: 0 }).some((word) =>
      /^(?:stop|disable|mask|kill|poweroff|reboot)$/.test(word),
    );
  if (name !== 'kill') return name !== undefined && COMMANDS.has(name);
  const words = args.map((arg) => wholeTextOf(arg));
  return (
    (words.length > 0 &&
      !words.includes('-0') &&
      !words.includes('-l') &&
      !words.every((word) => word === undefined || /^(?:-[A-Z0-9]+|%.*)$/.test(word))) ||
    words.includes('-9')
  );
}

/**
 * os.kill, psutil kill and terminate, process.kill, kill, pkill, killall, shutdown, reboot. Critical for process 1 and
 * for all processes (-1).
 *
 * Left alone: Methods kill and terminate of processes that the program started; kill -0; jobs of the script itself (kill
 * %1, kill $!).
 */
export default defineRule({
  id: 'ANY-KILL',
  version: 1,
  title: { en: 'Ends processes', ja: 'プロセスの停止' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [404],
  attack: ['T1489', 'T1529'],
  forbids: {
    en: 'os.kill, psutil kill and terminate, process.kill, kill, pkill, killall, shutdown, reboot. Critical for process 1 and for all processes (-1).',
    ja: 'os.kill、psutil の kill、process.kill、kill、pkill、shutdown など。プロセス 1 や全プロセスなら Critical。',
  },
  allows: {
    en: 'Methods kill and terminate of processes that the program started; kill -0; jobs of the script itself (kill %1, kill $!).',
    ja: '自分で起動したプロセスの停止、kill -0、自分のジョブ(kill %1、kill $!)。',
  },
  message: {
    en: 'The program ends processes that are not its own.',
    ja: '自分のものでないプロセスを停止します。',
  },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: [KILLERS, PSUTIL, COMMANDS, SENDERS],
  *check(program): Iterable<Hit> {
    yield* referencesTo(program, KILLERS);
    yield* referencesTo(program, PSUTIL);
    for (const { args, span } of callsTo(program, KILLERS))
      if (isEverybody(args[0])) yield { span, severity: 'Critical' };
    for (const command of program.commands) {
      if (kills(command))
        yield {
          span: command.span,
          severity: command.name === 'kill' && isEverybody(command.args.at(-1)) ? 'Critical' : 'High',
        };
    }
  },
});
