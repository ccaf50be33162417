/** Upstreams that misbehave: each is refused with a stable code, and the neighbour is still answered. */
import { gzipSync } from 'node:zlib';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { DialPorts } from '../../src/gateway/upstream/dial.ts';
import { systemDialPorts } from '../../src/gateway/upstream/dial.ts';
import { judgeAddress } from '../../src/gateway/upstream/address.ts';
import { originOf } from '../../src/gateway/upstream/origin.ts';
import { aPlugin, anOperation } from './support/plugins.ts';
import { aRawUpstream } from './support/raw-upstream.ts';
import { LOOPBACK_TOO, aWorld, anUpstream, answerJson, call, closers } from './support/world.ts';

const { add, closeAll } = closers();
afterEach(closeAll);

const LIMITS = { perPlugin: 64, total: 512, perRequest: 64, failures: 1000, restMilliseconds: 1000 };

interface Scene {
  readonly operation?: object;
  readonly dial?: DialPorts;
  readonly url?: string;
  readonly limits?: typeof LIMITS;
}

/** A bad upstream and a good one behind the same gateway. */
async function besideGood(badUrl: string, { operation, dial, limits = LIMITS }: Scene = {}) {
  const good = add(await anUpstream(answerJson({ good: true })));
  const plugins = [
    aPlugin({
      url: badUrl,
      metadata: { name: 'bad', uid: 'bad-uid' },
      operations: [anOperation({ timeoutSeconds: 1, maxResponseBytes: 1024, ...operation })],
    }),
    aPlugin({ url: good.url, metadata: { name: 'good', uid: 'good-uid' } }),
  ];
  return add(await aWorld({ plugins, server: { limits }, ...(dial ? { dial } : {}) }));
}
type Scenery = Awaited<ReturnType<typeof besideGood>>;

const neighbourStatus = async (world: Scenery): Promise<number> =>
  (await call(world, {}, { plugin: 'good' })).status;

