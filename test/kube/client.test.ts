import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectKube, createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { inClusterConnection, type Connection } from '../../src/kube/connection.ts';
import { KubeError } from '../../src/kube/errors.ts';
import {
  CODE_EXECUTION_REQUESTS,
  CONFIG_MAPS,
  JOBS,
  NAMESPACES,
  NETWORK_POLICIES,
  SUBJECT_ACCESS_REVIEWS,
} from '../../src/kube/resources.ts';
import { createTransport } from '../../src/kube/transport.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (seen: Seen, response: ServerResponse) => void;

const json =
  (body: unknown, status = 200): Answer =>
  (_seen, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

let answer: Answer;
let seen: Seen[];
let connections: number;
let connection: Connection;
let client: KubeClient;
let close: () => Promise<void>;

beforeEach(async () => {
  seen = [];
  connections = 0;
  answer = json({});
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(one);
      answer(one, response);
    });
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  connection = {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    basePath: '/proxy',
    tls: {},
    namespace: 'default',
    authorization: async () => 'Bearer first',
    forgetAuthorization: () => {},
  };
  client = connectKube({ connection, version: '1.2.3' });
  close = async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
});
afterEach(() => close());

const fault = (promise: Promise<unknown>): Promise<KubeError> =>
  promise.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error: unknown) => {
      if (error instanceof KubeError) return error;
      throw error;
    },
  );

describe('paths', () => {
  test.each([
    [
      'a core object',
      () => client.get(CONFIG_MAPS, { namespace: 'a', name: 'b' }),
      '/proxy/api/v1/namespaces/a/configmaps/b',
    ],
    ['a cluster-wide one', () => client.get(NAMESPACES, { name: 'b' }), '/proxy/api/v1/namespaces/b'],
    [
      'one of a group',
      () => client.get(CODE_EXECUTION_REQUESTS, { namespace: 'a', name: 'b' }),
      '/proxy/apis/sekisho.dev/v1alpha1/namespaces/a/codeexecutionrequests/b',
    ],
    [
      'a name that would climb',
      () => client.get(CONFIG_MAPS, { namespace: 'a', name: '../x?y#z' }),
      '/proxy/api/v1/namespaces/a/configmaps/..%2Fx%3Fy%23z',
    ],
  ])('of %s', async (_what, call, want) => {
    await call();
    expect(seen[0]?.url).toBe(want);
  });

  test.each(['', '.', '..'])(
    'a delete of "%s" is refused here: it would be one of the whole collection',
    async (name) => {
      const error = await fault(
        Promise.resolve().then(() => client.delete(CONFIG_MAPS, { namespace: 'a', name })),
      );
      expect(error).toMatchObject({ kind: 'Terminal', reason: 'BadName' });
      const without = await fault(Promise.resolve().then(() => client.get(CONFIG_MAPS, { name: 'x' })));
      expect(without.kind).toBe('Terminal');
      expect(seen).toEqual([]);
    },
  );
});

