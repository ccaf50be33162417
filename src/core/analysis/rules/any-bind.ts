import { namesLike, namesOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const SERVERS = namesLike(
  /^(?:socket\.(?:socket|create_server)\(\)\.(?:bind|listen|accept)|socket\.create_server|http\.server\.(?:\w*HTTPServer|test)|socketserver\.\w*(?:Server)|asyncio\.start_(?:unix_)?server|xmlrpc\.server\.\w+|wsgiref\.simple_server\.make_server|flask\.Flask\(\)\.run|uvicorn\.run|waitress\.serve|tornado\.httpserver\.HTTPServer|aiohttp\.web\.run_app|fastapi\.FastAPI\(\)\.run|net\.createServer|https?\.createServer|tls\.createServer|http2\.create(?:Secure)?Server|dgram\.createSocket\(\)\.bind|express\(\)\.listen|(?:Bun|Deno)\.(?:serve|listen)|WebSocketServer)$/,
);

const NETCATS = namesOf('nc ncat netcat');
const PYTHONS = namesLike(/^python[\d.]*$/);
const DAEMONS = namesOf('sshd dropbear vsftpd nginx apache2 httpd lighttpd inetd xinetd in.tftpd');
const OTHERS = namesOf('socat php busybox');

function listens(name: string | undefined, words: readonly string[]): boolean {
  if (name === undefined) return false;
  if (NETCATS.has(name)) return words.some((word) => /^-[a-z]*l|^--listen$/.test(word));
  if (name === 'socat') return words.some((word) => /^(?:tcp|udp|ssl|openssl|unix)\d?-listen:/i.test(word));
  if (PYTHONS.test(name))
    return words.some(
      (word, index) => word === '-m' && /^(?:http\.server|SimpleHTTPServer)$/.test(words[index + 1] ?? ''),
    );
  if (name === 'php') return words.includes('-S');
  return DAEMONS.has(name) || (name === 'busybox' && words[0] === 'httpd');
}

/**
 * Servers: bind, listen, http.server, socketserver, createServer, flask and others that are run, nc -l, socat TCP-
 * LISTEN, python -m http.server.
 *
 * Left alone: Defining a server or its routes without running it.
 */
export default defineRule({
  id: 'ANY-BIND',
  version: 1,
  title: { en: 'Waits for connections', ja: '接続の待ち受け' },
  severity: 'Medium',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [1327],
  attack: ['T1571'],
  forbids: {
    en: 'Servers: bind, listen, http.server, socketserver, createServer, flask and others that are run, nc -l, socat TCP-LISTEN, python -m http.server.',
    ja: 'サーバーの起動：bind、listen、http.server、createServer、flask など、nc -l、socat TCP-LISTEN、python -m http.server。',
  },
  allows: { en: 'Defining a server or its routes without running it.', ja: 'サーバーやルートの定義だけ。' },
  message: { en: 'The program waits for connections.', ja: '接続を待ち受けます。' },
  remedy: {
    en: 'A sandbox is reached by nobody; print the result.',
    ja: 'サンドボックスには誰も接続できません。結果は出力してください。',
  },
  needs: [SERVERS, NETCATS, PYTHONS, DAEMONS, OTHERS],
  *check(program): Iterable<Hit> {
    yield* referencesTo(program, SERVERS);
    for (const { name, words, span } of program.commands) if (listens(name, words)) yield { span };
  },
});
