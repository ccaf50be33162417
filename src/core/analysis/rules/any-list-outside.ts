import { isSystemPath } from '../matching/paths.ts';
import { defineRule } from '../rule.ts';

const LISTERS =
  /^(?:os\.(?:listdir|scandir|walk|fwalk)|glob\.(?:glob|iglob)|pathlib\.Path\(\)\.(?:iterdir|glob|rglob|walk)|fs\.(?:promises\.)?(?:readdir|readdirSync|opendir|opendirSync|glob|globSync))$/;
const COMMANDS = /^(?:ls|dir|tree|find|du|locate)$/;

/**
 * Listing or searching folders of the system and the root.
 *
 * Left alone: Folders of the program.
 */
export default defineRule({
  id: 'ANY-LIST-OUTSIDE',
  version: 1,
  title: { en: 'Lists folders of the system', ja: 'システムフォルダーの一覧' },
  severity: 'Low',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [548],
  attack: ['T1083'],
  forbids: {
    en: 'Listing or searching folders of the system and the root.',
    ja: 'システムのフォルダーやルートの一覧や検索。',
  },
  allows: { en: 'Folders of the program.', ja: 'プログラム自身のフォルダー。' },
  message: { en: 'The program lists folders of the system.', ja: 'システムのフォルダーを一覧します。' },
  remedy: { en: 'List the workspace only.', ja: '作業フォルダーだけを対象にしてください。' },
  needs: ['paths'],
  check: ({ paths }) =>
    paths.filter(({ to, text, command }) => (command ? COMMANDS : LISTERS).test(to) && isSystemPath(text)),
});
