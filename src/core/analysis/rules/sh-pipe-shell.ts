import { DECODERS } from '../bash/outputs.ts';
import { allOf, namesOf } from '../matching/lists.ts';
import { interpreterOf } from '../program/interpreters.ts';
import type { Command } from '../program/program.ts';
import { textsOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const FETCHERS = namesOf(
  'curl wget nc ncat netcat socat ftp lynx w3m aria2c http xh openssl ssh dig nslookup host',
);
const DECODING = allOf(DECODERS);
const RUNNERS = namesOf('eval source .');

const isSource = ({ name }: Command): boolean =>
  name !== undefined && (FETCHERS.has(name) || DECODERS.has(name));

const baseName = (path: string): string => path.replace(/[?#].*$/, '').replace(/^.*\//, '');

/** The files that a network client writes. */
function savedBy({ name, args, redirects }: Command): readonly string[] {
  if (name === undefined || !FETCHERS.has(name)) return [];
  const words = args.flatMap((arg) => [...textsOf(arg)]);
  const told = words.flatMap((word, index) =>
    /^-(?:[a-zA-Z]*[oO]|-output(?:-document)?)$/.test(word) ? [words[index + 1] ?? ''] : [],
  );
  const own = name === 'wget' && told.length === 0 ? words.filter((word) => word.includes('/')) : [];
  const redirected = redirects.flatMap(({ operator, target }) =>
    operator.startsWith('>') ? [...textsOf(target)] : [],
  );
  return [...told, ...own, ...redirected]
    .map(baseName)
    .filter((file) => file !== '' && file !== 'null' && file !== '-');
}

/** Whether the command runs a file that was downloaded before. */
function runsSaved(command: Command, saved: ReadonlySet<string>): boolean {
  if (saved.size === 0 || command.name === undefined) return false;
  if (saved.has(command.name)) return true;
  const first = command.args.flatMap((arg) => [...textsOf(arg)]).find((word) => !word.startsWith('-'));
  const runner = RUNNERS.has(command.name) || interpreterOf(command)?.inline.length === 0;
  return runner && first !== undefined && saved.has(baseName(first));
}

function runs(command: Command): boolean {
  const interpreter = interpreterOf(command);
  if (interpreter?.reads === true && command.upstream.some(isSource)) return true;
  const substituted = command.substitutions.some(isSource);
  return substituted && (interpreter !== undefined || RUNNERS.has(command.name ?? '') || command.dynamic);
}

/**
 * Output of a network client or a decoder that a shell or another interpreter runs: by a pipe, <( ), $( ), a here-
 * string, source or eval.
 *
 * Left alone: Downloads into files or other tools.
 */
export default defineRule({
  id: 'SH-PIPE-SHELL',
  version: 1,
  title: { en: 'Runs what it downloads or decodes', ja: '取得・復号した内容の実行' },
  severity: 'Critical',
  languages: ['Bash'],
  cwe: [494, 829],
  attack: ['T1059.004', 'T1105'],
  forbids: {
    en: 'Output of a network client or a decoder that a shell or another interpreter runs: by a pipe, <( ), $( ), a here-string, source or eval, or by a file that is run afterwards.',
    ja: 'ネットワークやデコーダーの出力をシェルなどに渡して実行すること(パイプ、<( )、$( )、source、eval など)。',
  },
  allows: { en: 'Downloads into files or other tools.', ja: 'ファイルや他の道具への出力。' },
  message: {
    en: 'The script runs what it downloads or decodes, unseen.',
    ja: '取得または復号した内容を、確認せずに実行します。',
  },
  remedy: {
    en: 'Put the code itself into the request.',
    ja: '実行するコードそのものを依頼に含めてください。',
  },
  needs: [FETCHERS, DECODING],
  *check(program): Iterable<Hit> {
    const saved = new Set<string>();
    for (const command of program.commands) {
      if (runs(command) || runsSaved(command, saved)) yield { span: command.span };
      for (const file of savedBy(command)) saved.add(file);
    }
  },
});
