import { isNamed, namesOf } from '../matching/lists.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const NETWORK = namesOf(
  'fetch WebSocket EventSource XMLHttpRequest navigator.sendBeacon http.request http.get http.createServer http.Agent https.request https.get https.createServer https.Agent http2.* net.* tls.* dgram.* dns.* ' +
    'axios axios.* got got.* undici.* node-fetch node-fetch.* superagent superagent.* request request.* ws ws.* socket.io.* socket.io-client nodemailer.* ssh2.* ioredis ioredis.* redis.* pg.* mysql.* mysql2.* mongodb.* express express.* fastify koa @aws-sdk.* puppeteer.* playwright.*',
);

/**
 * fetch, http, https, http2, net, tls, dgram, dns, WebSocket, XMLHttpRequest and the known clients.
 *
 * Left alone: Importing them, and taking addresses apart with URL.
 */
export default defineRule({
  id: 'JS-NET',
  version: 1,
  title: { en: 'Uses the network', ja: 'ネットワークの利用' },
  severity: 'Medium',
  languages: ['JavaScript'],
  cwe: [918],
  attack: ['T1071.001'],
  forbids: {
    en: 'fetch, http, https, http2, net, tls, dgram, dns, WebSocket, XMLHttpRequest and the known clients.',
    ja: 'fetch、http、https、net、tls、dgram、dns、WebSocket などと既知のクライアント。',
  },
  allows: {
    en: 'Importing them, and taking addresses apart with URL.',
    ja: '読み込みだけ、URL による分解。',
  },
  message: { en: 'The program uses the network.', ja: 'ネットワークを利用します。' },
  remedy: { en: 'Use a plugin, through the gateway.', ja: 'ゲートウェイ経由でプラグインを使ってください。' },
  needs: [NETWORK],
  *check(program): Iterable<Hit> {
    for (const { name, span, via } of program.references) {
      if (via !== 'import' && !name.includes('()') && isNamed(name, NETWORK)) yield { span };
    }
  },
});
