import { namesOf } from '../matching/lists.ts';
import { defineRule } from '../rule.ts';

const MINERS = namesOf('xmrig minerd cpuminer ethminer cgminer bfgminer nbminer t-rex lolMiner phoenixminer');

/**
 * stratum+tcp addresses handed to anything, and the known miners as commands.
 *
 * Left alone: The words in texts that are only shown.
 */
export default defineRule({
  id: 'ANY-MINER',
  version: 1,
  title: { en: 'Mines cryptocurrency', ja: '暗号資産の採掘' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [506],
  attack: ['T1496'],
  forbids: {
    en: 'stratum+tcp addresses handed to anything, and the known miners as commands.',
    ja: 'stratum+tcp のアドレス、既知の採掘コマンド。',
  },
  allows: { en: 'The words in texts that are only shown.', ja: '表示されるだけの文字列。' },
  message: { en: 'The program mines cryptocurrency.', ja: '暗号資産を採掘します。' },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: ['paths', MINERS],
  check: ({ paths, commands }) => [
    ...paths.filter(({ text }) => /\bstratum\+(?:tcp|ssl|tls):\/\//.test(text)),
    ...commands.filter(({ name = '' }) => MINERS.has(name)),
  ],
});
