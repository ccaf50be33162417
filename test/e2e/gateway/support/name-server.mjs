/**
 * The name server of the gateway's tests, run in a pod as it stands. It answers by script: for each name and type one answer after the
 * other, the last of them again and again, and writes down what it answered. Beside it, on a port of its own, somebody whom no call may
 * reach: it counts who came.
 */
import { createSocket } from 'node:dgram';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';

const DNS_PORT = 5353;
const CONTROL_PORT = 8080;
const TRAP_PORT = 9000;
const TYPES = { 1: 'A', 28: 'AAAA' };

/** name → { A: [[address, …], …], AAAA: … } */
const scripts = new Map();
/** Every question about a name that has a script, in order, with what was answered. */
const answered = [];
let trapped = 0;

/** The one question of a message: its name in lower case, its type, and where it ends. */
function questionOf(message) {
  const labels = [];
  let at = 12;
  while (message[at] > 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + message[at]));
    at += 1 + message[at];
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

/** Eight groups of an IPv6 address that is written without dots. */
function groupsOf(address) {
  const [head = '', tail] = address
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const middle = tail === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...middle, ...(tail ?? [])];
}

const bytesOf = (type, address) =>
  type === 1
    ? Buffer.from(address.split('.').map(Number))
    : Buffer.from(
        groupsOf(address)
          .map((group) => group.padStart(4, '0'))
          .join(''),
        'hex',
      );

/** A record about the name of the question, good for no time at all. */
function recordOf(type, address) {
  const data = bytesOf(type, address);
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length]);
  return Buffer.concat([head, data]);
}

/** The next answer of the script; undefined where the name has none. */
function nextOf({ name, type }) {
  const script = scripts.get(name);
  if (!script) return undefined;
  const answers = script[TYPES[type]] ?? [[]];
  const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
  answered.push({ name, type: TYPES[type] ?? String(type), addresses });
  return addresses;
}

const NO_SUCH_NAME = 3;

function replyTo(message) {
  const question = questionOf(message);
  const addresses = nextOf(question);
  const head = Buffer.alloc(12);
  message.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8580 | (addresses ? 0 : NO_SUCH_NAME), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(addresses?.length ?? 0, 6);
  const records = (addresses ?? []).map((address) => recordOf(question.type, address));
  return Buffer.concat([head, message.subarray(12, question.end), ...records]);
}

const names = createSocket('udp4');
names.on('message', (message, { address, port }) => names.send(replyTo(message), port, address));
names.bind(DNS_PORT);

createServer((socket) => {
  trapped += 1;
  socket.destroy();
}).listen(TRAP_PORT);

const send = (response, value) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
};

createHttpServer(async (request, response) => {
  if (request.url === '/scripts') {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { name, script } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    scripts.set(name, script);
    return send(response, {});
  }
  return send(response, { answered, trapped });
}).listen(CONTROL_PORT, () => console.log('listening'));
