import { defineRule } from '../rule.ts';

/**
 * A command word that comes from a variable, a substitution or a pattern and cannot be known.
 *
 * Left alone: Computed names that can be known: they are judged as what they are. "$@" and "$1" alone, as wrappers use
 * them, count as well.
 */
export default defineRule({
  id: 'SH-DYN-CMD',
  version: 1,
  title: { en: 'Runs a command with a computed name', ja: '計算した名前のコマンド実行' },
  severity: 'Medium',
  languages: ['Bash'],
  cwe: [78],
  attack: ['T1027.010'],
  forbids: {
    en: 'A command word that comes from a variable, a substitution or a pattern and cannot be known.',
    ja: '変数、置換、パターンから得られ、内容が分からないコマンド名。',
  },
  allows: {
    en: 'Computed names that can be known: they are judged as what they are. "$@" and "$1" alone, as wrappers use them, count as well.',
    ja: '内容が分かる名前(その内容で判定します)。',
  },
  message: {
    en: 'The script runs a command whose name is not known before it runs.',
    ja: '実行時まで名前が分からないコマンドを実行します。',
  },
  remedy: { en: 'Write the name of the command.', ja: 'コマンド名を直接書いてください。' },
  needs: ['commands'],
  check: ({ commands }) => commands.filter(({ dynamic }) => dynamic),
});
