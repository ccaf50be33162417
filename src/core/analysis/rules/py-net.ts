import { isNamed, namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import type { Call, Program } from '../program/program.ts';
import { textsOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const NETWORK = namesOf(
  'socket.socket socket.create_connection socket.create_server socket.socketpair socket.getaddrinfo socket.gethostbyname socket.gethostbyaddr socket.fromfd ' +
    'urllib.request.* urllib2.* urllib.urlopen urllib.urlretrieve urllib3.* http.client.* http.server.* httplib.* socketserver.* xmlrpc.* requests.* httpx.* aiohttp.* smtplib.* ftplib.* telnetlib.* ' +
    'poplib.* imaplib.* nntplib.* paramiko.* fabric.* websockets.* websocket.* boto3.* botocore.* google.cloud.* azure.* pycurl.* tornado.* twisted.* flask.* zmq.* pika.* kafka.* redis.* pymongo.* ' +
    'psycopg2.* pymysql.* MySQLdb.* mysql.connector.* sqlalchemy.create_engine asyncio.open_connection asyncio.start_server asyncio.open_unix_connection dns.* scapy.* webbrowser.* grpc.* openai.* slack_sdk.* telegram.* discord.*',
);
const PASSIVE =
  /\.(?:exceptions|errors?|status_codes|codes|HTTPStatus|timeout|[A-Z]\w*(?:Error|Exception|Warning))$|^http\.client\.responses/;

const CONNECTORS = namesOf('sqlalchemy.create_engine');

/** The functions that in this program only open files of SQLite. */
function onlyLocal(program: Program): ReadonlySet<string> {
  const calls = callsTo(program, CONNECTORS);
  const isFile = ({ args }: Call): boolean =>
    args[0] !== undefined && textsOf(args[0]).some((text) => text.startsWith('sqlite'));
  return new Set(calls.every(isFile) ? calls.flatMap(({ name }) => name ?? []) : []);
}

/**
 * Sockets and clients for HTTP, FTP, mail, SSH, databases and clouds.
 *
 * Left alone: Importing the modules, their constants and exceptions, socket.gethostname, parts of urllib that only
 * take addresses apart, files of SQLite.
 */
export default defineRule({
  id: 'PY-NET',
  version: 2,
  title: { en: 'Uses the network', ja: 'ネットワークの利用' },
  severity: 'Medium',
  languages: ['Python'],
  cwe: [918],
  attack: ['T1071.001'],
  forbids: {
    en: 'Sockets and clients for HTTP, FTP, mail, SSH, databases and clouds.',
    ja: 'ソケット、HTTP、FTP、メール、SSH、データベース、クラウドのクライアント。',
  },
  allows: {
    en: 'Importing the modules, their constants and exceptions, socket.gethostname parts of urllib that only take addresses apart, files of SQLite.',
    ja: 'モジュールの読み込みだけ、定数や例外、socket.gethostname、URL を分解するだけの関数、SQLite のファイル。',
  },
  message: { en: 'The program uses the network.', ja: 'ネットワークを利用します。' },
  remedy: { en: 'Use a plugin, through the gateway.', ja: 'ゲートウェイ経由でプラグインを使ってください。' },
  needs: [NETWORK],
  *check(program): Iterable<Hit> {
    const local = onlyLocal(program);
    for (const { name, span, via } of program.references) {
      if (local.has(name)) continue;
      if (via !== 'import' && !name.includes('()') && isNamed(name, NETWORK) && !PASSIVE.test(name))
        yield { span };
    }
  },
});
