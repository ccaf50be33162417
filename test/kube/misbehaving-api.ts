/* oxlint-disable typescript/no-unsafe-type-assertion -- what a fake answers has the type that its caller asked for */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Connection } from '../../src/kube/connection.ts';

/** An object of the server: a ConfigMap, say. */
export interface Stored {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
  readonly [field: string]: unknown;
}

type Fault = (request: IncomingMessage, response: ServerResponse) => void;

/** An open watch. */
export interface OpenWatch {
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
  /** When true the server neither tells anything nor ends the watch, as a connection does whose other end is gone. */
  deaf: boolean;
}

const statusBody = (code: number, reason: string, message = reason) =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message });

/** Answers with a failure. */
export const failing =
  (code: number, reason: string, headers: Record<string, string> = {}): Fault =>
  (_request, response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(statusBody(code, reason));
  };

/** Cuts the connection before any answer. */
export const resetting: Fault = (request) => {
  request.socket.resetAndDestroy();
};

/** A list-and-watch server of ConfigMaps in one namespace, which goes wrong when told. */
export async function startMisbehavingApi() {
  let version = 100;
  let uids = 0;
  let oldest = 0;
  const objects = new Map<string, Stored>();
  const history: { version: number; line: string }[] = [];
  const watches: OpenWatch[] = [];
  const requests: {
    method: string;
    path: string;
    query: URLSearchParams;
    headers: IncomingMessage['headers'];
    body: string;
  }[] = [];
  const faults: { list: Fault[]; watch: Fault[]; any: Fault[] } = { list: [], watch: [], any: [] };
  let connections = 0;

  const tell = (type: string, object: object) => {
    const line = `${JSON.stringify({ type, object })}\n`;
    if (type !== 'BOOKMARK') history.push({ version, line });
    for (const { deaf, response } of watches) if (!deaf) response.write(line);
  };

  function put(name: string, fields: object = {}): Stored {
    version += 1;
    const known = objects.get(name);
    const uid = known?.metadata.uid ?? `uid-${(uids += 1)}`;
    const metadata = {
      ...(fields as { metadata?: object }).metadata,
      name,
      namespace: 'ns',
      uid,
      resourceVersion: String(version),
    };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', ...fields, metadata };
    objects.set(name, object);
    tell(known ? 'MODIFIED' : 'ADDED', object);
    return object;
  }

  function remove(name: string): void {
    const known = objects.get(name);
    if (!known) return;
    version += 1;
    objects.delete(name);
    tell('DELETED', { ...known, metadata: { ...known.metadata, resourceVersion: String(version) } });
  }

  function list(query: URLSearchParams, response: ServerResponse): void {
    const [at, from] = (query.get('continue') ?? `${version}:0`).split(':').map(Number) as [number, number];
    if (at < oldest) return failing(410, 'Expired')({} as IncomingMessage, response);
    const limit = Number(query.get('limit') ?? Infinity);
    const all = [...objects.values()];
    const items = all
      .slice(from, from + limit)
      .map((object) => ({ ...object, apiVersion: undefined, kind: undefined }));
    const next = from + limit < all.length ? `${at}:${from + limit}` : undefined;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        kind: 'ConfigMapList',
        metadata: { resourceVersion: String(at), continue: next },
        items,
      }),
    );
  }

  function watch(query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (from < oldest) {
      response.end(
        `${JSON.stringify({ type: 'ERROR', object: JSON.parse(statusBody(410, 'Expired', 'too old')) })}\n`,
      );
      return;
    }
    for (const event of history) if (event.version > from) response.write(event.line);
    const open: OpenWatch = { query, response, deaf: false };
    watches.push(open);
    const end = setTimeout(
      () => !open.deaf && response.end(),
      Number(query.get('timeoutSeconds') ?? 300) * 1000,
    );
    response.on('close', () => {
      clearTimeout(end);
      watches.splice(watches.indexOf(open), 1);
    });
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://api');
      const body = Buffer.concat(chunks).toString('utf8');
      requests.push({ method: request.method ?? '', path: pathname, query, headers: request.headers, body });
      const isWatch = query.get('watch') === 'true';
      const fault = faults.any.shift() ?? (isWatch ? faults.watch : faults.list).shift();
      if (fault) fault(request, response);
      else if (isWatch) watch(query, response);
      else list(query, response);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const connection: Connection = {
    origin,
    basePath: '',
    tls: {},
    namespace: 'ns',
    authorization: async () => undefined,
    forgetAuthorization: () => {},
  };

  return {
    connection,
    requests,
    faults,
    watches,
    put,
    remove,
    connections: () => connections,
    lists: () =>
      requests.filter(({ query }) => query.get('watch') !== 'true' && !query.has('continue')).length,
    /** Tells all watches how far they are. */
    bookmark: () => tell('BOOKMARK', { kind: 'ConfigMap', metadata: { resourceVersion: String(version) } }),
    /** Forgets the past: a watch or page from before now is answered by 410. */
    compact() {
      oldest = version;
      history.length = 0;
    },
    /** Cuts all watches as a server does that is killed. */
    cutWatches() {
      for (const { response } of watches) response.socket?.resetAndDestroy();
    },
    write: (text: string) => {
      for (const { response } of watches) response.write(text);
    },
    version: () => version,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export type MisbehavingApi = Awaited<ReturnType<typeof startMisbehavingApi>>;
