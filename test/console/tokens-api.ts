import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection } from '../../src/kube/connection.ts';

/** What one call to the API server was. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const statusBody = (code: number, reason: string, message: string) =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message });

/** A request that waits, as the API server stores it. */
export const aStored = (name = 'weekly', spec: object = {}, status: object = {}): object => ({
  apiVersion: 'sekisho.dev/v1alpha1',
  kind: 'CodeExecutionRequest',
  metadata: {
    ...{ name, namespace: 'team-a', uid: `uid-of-${name}`, generation: 1, resourceVersion: '7' },
    creationTimestamp: '2026-11-23T11:59:00Z',
  },
  spec: {
    ...{ language: 'Python', role: 'user', sandboxClassName: 'default', locale: 'en' },
    code: "admin = 'al\u200bice'\nprint(admin)\n",
    requester: { username: 'alice', groups: ['dev'] },
    ...spec,
  },
  status: {
    state: 'AwaitingApproval',
    verdict: {
      ...{ decision: 'RequireApproval', riskScore: 20, ruleSetDigest: 'sha256:0' },
      digest: `sha256:${'a'.repeat(64)}`,
    },
    approval: { required: 1, approvedBy: [], approveBy: '2026-11-24T12:00:00Z' },
    ...status,
  },
});

/** An API server that knows a few tokens, and keeps what it was asked. */
export async function startTokensApi(tokens: Readonly<Record<string, string>>) {
  const seen: Seen[] = [];
  const watches = new Set<ServerResponse>();
  const stored = new Map<string, object>([['weekly', aStored()]]);
  const approvals: object[] = [];
  /** Answers a path in another way than usual. */
  const special = new Map<string, (response: ServerResponse) => void>();

  function answer(call: Seen, response: ServerResponse): void {
    const json = (code: number, body: object | string) => {
      response.writeHead(code, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    const token = /^Bearer (.*)$/.exec(call.headers.authorization ?? '')?.[1] ?? '';
    const username = tokens[token];
    if (username === undefined) return json(401, statusBody(401, 'Unauthorized', 'Unauthorized'));
    const { pathname, searchParams } = new URL(call.url, 'http://api');
    const given = special.get(pathname);
    if (given) return given(response);
    if (pathname.endsWith('/selfsubjectreviews'))
      return json(201, { kind: 'SelfSubjectReview', status: { userInfo: { username } } });
    if (pathname.endsWith('/executionapprovals'))
      return call.method === 'GET'
        ? json(200, { metadata: { resourceVersion: '7' }, items: approvals })
        : json(201, JSON.parse(call.body) as object);
    const name = /\/codeexecutionrequests\/(.+)$/.exec(pathname)?.[1];
    if (name !== undefined) {
      const object = stored.get(name);
      return object ? json(200, object) : json(404, statusBody(404, 'NotFound', `"${name}" not found`));
    }
    if (!pathname.endsWith('/codeexecutionrequests')) return json(404, statusBody(404, 'NotFound', pathname));
    if (searchParams.get('watch') !== 'true')
      return json(200, { metadata: { resourceVersion: '7' }, items: [...stored.values()] });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    watches.add(response);
    response.on('close', () => watches.delete(response));
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(call);
      answer(call, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const connection: Connection = {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    ...{ basePath: '', tls: {}, namespace: 'ns' },
    // What a process that had a token of its own would send.
    authorization: async () => 'Bearer of-the-console',
    forgetAuthorization: () => undefined,
  };
  return {
    ...{ connection, seen, watches, stored, approvals, special },
    /** Tells all watches. */
    tell(type: string, object: object) {
      for (const watch of watches) watch.write(`${JSON.stringify({ type, object })}\n`);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export type TokensApi = Awaited<ReturnType<typeof startTokensApi>>;
