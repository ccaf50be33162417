/** Ports, TLS, bounds, files. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { loadPageFiles } from '../../src/console/page-files.ts';
import { startServer } from '../../src/console/server.ts';
import type { ConsoleServer } from '../../src/console/server.ts';
import { withoutCredentials } from '../../src/kube/connection.ts';
import { issueAuthority, issueServing } from '../../src/webhook/issue-certificate.ts';
import type { KeyedCertificate } from '../../src/webhook/issue-certificate.ts';
import { callPort } from './serving.ts';

let authority: KeyedCertificate;
let certificate: KeyedCertificate;
beforeAll(async () => {
  authority = await issueAuthority(Date.now());
  certificate = await issueServing(authority, ['console.example'], Date.now());
});

const open: ConsoleServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));
const serve = async (options: object = {}) => {
  const server = await startServer({
    port: 0,
    host: '127.0.0.1',
    answer: (_request, response) => response.end('here'),
    ...options,
  });
  open.push(server);
  return server;
};

const overTls = (port: number, options = {}) =>
  new Promise<string>((done, fail) => {
    const target = {
      host: '127.0.0.1',
      port,
      ca: authority.cert,
      servername: 'console.example',
      agent: false,
    };
    const request = httpsRequest({ ...target, ...options }, (response) => {
      response.setEncoding('utf8').on('data', done);
    });
    request.on('error', fail);
    request.end();
  });

describe('TLS', () => {
  test('with a certificate it is spoken, and nothing else', async () => {
    const { port } = await serve({ certificate });
    expect(await overTls(port)).toBe('here');
    await expect(callPort(port, { path: '/' })).rejects.toThrow();
  });
  test('a renewed certificate is served from the next connection on; one that does not fit its key is refused', async () => {
    const server = await serve({ certificate });
    const serial = () =>
      new Promise<string>((done, fail) => {
        const options = {
          host: '127.0.0.1',
          port: server.port,
          ca: authority.cert,
          servername: 'console.example',
        };
        const socket = connect(options, () => {
          done(socket.getPeerCertificate().serialNumber);
          socket.end();
        });
        socket.on('error', fail);
      });
    const before = await serial();
    expect(() => server.setCertificate({ cert: certificate.cert, key: authority.key })).toThrow();
    expect(await serial()).toBe(before);
    server.setCertificate(await issueServing(authority, ['console.example'], Date.now()));
    expect(await serial()).not.toBe(before);
  });
  test('TLS 1.1 is refused', async () => {
    const { port } = await serve({ certificate });
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
    await expect(overTls(port, old)).rejects.toThrow();
  });
});

describe('bounds', () => {
  test('headers that are too long are refused', async () => {
    const { port } = await serve();
    const { status } = await callPort(port, { path: '/', headers: { authorization: 'x'.repeat(40_000) } });
    expect(status).toBe(431);
  });
  test('a connection that says nothing is closed', async () => {
    const { port } = await serve();
    const began = performance.now();
    await new Promise<void>((done) => {
      const socket = connectPlain(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('close', () => done());
      socket.resume();
    });
    expect(performance.now() - began).toBeLessThan(8000);
  }, 15_000);
});

test('without a certificate it is plain HTTP, and a closed server answers nobody', async () => {
  const server = await serve();
  expect(await callPort(server.port, { path: '/' })).toMatchObject({ status: 200, text: 'here' });
  await server.close();
  await expect(callPort(server.port, { path: '/' })).rejects.toThrow(/ECONNREFUSED/);
});

test('a folder without the page is an error at the start, and only files of known types are read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-page-'));
  try {
    await writeFile(join(folder, 'notes.txt'), 'x');
    await expect(loadPageFiles(folder)).rejects.toThrow(/npm run build/);
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    expect([...(await loadPageFiles(folder)).keys()]).toEqual(['/']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the connection of the console has no credentials, not even those of a kubeconfig', async () => {
  let forgotten = 0;
  const bare = withoutCredentials({
    ...{ origin: 'https://api', basePath: '', namespace: 'n' },
    tls: { ca: 'ca', cert: 'cert', key: 'key', servername: 'api' },
    authorization: async () => 'Bearer of-the-administrator',
    forgetAuthorization: () => (forgotten += 1),
  });
  expect(bare.tls).toEqual({ ca: 'ca', servername: 'api' });
  expect(await bare.authorization()).toBeUndefined();
  bare.forgetAuthorization();
  expect(forgotten).toBe(0);
});
