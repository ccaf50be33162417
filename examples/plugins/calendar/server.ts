import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { InputError, newEventOf, rangeOf } from './input.ts';
import type { Store } from './store.ts';

const MAX_BODY_BYTES = 65_536;

export interface AdapterPorts {
  readonly store: Store;
  readonly token: () => string;
  readonly now: () => Date;
  /** For whoever runs it: what failed, without what was said. */
  readonly log: (line: string) => void;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const ok = (body: unknown): Answer => ({ status: 200, body });
const failed = (status: number, message: string): Answer => ({ status, body: { error: message } });

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether the caller brings the token; in the same time whatever it brings. */
function isKnown({ headers }: IncomingMessage, token: string): boolean {
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw new InputError(`the request: has more than ${MAX_BODY_BYTES} bytes`);
    parts.push(part);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
}

type Route = (ports: AdapterPorts, request: IncomingMessage, query: URLSearchParams) => Promise<Answer>;

/** All that can be asked. Each call of them is counted. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /events': async ({ store, now }, _request, query) => ok(await store.events(rangeOf(query, now()))),
  'POST /events': async ({ store, now }, request) =>
    ok(await store.create(randomUUID(), newEventOf(await bodyOf(request)), now())),
  'GET /contacts': async ({ store }) => ok({ contacts: await store.contacts() }),
};

export interface Calls {
  /** By route; `refused` are those without the token. */
  readonly counted: Map<string, number>;
}

async function answerTo(ports: AdapterPorts, { counted }: Calls, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://adapter');
  const count = (name: string): unknown => counted.set(name, (counted.get(name) ?? 0) + 1);
  if (request.method === 'GET' && pathname === '/healthz') return ok({ ok: true });
  if (!isKnown(request, ports.token())) {
    count('refused');
    return failed(401, 'the bearer token of the adapter is needed');
  }
  if (request.method === 'GET' && pathname === '/calls') return ok(Object.fromEntries(counted));
  const name = `${request.method} ${pathname}`;
  const route = ROUTES[name];
  if (!route) return failed(404, 'there is no such operation');
  count(name);
  return route(ports, request, searchParams);
}

async function answered(ports: AdapterPorts, calls: Calls, request: IncomingMessage): Promise<Answer> {
  try {
    return await answerTo(ports, calls, request);
  } catch (error) {
    if (error instanceof InputError) return failed(400, error.message);
    if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return failed(400, 'the request: is no UTF-8');
    ports.log(`${request.method} failed: ${error instanceof Error ? error.message : String(error)}`);
    return failed(502, 'the calendar server cannot be asked');
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    // What is left of a request that was not read to its end goes with the connection.
    ...(status < 400 ? {} : { connection: 'close' }),
  });
  response.end(text);
}

/** The adapter: JSON over HTTP in front of a calendar and an address book. */
export function adapter(ports: AdapterPorts): Server {
  const calls: Calls = { counted: new Map() };
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5000, maxHeaderSize: 8192 },
    (request, response) => void answered(ports, calls, request).then((answer) => send(response, answer)),
  );
  server.maxConnections = 256;
  return server;
}
