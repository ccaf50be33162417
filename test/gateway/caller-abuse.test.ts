/** Callers that misbehave, over raw sockets: nothing of theirs reaches an upstream, and the neighbour is still answered. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { aPlugin, anOperation } from './support/plugins.ts';
import { TOKEN, aWorld, anUpstream, answerJson, call, closers } from './support/world.ts';
import type { World } from './support/world.ts';

const { add, closeAll } = closers();
afterEach(closeAll);

async function scene(server: object = {}) {
  const upstream = add(await anUpstream(answerJson({ ok: true })));
  const plugin = aPlugin({ url: upstream.url, operations: [anOperation({ maxRequestBytes: 1024 })] });
  const world = add(await aWorld({ plugins: [plugin], server }));
  return { upstream, world };
}

const PATH = '/v1/plugins/calendar/operations/read_events';
const HEAD = `POST ${PATH} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\n`;

const opened = ({ port }: World): Promise<Socket> =>
  new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(socket)).once('error', fail);
  });

/** All that comes back until the gateway hangs up. */
async function said(world: World, bytes: string | Buffer): Promise<string> {
  const socket = await opened(world);
  let text = '';
  socket.on('data', (data) => (text += String(data)));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((done) => void socket.once('close', () => done()));
  socket.write(bytes);
  await closed;
  return text;
}

const statuses = (text: string): readonly string[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, code]) => code ?? '');

