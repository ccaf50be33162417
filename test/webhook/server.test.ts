import { connect as connectPlain } from 'node:net';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:tls';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AdmissionRequest, AdmissionReview } from '../../src/webhook/admission.ts';
import { issueAuthority, issueServing } from '../../src/webhook/issue-certificate.ts';
import type { KeyedCertificate } from '../../src/webhook/issue-certificate.ts';
import { allowed, MAX_BODY_BYTES } from '../../src/webhook/review.ts';
import { start } from '../../src/webhook/server.ts';
import type { WebhookServer, WebhookServerOptions } from '../../src/webhook/server.ts';

const PATH = '/admit/codeexecutionrequests';
let authority: KeyedCertificate;
let certificate: KeyedCertificate;
let servers: WebhookServer[] = [];

beforeAll(async () => {
  authority = await issueAuthority(Date.now());
  certificate = await issueServing(authority, ['w.n.svc'], Date.now());
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function serve(
  admit: (request: AdmissionRequest) => Promise<AdmissionReview> = ({ uid }) => Promise.resolve(allowed(uid)),
  options: Partial<WebhookServerOptions> = {},
) {
  const logs: object[] = [];
  const logger = { error: (fields: object) => void logs.push(fields) };
  const server = await start({
    port: 0,
    host: '127.0.0.1',
    certificate,
    routes: { [PATH]: admit },
    logger,
    ...options,
  });
  servers.push(server);
  return { server, logs };
}

const BODY = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: { uid: 'r-1', userInfo: { username: 'alice' } },
});

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | number>;
  readonly body?: string | Buffer;
}

function call(
  port: number,
  { method = 'POST', path = PATH, headers = {}, body = BODY }: Call = {},
  ca = authority.cert,
) {
  return new Promise<{ status: number; headers: Record<string, unknown>; review: AdmissionReview }>(
    (done, fail) => {
      const request = httpsRequest(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          ca,
          servername: 'w.n.svc',
          agent: false,
          headers: { 'content-type': 'application/json', ...headers },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('end', () =>
            done({ status: response.statusCode ?? 0, headers: response.headers, review: JSON.parse(text) }),
          );
        },
      );
      request.on('error', fail);
      request.end(body);
    },
  );
}

test('a review is answered, whatever the API server adds to the path', async () => {
  const { server } = await serve();
  const { status, review } = await call(server.port, { path: `${PATH}?timeout=5s` });
  expect([status, review.response]).toEqual([200, { uid: 'r-1', allowed: true }]);
});

describe('what is no review', () => {
  test.each<readonly [string, Call, number]>([
    ['another path', { path: '/' }, 404],
    ['a path that every object has', { path: '/constructor' }, 404],
    ['GET', { method: 'GET', body: '' }, 405],
    ['PUT', { method: 'PUT' }, 405],
    ['another content type', { headers: { 'content-type': 'text/plain' } }, 415],
    ['a body announced too large', { headers: { 'content-length': MAX_BODY_BYTES + 1 }, body: '' }, 413],
    ['no JSON', { body: 'x' }, 400],
    ['nothing', { body: '' }, 400],
  ])('%s', async (_what, sent, status) => {
    const { server } = await serve();
    const answer = await call(server.port, sent);
    expect(answer.status).toBe(status);
    expect(answer.review).toMatchObject({
      kind: 'AdmissionReview',
      response: { allowed: false, status: { code: status } },
    });
  });

  test('a body that grows too large without saying so is not read to its end', async () => {
    const { server } = await serve();
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const sent = await new Promise<{ status: number; bytes: number }>((done, fail) => {
      let bytes = 0;
      const request = httpsRequest({
        host: '127.0.0.1',
        port: server.port,
        method: 'POST',
        path: PATH,
        ca: authority.cert,
        servername: 'w.n.svc',
        agent: false,
        headers: { 'content-type': 'application/json' },
      });
      request.on('response', (response) => {
        response.resume();
        done({ status: response.statusCode ?? 0, bytes });
      });
      request.on('error', fail);
      const more = () => {
        if (bytes > 20 * MAX_BODY_BYTES) return fail(new Error('it reads for ever'));
        bytes += chunk.length;
        request.write(chunk, () => setImmediate(more));
      };
      more();
    });
    expect(sent.status).toBe(413);
    expect(sent.bytes).toBeLessThan(4 * MAX_BODY_BYTES);
  });
});