describe('calls', () => {
  test('say who we are and go over kept connections', async () => {
    for (let index = 0; index < 50; index += 1) await client.get(NAMESPACES, { name: 'a' });
    // The second is opened because undici frees the first a moment after the answer.
    expect(connections).toBeLessThanOrEqual(2);
    expect(seen[0]?.headers).toMatchObject({
      'user-agent': 'sekisho/1.2.3',
      authorization: 'Bearer first',
      accept: 'application/json',
    });
  });

  test('carry every field, whatever its name, both ways', async () => {
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'p', namespace: 'a' },
      spec: {
        ingress: [{ from: [{ podSelector: {} }] }],
        default: 1,
        enum: [2],
        'x-kubernetes-y': 3,
        continue: '4',
        _continue: '5',
      },
    };
    answer = ({ body }, response) => response.end(body);
    expect(await client.create(NETWORK_POLICIES, policy)).toEqual(policy);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(policy);
  });

  test('create: where and how', async () => {
    const object = { metadata: { namespace: 'a', name: 'b' } };
    await client.create(JOBS, object, { dryRun: true, fieldManager: 'm', fieldValidation: 'Strict' });
    await client.create(SUBJECT_ACCESS_REVIEWS, { spec: {} });
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/proxy/apis/batch/v1/namespaces/a/jobs?dryRun=All&fieldManager=m&fieldValidation=Strict',
    });
    expect(seen[0]?.headers['content-type']).toBe('application/json');
    expect(seen[1]?.url).toBe('/proxy/apis/authorization.k8s.io/v1/subjectaccessreviews');
  });

  test('apply and applyStatus are server-side applies, with apiVersion and kind', async () => {
    const object = { metadata: { namespace: 'a', name: 'b' }, status: { state: 'Running' } };
    await client.apply(CODE_EXECUTION_REQUESTS, object, { fieldManager: 'm' });
    await client.applyStatus(CODE_EXECUTION_REQUESTS, object, { fieldManager: 'm', force: true });
    expect(seen[1]).toMatchObject({ method: 'PATCH' });
    expect(seen[1]?.url).toBe(
      '/proxy/apis/sekisho.dev/v1alpha1/namespaces/a/codeexecutionrequests/b/status?fieldManager=m&force=true',
    );
    expect(seen[1]?.headers['content-type']).toBe('application/apply-patch+yaml');
    expect(JSON.parse(seen[1]?.body ?? '')).toEqual({
      apiVersion: 'sekisho.dev/v1alpha1',
      kind: 'CodeExecutionRequest',
      ...object,
    });
    expect(seen[0]?.url).not.toContain('force');
  });

  test('patch is a merge of an object or a list of JSON operations', async () => {
    await client.patch(CONFIG_MAPS, { namespace: 'a', name: 'b' }, { data: null });
    await client.patch(CONFIG_MAPS, { namespace: 'a', name: 'b' }, [{ op: 'remove', path: '/data' }], {
      subresource: 'status',
    });
    expect(seen.map(({ headers }) => headers['content-type'])).toEqual([
      'application/merge-patch+json',
      'application/json-patch+json',
    ]);
    expect(seen[1]?.url).toMatch(/b\/status$/);
  });

  test('delete names the very object, and what is gone is deleted', async () => {
    answer = json({ reason: 'NotFound' }, 404);
    await client.delete(JOBS, { namespace: 'a', name: 'b' }, { uid: 'u', propagationPolicy: 'Background' });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid: 'u' },
      propagationPolicy: 'Background',
    });
    answer = json({ reason: 'Conflict' }, 409);
    expect((await fault(client.delete(JOBS, { namespace: 'a', name: 'b' }, { uid: 'u' }))).kind).toBe(
      'Conflict',
    );
  });

  test('get answers undefined for what does not exist, request any status', async () => {
    answer = json({ reason: 'NotFound' }, 404);
    expect(await client.get(NAMESPACES, { name: 'a' })).toBeUndefined();
    expect(await client.request('GET', '/readyz', { query: { verbose: true } })).toEqual({
      status: 404,
      body: '{"reason":"NotFound"}',
    });
    expect(seen[1]?.url).toBe('/proxy/readyz?verbose=true');
  });

  test('podLog answers bytes, bounded whatever the server sends', async () => {
    answer = (_seen, response) => response.end(Buffer.from([0xff, 0x00, 0x0a]));
    expect([...(await client.podLog('a', 'p', { container: 'c', limitBytes: 100 }))]).toEqual([
      0xff, 0x00, 0x0a,
    ]);
    expect(seen[0]?.url).toBe('/proxy/api/v1/namespaces/a/pods/p/log?container=c&limitBytes=100');
    answer = (_seen, response) => response.end(Buffer.alloc(200_000));
    expect((await fault(client.podLog('a', 'p', { limitBytes: 100 }))).reason).toBe('AnswerTooLong');
  });
});