const head = (lines: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${lines}\r\n\r\n`;
const says = (text: string | Buffer) => (socket: Socket) => socket.end(text);

function streamsForEver(socket: Socket): void {
  socket.write(head('transfer-encoding: chunked'));
  const more = (): void => {
    if (socket.writable) socket.write(`400\r\n${' '.repeat(1024)}\r\n`, () => setImmediate(more));
  };
  more();
}

function dripsForEver(socket: Socket): void {
  socket.write(head('transfer-encoding: chunked'));
  const timer = setInterval(() => socket.write('1\r\n \r\n'), 50);
  socket.on('close', () => clearInterval(timer));
}

const bomb = gzipSync(Buffer.alloc(1_000_000, ' '));

describe('answers that are none', () => {
  test.each<[string, string, (socket: Socket) => void]>([
    ['garbage', 'UpstreamFailed', says('SSH-2.0-OpenSSH_9.6\r\n')],
    ['nothing', 'UpstreamFailed', says('')],
    ['half a head', 'UpstreamFailed', says('HTTP/1.1 200 OK\r\ncontent-')],
    ['a reset', 'UpstreamFailed', (socket) => socket.resetAndDestroy()],
    ['a head without end', 'UpstreamFailed', says(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(40_000)}`)],
    ['silence', 'UpstreamTimeout', () => undefined],
    ['a head and silence', 'UpstreamTimeout', (socket) => socket.write(head('content-length: 5'))],
    ['drops for ever', 'UpstreamTimeout', dripsForEver],
    ['a stream for ever', 'OutputTooLarge', streamsForEver],
    ['a length that is too large', 'OutputTooLarge', says(head('content-length: 999999999') + '{}')],
    ['less than its length', 'UpstreamFailed', says(head('content-length: 100') + '{}')],
    ['two lengths', 'UpstreamFailed', says(head('content-length: 2\r\ncontent-length: 3') + '{}x')],
    [
      'length and chunks',
      'UpstreamFailed',
      says(head('content-length: 2\r\ntransfer-encoding: chunked') + '0\r\n\r\n'),
    ],
    ['broken chunks', 'UpstreamFailed', says(head('transfer-encoding: chunked') + 'zz\r\n{}\r\n0\r\n\r\n')],
    [
      'a compressed bomb',
      'OutputInvalid',
      says(
        Buffer.concat([Buffer.from(head(`content-encoding: gzip\r\ncontent-length: ${bomb.length}`)), bomb]),
      ),
    ],
    [
      'a page',
      'OutputInvalid',
      says('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\n<p/>'),
    ],
    ['no type', 'OutputInvalid', says('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')],
    ['no JSON', 'OutputInvalid', says(head('content-length: 1') + '{')],
    ['a key twice', 'OutputInvalid', says(head('content-length: 13') + '{"a":1,"a":2}')],
    ['__proto__', 'OutputInvalid', says(head('content-length: 18') + '{"__proto__":null}')],
    ['too deep', 'OutputInvalid', says(head('content-length: 40') + '['.repeat(20) + ']'.repeat(20))],
    [
      'no UTF-8',
      'OutputInvalid',
      says(Buffer.concat([Buffer.from(head('content-length: 3')), Buffer.from([0x22, 0xff, 0x22])])),
    ],
    ['an error', 'UpstreamFailed', says('HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n')],
    ['a refusal', 'UpstreamFailed', says('HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n')],
    [
      'switching protocols',
      'UpstreamFailed',
      says('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ],
  ])('%s: %s', async (_name, code, answer) => {
    const bad = add(await aRawUpstream(answer));
    const world = await besideGood(bad.url);
    expect((await call(world, {}, { plugin: 'bad' })).code).toBe(code);
    expect(await neighbourStatus(world)).toBe(200);
    expect(world.events.find(({ plugin, outcome }) => plugin === 'bad' && outcome === 'Refused')?.code).toBe(
      code,
    );
  });

  test('nothing of what an upstream says stands in the refusal', async () => {
    const bad = add(
      await aRawUpstream(says('HTTP/1.1 500 hunter2\r\nx: hunter2\r\ncontent-length: 7\r\n\r\nhunter2')),
    );
    const world = await besideGood(bad.url);
    const answer = await call(world, {}, { plugin: 'bad' });
    expect(answer.body).toMatchObject({ detail: 'It answered with status 500.' });
    expect(JSON.stringify([answer.body, world.events, world.errors])).not.toContain('hunter2');
  });

  test('what follows an answer is no answer to the next call', async () => {
    const bad = add(
      await aRawUpstream((socket, nth) => {
        const answer = (n: string) => `${head('content-length: 7')}{"n":${n}}`;
        socket.write(nth === 1 ? answer('1') + answer('9') : answer('2'));
      }),
    );
    const world = await besideGood(bad.url);
    expect((await call(world, {}, { plugin: 'bad' })).body).toEqual({ output: { n: 1 } });
    expect((await call(world, {}, { plugin: 'bad' })).body).not.toEqual({ output: { n: 9 } });
  });
});

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('%d leads nowhere', async (status) => {
    const inner = add(await anUpstream(answerJson({ secret: true })));
    const bad = add(
      await anUpstream((_heard, response) => {
        response.writeHead(status, {
          location: status === 302 ? 'http://169.254.169.254/latest/meta-data/' : `${inner.url}/secret`,
        });
        response.end();
      }),
    );
    const world = await besideGood(bad.url);
    expect(await call(world, {}, { plugin: 'bad' })).toMatchObject({
      code: 'UpstreamFailed',
      body: { detail: 'It answered with a redirect, and none is followed.' },
    });
    expect(inner.heard).toEqual([]);
    expect(bad.heard).toHaveLength(1);
  });
});

