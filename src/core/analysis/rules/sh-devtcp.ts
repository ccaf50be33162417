import { defineRule } from '../rule.ts';

/**
 * Redirections from or to /dev/tcp and /dev/udp: the shell opens a connection without any client. Honest scripts have no
 * need for it.
 *
 * Left alone: The words in texts.
 */
export default defineRule({
  id: 'SH-DEVTCP',
  version: 1,
  title: { en: 'Opens a connection through /dev/tcp', ja: '/dev/tcp による接続' },
  severity: 'Critical',
  languages: ['Bash'],
  cwe: [918],
  attack: ['T1095', 'T1059.004'],
  forbids: {
    en: 'Redirections from or to /dev/tcp and /dev/udp: the shell opens a connection without any client. Honest scripts have no need for it.',
    ja: '/dev/tcp や /dev/udp へのリダイレクト。正当なスクリプトには不要です。',
  },
  allows: { en: 'The words in texts.', ja: '文字列の中の語。' },
  message: {
    en: 'The script opens a network connection through /dev/tcp or /dev/udp.',
    ja: '/dev/tcp または /dev/udp でネットワーク接続を開きます。',
  },
  remedy: { en: 'Use a plugin, through the gateway.', ja: 'ゲートウェイ経由でプラグインを使ってください。' },
  needs: ['paths'],
  check: ({ paths }) => paths.filter(({ text }) => /^\/dev\/(?:tcp|udp)\//.test(text)),
});
