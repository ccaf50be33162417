import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { aPlugin } from './support/plugins.ts';
import { aWorld, call, closers } from './support/world.ts';

const { add, closeAll } = closers();
afterEach(closeAll);

/** A TLS upstream whose certificate is good for one name. */
async function aTlsUpstream(name: string) {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    algorithm: 'sha256',
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  });
  const names: (string | false | undefined)[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    names.push(Reflect.get(request.socket, 'servername') as string | false);
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return add({ cert, names, port: (server.address() as AddressInfo).port, close });
}

const codeFor = async (url: string, caBundle?: string) => {
  const plugin = aPlugin({ url, ...(caBundle === undefined ? {} : { upstream: { caBundle } }) });
  const world = add(await aWorld({ plugins: [plugin] }));
  const { code, status } = await call(world, {});
  return code ?? status;
};

test('a certificate of the bundle, for the name of the url, is taken; the name is told (SNI)', async () => {
  const upstream = await aTlsUpstream('calendar.example.com');
  expect(await codeFor(`https://calendar.example.com:${upstream.port}`, upstream.cert)).toBe(200);
  expect(upstream.names).toEqual(['calendar.example.com']);
});

test('a certificate of nobody known is not', async () => {
  const upstream = await aTlsUpstream('calendar.example.com');
  expect(await codeFor(`https://calendar.example.com:${upstream.port}`)).toBe('UpstreamFailed');
  expect(upstream.names).toEqual([]);
});

test('a certificate for another name is not', async () => {
  const upstream = await aTlsUpstream('other.example.com');
  expect(await codeFor(`https://calendar.example.com:${upstream.port}`, upstream.cert)).toBe(
    'UpstreamFailed',
  );
  expect(upstream.names).toEqual([]);
});

test('a certificate for a name is not good for an address', async () => {
  const upstream = await aTlsUpstream('calendar.example.com');
  expect(await codeFor(`https://127.0.0.1:${upstream.port}`, upstream.cert)).toBe('UpstreamFailed');
  expect(upstream.names).toEqual([]);
});
