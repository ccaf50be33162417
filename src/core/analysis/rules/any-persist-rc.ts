import { isStartupFile } from '../matching/paths.ts';
import { writtenPaths } from '../matching/writing.ts';
import { defineRule } from '../rule.ts';

/**
 * Writing to .bashrc, .profile, .zshrc, authorized_keys, ld.so.preload, sitecustomize.py, installed packages,
 * hooks of git, what starts with the desktop.
 *
 * Left alone: The names in texts; reading .bashrc and .profile.
 */
export default defineRule({
  id: 'ANY-PERSIST-RC',
  version: 2,
  title: { en: 'Installs itself to run later', ja: '自動起動の仕込み' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [506],
  attack: ['T1546.004', 'T1098.004'],
  forbids: {
    en: 'Writing to .bashrc, .profile, .zshrc, authorized_keys, ld.so.preload, sitecustomize.py, installed packages, hooks of git, what starts with the desktop.',
    ja: '.bashrc、.profile、authorized_keys、ld.so.preload、sitecustomize.py、インストール済みパッケージ、git のフック、デスクトップの自動起動への書き込み。',
  },
  allows: {
    en: 'The names in texts; reading .bashrc and .profile.',
    ja: '文字列の中の名前、.bashrc などの読み取り。',
  },
  message: {
    en: 'The program writes where code runs at every login or start.',
    ja: 'ログインや起動のたびに実行される場所に書き込みます。',
  },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: ['paths'],
  check: (program) => writtenPaths(program, isStartupFile),
});