describe('what goes wrong', () => {
  test('an answer that is too long is cut off, also when it never ends', async () => {
    answer = (_seen, response) => {
      const more = () => response.write('x'.repeat(10_000), () => !response.destroyed && setImmediate(more));
      more();
    };
    const error = await fault(client.get(NAMESPACES, { name: 'a' }, { maxBytes: 50_000 }));
    expect(error).toMatchObject({ kind: 'Terminal', reason: 'AnswerTooLong' });
    answer = json({ ok: true });
    expect(await client.get(NAMESPACES, { name: 'a' })).toEqual({ ok: true });
  });

  test('a server that does not answer is left in time, also one that drips', async () => {
    answer = () => {};
    const silent = await fault(client.get(NAMESPACES, { name: 'a' }, { timeoutMilliseconds: 50 }));
    expect(silent).toMatchObject({ kind: 'Retry', reason: 'TimedOut', status: 0 });
    expect(silent.message).toBe('GET /api/v1/namespaces/a: no answer within 50 ms');
    answer = (_seen, response) => {
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drip));
    };
    expect((await fault(client.get(NAMESPACES, { name: 'a' }, { timeoutMilliseconds: 100 }))).reason).toBe(
      'TimedOut',
    );
  });

  test('a reset, a refused connection and nonsense are worth another try', async () => {
    answer = (_seen, response) => response.socket?.resetAndDestroy();
    expect(await fault(client.get(NAMESPACES, { name: 'a' }))).toMatchObject({ kind: 'Retry', status: 0 });
    answer = (_seen, response) => response.end('<html>');
    expect(await fault(client.get(NAMESPACES, { name: 'a' }))).toMatchObject({
      kind: 'Retry',
      reason: 'BrokenAnswer',
    });
    const nowhere = connectKube({ connection: { ...connection, origin: 'http://127.0.0.1:1' } });
    expect(await fault(nowhere.get(NAMESPACES, { name: 'a' }))).toMatchObject({
      kind: 'Retry',
      reason: 'ECONNREFUSED',
    });
    await nowhere.close();
  });

  test('a token that is refused is read again, and the call goes out once more', async () => {
    let token = 'old';
    let known = token;
    const rotating = connectKube({
      connection: {
        ...connection,
        authorization: async () => `Bearer ${known}`,
        forgetAuthorization: () => (known = token),
      },
    });
    answer = ({ headers }, response) => {
      response.statusCode = headers.authorization === `Bearer ${token}` ? 200 : 401;
      response.end('{}');
    };
    await rotating.get(NAMESPACES, { name: 'a' });
    token = 'new';
    await rotating.create(NAMESPACES, { metadata: { name: 'a' } });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer old',
      'Bearer old',
      'Bearer new',
    ]);
    token = 'newer';
    known = token;
    answer = json({}, 401);
    expect((await fault(rotating.get(NAMESPACES, { name: 'a' }))).kind).toBe('Retry');
    await rotating.close();
  });

  test('closing does not wait long for a call that hangs, and may be done twice', async () => {
    answer = () => {};
    const hanging = fault(client.get(NAMESPACES, { name: 'a' }));
    await client.close();
    await client.close();
    expect((await hanging).kind).toBe('Retry');
  });
});

describe('a client whose writes are guarded', () => {
  test('sends none when it may not, and still reads', async () => {
    const transport = createTransport({ connection });
    let leading = true;
    const guarded = createKubeClient(transport, { mayWrite: () => leading });
    const object = { metadata: { namespace: 'a', name: 'b' } };
    await guarded.create(CONFIG_MAPS, object);
    leading = false;
    const refused = [
      guarded.create(CONFIG_MAPS, object),
      guarded.replace(CONFIG_MAPS, object),
      guarded.apply(CONFIG_MAPS, object, { fieldManager: 'm' }),
      guarded.applyStatus(CONFIG_MAPS, object, { fieldManager: 'm' }),
      guarded.patch(CONFIG_MAPS, { namespace: 'a', name: 'b' }, {}),
      guarded.delete(CONFIG_MAPS, { namespace: 'a', name: 'b' }),
      guarded.request('POST', '/x'),
    ];
    for (const call of refused)
      expect(await fault(call)).toMatchObject({ kind: 'Retry', reason: 'NotLeading' });
    await guarded.get(NAMESPACES, { name: 'a' });
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
    await transport.close();
  });

  test('also not one that waited for a connection meanwhile', async () => {
    const transport = createTransport({ connection, connections: 1 });
    let leading = true;
    const guarded = createKubeClient(transport, { mayWrite: () => leading });
    let release = () => {};
    answer = (_seen, response) => {
      release = () => response.end('{}');
    };
    const first = guarded.get(NAMESPACES, { name: 'slow' });
    const second = fault(guarded.create(CONFIG_MAPS, { metadata: { namespace: 'a', name: 'b' } }));
    while (seen.length === 0) await new Promise(setImmediate);
    leading = false;
    answer = json({});
    release();
    await first;
    expect((await second).reason).toBe('NotLeading');
    expect(seen.map(({ method }) => method)).toEqual(['GET']);
    await transport.close();
  });
});