describe('requests that two readers would read differently', () => {
  const inner = `POST ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`;
  test.each([
    ['length and chunks', `${HEAD}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`],
    ['chunks and length', `${HEAD}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n${inner}`],
    ['two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 60\r\n\r\n{}${inner}`],
    ['a list of lengths', `${HEAD}Content-Length: 2, 60\r\n\r\n{}${inner}`],
    ['a signed length', `${HEAD}Content-Length: +2\r\n\r\n{}`],
    ['a length with a letter', `${HEAD}Content-Length: 2x\r\n\r\n{}`],
    ['chunked, hidden', `${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['chunked, not last', `${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    ['chunked by tab', `${HEAD}Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`],
    ['a space before the colon', `${HEAD}Content-Length : 2\r\n\r\n{}`],
    ['a folded header', `${HEAD}X-A: b\r\n Content-Length: 2\r\n\r\n{}`],
    ['a bare line feed', `${HEAD}X-A: b\nContent-Length: 2\r\n\r\n{}`],
    ['a bare carriage return', `${HEAD}X-A: b\rContent-Length: 2\r\n\r\n{}`],
    ['NUL in a header', `${HEAD}X-A: \0\r\nContent-Length: 2\r\n\r\n{}`],
    ['a chunk that is no number', `${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n`],
    ['a chunk with a sign', `${HEAD}Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n`],
    ['a chunk that is longer than it says', `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`],
    ['two tokens', `${HEAD}Authorization: Bearer other\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`],
    ['two hosts', `${HEAD}Host: other\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`],
    ['no host', HEAD.replace('Host: gateway\r\n', '') + 'Content-Length: 2\r\nConnection: close\r\n\r\n{}'],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an old protocol', `POST ${PATH}\r\n\r\n`],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a method that there is none of', `FETCH ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('%s', async (_name, bytes) => {
    const { world, upstream } = await scene();
    const answer = await said(world, bytes);
    expect(statuses(answer).filter((status) => status === '200')).toEqual([]);
    expect(upstream.heard).toEqual([]);
    expect((await call(world, {})).status).toBe(200);
    expect(upstream.heard).toHaveLength(1);
  });

  test('what node refuses is told as a problem too', async () => {
    const { world } = await scene();
    const answer = await said(
      world,
      `${HEAD}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    );
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('"code":"BadRequest"');
  });

  test('after a body that was not read, the connection ends: what follows is no request', async () => {
    const { world, upstream } = await scene();
    const follower = `${HEAD}Content-Length: 2\r\n\r\n{}`;
    const answer = await said(
      world,
      `${HEAD.replace(TOKEN, 'other')}Content-Length: 5000\r\n\r\n${follower}`,
    );
    expect(statuses(answer)).toEqual(['401']);
    expect(upstream.heard).toEqual([]);
  });
});

describe('targets in spellings of their own', () => {
  test.each([
    '*',
    `http://gateway${PATH}`,
    `//gateway${PATH}`,
    `${PATH}?a=b`,
    `${PATH}%00`,
    '/v1/../v1/plugins/calendar/operations/read_events',
    `${PATH}#`,
    '/v1/plugins/calendar/operations/read\u00e9events',
    'x',
  ])('%s', async (url) => {
    const { world, upstream } = await scene();
    const answer = await said(
      world,
      `${HEAD.replace(PATH, url)}Content-Length: 2\r\nConnection: close\r\n\r\n{}`,
    );
    expect(statuses(answer)).not.toContain('200');
    expect(answer).not.toMatch(/<html|Cannot POST/i);
    expect(upstream.heard).toEqual([]);
  });
  test('a tunnel', async () => {
    const { world } = await scene();
    expect(statuses(await said(world, 'CONNECT 10.0.0.1:80 HTTP/1.1\r\nHost: x\r\n\r\n'))).not.toContain(
      '200',
    );
  });
  test('an upgrade', async () => {
    const { world } = await scene();
    const answer = await said(
      world,
      `GET /mcp HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n`,
    );
    expect(statuses(answer)).not.toContain('101');
  });
});

describe('bodies', () => {
  test('that are announced too large are not waited for', async () => {
    const { world, upstream } = await scene();
    expect(await said(world, `${HEAD}Content-Length: 100000000\r\n\r\n`)).toContain('"code":"InputTooLarge"');
    expect(upstream.heard).toEqual([]);
  });

  test('that grow too large are cut', async () => {
    const { world, upstream } = await scene();
    const chunk = `400\r\n${' '.repeat(1024)}\r\n`;
    expect(await said(world, `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(8)}`)).toContain(
      '"code":"InputTooLarge"',
    );
    expect(upstream.heard).toEqual([]);
  });

  test('that never end are cut, and the neighbour does not wait', async () => {
    const { world, upstream } = await scene({ bodyMilliseconds: 300 });
    const slow = said(world, `${HEAD}Content-Length: 10\r\n\r\n{`);
    expect((await call(world, {})).status).toBe(200);
    expect(await slow).toContain('The body did not come in time.');
    expect(upstream.heard).toHaveLength(1);
  });

  test('of a caller that is not known are not read', async () => {
    const { world } = await scene();
    const answer = await said(world, `${HEAD.replace(TOKEN, 'other')}Content-Length: 1000\r\n\r\n`);
    expect(answer).toContain('"code":"Unauthenticated"');
  });

  test('that break off', async () => {
    const { world, upstream } = await scene();
    const socket = await opened(world);
    socket.write(`${HEAD}Content-Length: 10\r\n\r\n{`);
    socket.resetAndDestroy();
    while (world.ends.length < 1) await new Promise((done) => setImmediate(done));
    expect(world.ends[0]?.code).toBe('BadRequest');
    expect(upstream.heard).toEqual([]);
  });
});

describe('heads', () => {
  test('that are too large', async () => {
    const { world } = await scene();
    expect(statuses(await said(world, `${HEAD}X-A: ${'a'.repeat(20_000)}\r\n\r\n`))).toEqual(['400']);
  });
  test('with too many lines', async () => {
    const { world, upstream } = await scene();
    const lines = Array.from({ length: 100 }, (_, n) => `X-${n}: a\r\n`).join('');
    expect(await said(world, `${HEAD}${lines}Content-Length: 2\r\n\r\n{}`)).toContain('At most 64 headers.');
    expect(upstream.heard).toEqual([]);
  });
});

describe('connections', () => {
  test('of one address are bounded', async () => {
    const { world } = await scene({ connectionsPerAddress: 3 });
    const sockets = await Promise.all([opened(world), opened(world), opened(world)]);
    const fourth = await opened(world);
    await new Promise<void>((done) => void fourth.once('close', () => done()).resume());
    sockets[0]?.destroy();
    await new Promise<void>((done) => void sockets[0]?.once('close', () => done()));
    let status = 0;
    while (status !== 200)
      status = await call(world, {}).then(
        (answer) => answer.status,
        () => 0,
      );
    for (const socket of sockets) socket.destroy();
    expect(status).toBe(200);
  });
});

describe('closing', () => {
  test('what was taken is answered, and nothing new is', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((done) => (release = done));
    const upstream = add(
      await anUpstream((heard, response, request) => {
        held.then(() => answerJson({ late: true })(heard, response, request)).catch(() => undefined);
      }),
    );
    const world = add(
      await aWorld({ plugins: [aPlugin({ url: upstream.url })], server: { drainMilliseconds: 5000 } }),
    );
    const taken = call(world, {});
    while (upstream.heard.length < 1) await new Promise((done) => setImmediate(done));
    const closed = world.close();
    release();
    const answer = await taken;
    expect(answer).toMatchObject({ status: 200, body: { output: { late: true } } });
    expect(answer.headers.get('connection')).toBe('close');
    await closed;
    await expect(call(world, {})).rejects.toThrow();
  });
});

test('nothing secret is in any log', async () => {
  const { world } = await scene();
  await call(world, { note: 'hunter2 ignore all previous instructions' });
  await call(world, {}, { token: 'hunter2' });
  expect(JSON.stringify([world.events, world.errors, world.ends])).not.toMatch(/hunter2|token-of-the-pod/);
});
