import { isLike, namesLike, namesOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const INSTALLERS = namesLike(
  /^(?:pip[\d.]*|pipx|uv|npm|npx|pnpm|yarn|apt|apt-get|apk|yum|dnf|brew|gem|cargo|conda|mamba|poetry|easy_install)$/,
);
const VERBS = /^(?:install|i|add|ci|download|get|exec|dlx|update|upgrade)$/;
const FUNCTIONS = namesOf('pip.main pip._internal.main pip._internal.cli.main ensurepip.bootstrap');

/**
 * pip, npm, apt and their like at run time; pip.main, ensurepip.
 *
 * Left alone: Listing what is installed.
 */
export default defineRule({
  id: 'ANY-PKG-INSTALL',
  version: 1,
  title: { en: 'Installs packages', ja: 'パッケージのインストール' },
  severity: 'Medium',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [829],
  attack: ['T1195.001'],
  forbids: {
    en: 'pip, npm, apt and their like at run time; pip.main, ensurepip.',
    ja: '実行時の pip、npm、apt など。pip.main、ensurepip。',
  },
  allows: { en: 'Listing what is installed.', ja: '一覧の表示。' },
  message: { en: 'The program installs packages while it runs.', ja: '実行時にパッケージを導入します。' },
  remedy: {
    en: 'Use a sandbox class whose image has what the program needs.',
    ja: '必要なものを含むイメージの SandboxClass を使ってください。',
  },
  needs: ['commands', FUNCTIONS],
  *check(program): Iterable<Hit> {
    for (const { span, via } of referencesTo(program, FUNCTIONS)) if (via !== 'import') yield { span };
    for (const { name, words, span } of program.commands) {
      const module = words[0] === '-m' && words[1] === 'pip' && words.includes('install');
      if (
        module ||
        (name !== undefined &&
          isLike(name, INSTALLERS) &&
          (name === 'npx' || words.some((word) => VERBS.test(word))))
      )
        yield { span };
    }
  },
});