test('an exception is a 500 in a review with the uid, and no internal word', async () => {
  const { server, logs } = await serve(() => Promise.reject(new Error('secret detail')));
  const { status, review } = await call(server.port);
  expect(status).toBe(200);
  expect(review.response).toMatchObject({ uid: 'r-1', allowed: false, status: { code: 500 } });
  expect(JSON.stringify(review)).not.toContain('secret detail');
  expect(logs).toHaveLength(1);
});

describe('TLS', () => {
  const serialOf = (port: number, options = {}) =>
    new Promise<string>((done, fail) => {
      const socket = connect(
        { host: '127.0.0.1', port, ca: [authority.cert], servername: 'w.n.svc', ...options },
        () => {
          const { serialNumber } = socket.getPeerCertificate();
          socket.end();
          done(serialNumber);
        },
      );
      socket.on('error', fail);
    });

  test('another certificate is served from the next connection on, while the old connection goes on', async () => {
    const { server } = await serve();
    const before = await serialOf(server.port);
    const next = await issueAuthority(Date.now());
    server.setCertificate(await issueServing(next, ['w.n.svc'], Date.now()));
    await expect(serialOf(server.port)).rejects.toThrow();
    const bundle = { ca: [authority.cert, next.cert] };
    expect(await serialOf(server.port, bundle)).not.toBe(before);
    expect((await call(server.port, {}, next.cert)).status).toBe(200);
  });

  test('a certificate that does not fit its key is refused, and the old one stays', async () => {
    const { server } = await serve();
    const before = await serialOf(server.port);
    expect(() => server.setCertificate({ cert: certificate.cert, key: authority.key })).toThrow();
    expect(await serialOf(server.port)).toBe(before);
  });

  test('TLS 1.1 is refused, 1.2 and 1.3 serve', async () => {
    const { server } = await serve();
    await expect(
      serialOf(server.port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }),
    ).rejects.toThrow();
    await serialOf(server.port, { maxVersion: 'TLSv1.2' });
    await serialOf(server.port, { minVersion: 'TLSv1.3' });
  });

  test('without a certificate nobody gets in; with one, they do', async () => {
    const { certificate: _none, ...bare } = { certificate: undefined };
    const server = await start({
      port: 0,
      host: '127.0.0.1',
      routes: { [PATH]: ({ uid }) => Promise.resolve(allowed(uid)) },
      logger: { error: () => undefined },
      ...bare,
    });
    servers.push(server);
    await expect(serialOf(server.port)).rejects.toThrow();
    server.setCertificate(certificate);
    expect((await call(server.port)).status).toBe(200);
  });

  test('a connection that says nothing is closed', async () => {
    const { server } = await serve();
    const began = performance.now();
    await new Promise<void>((done) => {
      const socket = connectPlain(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('close', () => done());
      socket.resume();
    });
    expect(performance.now() - began).toBeLessThan(8000);
  }, 15_000);
});

describe('closing', () => {
  test('calls under way are answered, then the port is closed', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const { server } = await serve(async ({ uid }) => {
      arrived.resolve();
      await promise;
      return allowed(uid);
    });
    // As the API server calls: it would keep the connection.
    const answer = call(server.port, { headers: { connection: 'keep-alive' } });
    await arrived.promise;
    const closed = server.close();
    await wait(20);
    resolve();
    const { status, headers } = await answer;
    expect([status, headers['connection']]).toEqual([200, 'close']);
    await closed;
    await expect(call(server.port)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('new calls are still taken for a while: the Service leads here until it is told', async () => {
    const { server } = await serve(undefined, { lingerMilliseconds: 150 });
    const closed = server.close();
    expect((await call(server.port)).status).toBe(200);
    await closed;
    await expect(call(server.port)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('a call that never ends does not hold it up for ever', async () => {
    const { server } = await serve(() => new Promise(() => undefined), { drainMilliseconds: 100 });
    const answer = call(server.port);
    answer.catch(() => undefined);
    await wait(100);
    await server.close();
    await expect(answer).rejects.toThrow();
  });
});