describe('a watch', () => {
  const watch = (events: unknown[], signal = new AbortController().signal) =>
    client.watch(
      CONFIG_MAPS,
      { namespace: 'a', resourceVersion: '7', timeoutSeconds: 5 },
      (event) => void events.push(event),
      signal,
    );

  test('hands on events whole, however they are cut', async () => {
    const lines = [
      { type: 'ADDED', object: { metadata: { name: 'größe' } } },
      { type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } },
    ];
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    answer = (_seen, response) => {
      let at = 0;
      const next = () =>
        at < bytes.length
          ? response.write(bytes.subarray(at, (at += 1)), () => setImmediate(next))
          : response.end();
      next();
    };
    const events: unknown[] = [];
    await watch(events);
    expect(events).toEqual(lines);
    expect(seen[0]?.url).toBe(
      '/proxy/api/v1/namespaces/a/configmaps?watch=true&resourceVersion=7&timeoutSeconds=5',
    );
  });

  test('throws what the server refuses it with, before and within', async () => {
    answer = json({ kind: 'Status', code: 410, reason: 'Expired' }, 410);
    expect((await fault(watch([]))).kind).toBe('Gone');
    answer = (_seen, response) => response.end('{"type":"ERROR","object":{"code":410,"reason":"Expired"}}\n');
    expect((await fault(watch([]))).kind).toBe('Gone');
    answer = (_seen, response) => response.end('{"type":"ERROR","object":{"code":500}}\nnot json\n');
    expect((await fault(watch([]))).kind).toBe('Retry');
  });

  test('ends when it is told to, before and within', async () => {
    const controller = new AbortController();
    answer = (_seen, response) => {
      response.flushHeaders();
      setImmediate(() => controller.abort());
    };
    expect((await fault(watch([], controller.signal))).reason).toBe('Aborted');
    expect((await fault(watch([], controller.signal))).reason).toBe('Aborted');
  });
});

test('in a cluster: the files of the service account, the token read again as it rotates', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-sa-'));
  try {
    writeFileSync(join(folder, 'token'), 'one\n');
    writeFileSync(join(folder, 'ca.crt'), 'CA');
    writeFileSync(join(folder, 'namespace'), 'sekisho-system');
    let now = 0;
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
    const inside = await inClusterConnection(env, folder, () => now);
    expect(inside).toMatchObject({
      origin: 'https://[fd00::1]:6443',
      namespace: 'sekisho-system',
      tls: { ca: Buffer.from('CA') },
    });
    expect(await inside.authorization()).toBe('Bearer one');
    writeFileSync(join(folder, 'token'), 'two\n');
    expect(await inside.authorization()).toBe('Bearer one');
    now += 60_000;
    expect(await inside.authorization()).toBe('Bearer two');
    writeFileSync(join(folder, 'token'), 'three\n');
    inside.forgetAuthorization();
    expect(await inside.authorization()).toBe('Bearer three');
    rmSync(join(folder, 'token'));
    now += 60_000;
    // The kubelet swaps the files; an old token is better than none meanwhile.
    expect(await inside.authorization()).toBe('Bearer three');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