describe('addresses', () => {
  test('the product never reaches loopback', async () => {
    const inner = add(await anUpstream(answerJson({})));
    const world = await besideGood(inner.url, { dial: systemDialPorts });
    expect((await call(world, {}, { plugin: 'bad' })).code).toBe('UpstreamForbidden');
    expect(inner.heard).toEqual([]);
  });

  test('a name that leads to loopback', async () => {
    const inner = add(await anUpstream(answerJson({})));
    const dial: DialPorts = { resolve: () => Promise.resolve(['127.0.0.1']), judge: judgeAddress };
    const world = await besideGood(`http://calendar.example.com:${inner.port}`, { dial });
    expect((await call(world, {}, { plugin: 'bad' })).code).toBe('UpstreamForbidden');
    expect(inner.heard).toEqual([]);
  });

  test.each([
    [['8.8.8.8', '127.0.0.1']],
    [['169.254.169.254']],
    [['::ffff:127.0.0.1']],
    [['64:ff9b::7f00:1']],
    [['10.1.2.3']],
    [['2130706433']],
  ])('a name with the addresses %j', async (addresses) => {
    const judged: string[] = [];
    const dial: DialPorts = {
      resolve: () => Promise.resolve(addresses),
      judge: (address, allowed) => {
        judged.push(address);
        return judgeAddress(address, allowed);
      },
    };
    const world = await besideGood('http://calendar.example.com', { dial });
    expect((await call(world, {}, { plugin: 'bad' })).code).toBe('UpstreamForbidden');
    expect(judged).toEqual(addresses);
  });

  test('a name that changes between the question and the dial (rebinding) is asked once for each dial', async () => {
    const inner = add(await anUpstream(answerJson({ inner: true })));
    const asked: string[] = [];
    const dial: DialPorts = {
      // Public at first, loopback ever after: whoever asks again would be led inside.
      resolve: (hostname) => {
        asked.push(hostname);
        return Promise.resolve([asked.length === 1 ? '192.0.2.1' : '127.0.0.1']);
      },
      judge: (address) => (address === '192.0.2.1' ? 'Allowed' : judgeAddress(address)),
    };
    const world = await besideGood(`http://rebinding.example.com:${inner.port}`, { dial });
    // 192.0.2.1 is nobody: the call cannot end well, and it never lands inside.
    expect((await call(world, {}, { plugin: 'bad' })).code).toMatch(/UpstreamTimeout|UpstreamFailed/);
    expect(asked).toHaveLength(1);
    expect((await call(world, {}, { plugin: 'bad' })).code).toBe('UpstreamForbidden');
    expect(inner.heard).toEqual([]);
  });

  test('the name stays in the Host header', async () => {
    const upstream = add(await anUpstream(answerJson({})));
    const world = await besideGood(`http://calendar.example.com:${upstream.port}`, { dial: LOOPBACK_TOO });
    expect((await call(world, {}, { plugin: 'bad' })).status).toBe(200);
    expect(upstream.heard[0]?.headers.host).toBe(`calendar.example.com:${upstream.port}`);
  });

  test('a resolver that fails, and one that knows nothing', async () => {
    const failing: DialPorts = { resolve: () => Promise.reject(new Error('SERVFAIL')), judge: judgeAddress };
    const empty: DialPorts = { resolve: () => Promise.resolve([]), judge: judgeAddress };
    for (const dial of [failing, empty]) {
      const world = await besideGood('http://calendar.example.com', { dial });
      expect((await call(world, {}, { plugin: 'bad' })).code).toBe('UpstreamFailed');
    }
  });

  test('no proxy of the environment is asked', async () => {
    const proxy = add(await anUpstream(answerJson({ proxied: true })));
    const upstream = add(await anUpstream(answerJson({ direct: true })));
    const before = { http: process.env['http_proxy'], all: process.env['NODE_USE_ENV_PROXY'] };
    process.env['http_proxy'] = proxy.url;
    process.env['NODE_USE_ENV_PROXY'] = '1';
    try {
      const world = await besideGood(upstream.url);
      expect((await call(world, {}, { plugin: 'bad' })).body).toEqual({ output: { direct: true } });
      expect(proxy.heard).toEqual([]);
    } finally {
      for (const [name, value] of [
        ['http_proxy', before.http],
        ['NODE_USE_ENV_PROXY', before.all],
      ] as const)
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
  });
});

describe('hosts that can be read in two ways', () => {
  test.each([
    ['decimal', 'http://2130706433/'],
    ['octal', 'http://0177.0.0.1/'],
    ['hexadecimal', 'http://0x7f000001/'],
    ['hexadecimal parts', 'http://0x7f.0.0.1/'],
    ['short', 'http://127.1/'],
    ['a user', 'http://calendar.example.com@127.0.0.1/'],
    ['a user and a password', 'http://a:b@calendar.example.com/'],
    ['a zone', 'http://[fe80::1%25eth0]/'],
    ['a dot at the end', 'http://calendar.example.com./'],
    ['full-width letters', 'http://ｃalendar.example.com/'],
    ['an encoded letter', 'http://%63alendar.example.com/'],
    ['a long IPv6', 'http://[0:0:0:0:0:0:0:1]/'],
    ['a mapped IPv6', 'http://[::ffff:127.0.0.1]/'],
    ['a backslash', 'http://calendar.example.com\\@127.0.0.1/'],
    ['a query', 'http://calendar.example.com/?x'],
    ['a fragment', 'http://calendar.example.com/#x'],
    ['a path that climbs', 'http://calendar.example.com/a/../b'],
    ['port 0', 'http://calendar.example.com:0/'],
    ['another scheme', 'file:///etc/passwd'],
    ['nothing', ''],
  ])('%s: %s', (_name, url) => {
    expect(originOf(url).ok).toBe(false);
  });

  test.each([
    ['https://calendar.example.com', 'https://calendar.example.com', 'calendar.example.com', ''],
    [
      'http://calendar.example.com:8080/api/',
      'http://calendar.example.com:8080',
      'calendar.example.com',
      '/api',
    ],
    ['https://[2606:4700::1111]/x', 'https://[2606:4700::1111]', '2606:4700::1111', '/x'],
    ['http://10.1.2.3', 'http://10.1.2.3', '10.1.2.3', ''],
  ])('plain: %s', (url, origin, hostname, basePath) => {
    expect(originOf(url)).toEqual({ ok: true, value: { origin, hostname, basePath } });
  });
});

describe('a slow upstream', () => {
  test.each([
    ['holds its own places only', { perPlugin: 4 }],
    ['is held by one request in some places only', { perRequest: 4 }],
  ])('%s', async (_name, limits) => {
    const slow = add(await aRawUpstream(() => undefined));
    const world = await besideGood(slow.url, {
      limits: { ...LIMITS, ...limits },
      operation: { timeoutSeconds: 5 },
    });
    const gone = new AbortController();
    const waiting = Array.from({ length: 4 }, () =>
      fetch(`${world.url}/v1/plugins/bad/operations/read_events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer token-of-the-pod' },
        body: '{}',
        signal: gone.signal,
      }).catch(() => undefined),
    );
    while (slow.heard() < 4) await new Promise((done) => setImmediate(done));
    const fifth = await call(world, {}, { plugin: 'bad' });
    expect(fifth).toMatchObject({ status: 503, code: 'UpstreamBusy' });
    expect(fifth.headers.get('retry-after')).toBe('5');
    expect(await neighbourStatus(world)).toBe(200);
    gone.abort();
    await Promise.all(waiting);
  });

  test('is let go when the caller goes away', async () => {
    const closed = { times: 0 };
    const slow = add(await aRawUpstream((socket) => void socket.on('close', () => (closed.times += 1))));
    const world = await besideGood(slow.url, { operation: { timeoutSeconds: 60 } });
    const gone = new AbortController();
    const asked = fetch(`${world.url}/v1/plugins/bad/operations/read_events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer token-of-the-pod' },
      body: '{}',
      signal: gone.signal,
    }).catch(() => 'gone');
    while (slow.heard() < 1) await new Promise((done) => setImmediate(done));
    gone.abort();
    expect(await asked).toBe('gone');
    while (closed.times < 1) await new Promise((done) => setImmediate(done));
    expect(world.circuits.now).toBe(0);
  });
});

describe('an upstream that fails', () => {
  test('is tried once more where that does no harm', async () => {
    const flaky = add(
      await aRawUpstream((socket, nth) =>
        nth === 1 ? socket.destroy() : socket.end(`${head('content-length: 2')}{}`),
      ),
    );
    const world = await besideGood(flaky.url, { operation: { idempotent: true } });
    expect((await call(world, {}, { plugin: 'bad' })).status).toBe(200);
    expect(flaky.heard()).toBe(2);
  });

  test('is not tried again otherwise, nor a third time, nor once an answer began', async () => {
    const gone = add(await aRawUpstream((socket) => socket.destroy()));
    const careful = await besideGood(gone.url);
    await call(careful, {}, { plugin: 'bad' });
    expect(gone.heard()).toBe(1);
    const again = await besideGood(gone.url, { operation: { idempotent: true } });
    await call(again, {}, { plugin: 'bad' });
    expect(gone.heard()).toBe(3);
    const half = add(await aRawUpstream(says(`${head('content-length: 100')}{}`)));
    const third = await besideGood(half.url, { operation: { idempotent: true } });
    await call(third, {}, { plugin: 'bad' });
    expect(half.heard()).toBe(1);
  });

  test('is left alone after some failures, then tried by one call', async () => {
    let healthy = false;
    const flaky = add(
      await anUpstream((heard, response, request) => {
        if (healthy) answerJson({})(heard, response, request);
        else response.writeHead(500).end();
      }),
    );
    const world = await besideGood(flaky.url, {
      limits: { ...LIMITS, failures: 3, restMilliseconds: 200 },
      operation: { callsPerMinute: 6000 },
    });
    for (let n = 0; n < 3; n += 1)
      expect((await call(world, {}, { plugin: 'bad' })).code).toBe('UpstreamFailed');
    expect((await call(world, {}, { plugin: 'bad' })).code).toBe('UpstreamBusy');
    expect(world.circuits.now).toBe(1);
    expect(flaky.heard).toHaveLength(3);
    expect(await neighbourStatus(world)).toBe(200);
    healthy = true;
    let answer = await call(world, {}, { plugin: 'bad' });
    while (answer.code === 'UpstreamBusy') answer = await call(world, {}, { plugin: 'bad' });
    expect(answer.status).toBe(200);
    expect(world.circuits.now).toBe(0);
  });

  test('by what the caller sent does not count against it', async () => {
    const picky = add(await anUpstream((_heard, response) => response.writeHead(400).end()));
    const world = await besideGood(picky.url, { limits: { ...LIMITS, failures: 2 } });
    for (let n = 0; n < 4; n += 1)
      expect((await call(world, {}, { plugin: 'bad' })).code).toBe('UpstreamFailed');
    expect(picky.heard).toHaveLength(4);
  });
});

describe('arguments that would break out of their place', () => {
  const placed = (http: object) => ({
    http: { method: 'GET', ...http },
    input: { type: 'object', properties: { id: { type: 'string' }, q: {} } },
  });
  test.each<[string, object, unknown]>([
    ['a step up', { path: '/events/{id}', query: ['q'] }, { id: '..' }],
    ['a dot', { path: '/events/{id}', query: ['q'] }, { id: '.' }],
    ['nothing', { path: '/events/{id}', query: ['q'] }, { id: '' }],
    ['a step up inside', { path: '/events/{id}', query: ['q'] }, { id: '../../admin' }],
    ['a step up by backslash', { path: '/events/{id}', query: ['q'] }, { id: '..\\admin' }],
    ['a line end in the path', { path: '/events/{id}', query: ['q'] }, { id: 'a\r\nx: y' }],
    ['a missing part', { path: '/events/{id}', query: ['q'] }, {}],
    [
      'a line end in a header',
      { path: '/events', headers: { 'X-Id': 'id' }, query: ['q'] },
      { id: 'a\r\nx: y' },
    ],
    ['a letter that is no header', { path: '/events', headers: { 'X-Id': 'id' }, query: ['q'] }, { id: 'é' }],
    ['an object in the query', { path: '/events', query: ['q', 'id'] }, { q: { a: 1 } }],
    ['far too long', { path: '/events', query: ['q', 'id'] }, { q: 'a'.repeat(9000) }],
  ])('%s', async (_name, http, args) => {
    const upstream = add(await anUpstream(answerJson({})));
    const world = await besideGood(upstream.url, { operation: placed(http) });
    expect((await call(world, args, { plugin: 'bad' })).code).toBe('InputInvalid');
    expect(upstream.heard).toEqual([]);
  });

  test('what looks like a query or a fragment stays in its segment', async () => {
    const upstream = add(await anUpstream(answerJson({})));
    const world = await besideGood(upstream.url, {
      operation: placed({ path: '/events/{id}', query: ['q'] }),
    });
    expect((await call(world, { id: 'a?admin=1#b;c%2f', q: 'x&admin=1' }, { plugin: 'bad' })).status).toBe(
      200,
    );
    expect(upstream.heard[0]?.url).toBe('/events/a%3Fadmin%3D1%23b%3Bc%252f?q=x%26admin%3D1');
  });
});
