import { namesOf } from '../matching/lists.ts';
import { isAnyOfHome, isRoot, isSystemPath } from '../matching/paths.ts';
import type { Command } from '../program/program.ts';
import { HOLE, textsOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const DELETERS = namesOf('rm rmdir unlink shred wipe srm');
const MOVERS = new Set(['find', 'mv', 'rsync']);
const GRAVE = {
  en: 'The script deletes the system, or somebody’s home.',
  ja: 'システムまたはホームを削除します。',
};

const wordsOf = ({ args }: Command): readonly string[] => args.flatMap((arg) => [...textsOf(arg)]);

/** "$DIR/*" with nothing in DIR is everything. */
const isUnknownRoot = (word: string): boolean => word === `${HOLE}/` || word === `${HOLE}/*`;

const isGrave = (word: string): boolean =>
  word !== '/dev/null' && (isSystemPath(word) || isRoot(word) || isAnyOfHome(word));
/** All that is in the folder where the script is. */
const isEverything = (word: string): boolean => /^(?:\.\/)?(?:\*|\.\*|\.)$/.test(word);

/** Folders that commands before it name: where `cd` went, and where `find` looks that feeds `xargs rm`. */
const foldersBefore = ({ upstream, wrappers, folder }: Command): readonly string[] => [
  ...(wrappers.includes('xargs') ? upstream.filter(({ name }) => name === 'find').flatMap(wordsOf) : []),
  folder,
];

/** Whatever command it is: with these options it deletes, or nothing else is known that takes them. */
const deletesUnnamed = ({ dynamic }: Command, words: readonly string[]): boolean =>
  dynamic && words.some((word) => /^-[a-z]*(?:rf|fr)/i.test(word)) && words.some(isGrave);

function deletes(command: Command, words: readonly string[]): boolean {
  const { name } = command;
  if (deletesUnnamed(command, words)) return true;
  if (name === 'find') return words.includes('-delete');
  if (name === 'rsync')
    return words.some((word) => /^--del(?:ete\b|$)/.test(word)) && isGrave(words.at(-1) ?? '');
  if (name === 'mv') return words.at(-1) === '/dev/null' || words.slice(0, -1).some(isGrave);
  return name !== undefined && DELETERS.has(name);
}

/**
 * rm, rmdir, unlink, shred, find -delete, mv to /dev/null, mv of system folders, rsync --delete into them. Low for files of the script; Critical for the root, a home or
 * a system folder, in any spelling of flags and quotes.
 *
 * Left alone: The words in texts and comments.
 */
export default defineRule({
  id: 'SH-DELETE',
  version: 3,
  title: { en: 'Deletes files', ja: 'ファイルの削除' },
  severity: 'Low',
  languages: ['Bash'],
  cwe: [73],
  attack: ['T1485'],
  forbids: {
    en: 'rm, rmdir, unlink, shred, find -delete, mv to /dev/null, mv of system folders, rsync --delete into them. Low for files of the script; Critical for the root, a home or a system folder, in any spelling of flags and quotes.',
    ja: 'rm、rmdir、unlink、shred、find -delete、/dev/null への mv、システムへの rsync --delete。自分のファイルなら Low、ルート・ホーム・システムなら Critical。',
  },
  allows: { en: 'The words in texts and comments.', ja: '文字列やコメントの中の語。' },
  message: { en: 'The script deletes files.', ja: 'ファイルを削除します。' },
  remedy: {
    en: 'Delete only what the script itself made, by relative paths.',
    ja: 'スクリプト自身が作ったものだけを相対パスで削除してください。',
  },
  needs: ['commands'],
  *check(program): Iterable<Hit> {
    for (const command of program.commands) {
      if (!command.dynamic && !(DELETERS.has(command.name ?? '') || MOVERS.has(command.name ?? ''))) continue;
      const words = wordsOf(command);
      if (!deletes(command, words)) continue;
      const [where = '', ...fed] = foldersBefore(command).toReversed();
      const moved = command.name === 'mv' && words.at(-1) !== '/dev/null' ? words.slice(0, -1) : words;
      const grave = moved.some(isGrave) || fed.some(isGrave) || (isGrave(where) && words.some(isEverything));
      if (grave) yield { span: command.span, severity: 'Critical', message: GRAVE };
      else yield { span: command.span, severity: words.some(isUnknownRoot) ? 'Medium' : 'Low' };
    }
  },
});
