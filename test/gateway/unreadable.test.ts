/** What cannot be read is refused, counted and recorded like every other call, and nothing of its text goes on record. */
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sha256 } from '../../src/core/verdict/digest.ts';
import { unreadOf } from '../../src/gateway/unread.ts';
import { aPlugin } from './support/plugins.ts';
import { TOKEN, aWorld, anUpstream, answerJson, call, closers } from './support/world.ts';
import type { World } from './support/world.ts';

const { add, closeAll } = closers();
afterEach(closeAll);

/** Stands in everything that is hostile here, in some form. */
const MARK = 'hunter2';
const TOOL = `Calendar.${MARK}`;
const PATH = '/v1/plugins/calendar/operations/read_events';

async function scene() {
  const upstream = add(await anUpstream(answerJson({ ok: true })));
  const world = add(await aWorld({ plugins: [aPlugin({ url: upstream.url })] }));
  return { upstream, world };
}

/** Sends bytes and answers what came back until the gateway hung up. */
const said = ({ port }: World, bytes: string): Promise<string> =>
  new Promise((done, fail) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data) => (text += String(data)));
    socket.once('error', fail).once('close', () => done(text));
  });

const head = (line: string, ...headers: readonly string[]): string =>
  [
    ...[`${line} HTTP/1.1`, 'Host: gateway', `Authorization: Bearer ${TOKEN}`, 'Connection: close'],
    ...[...headers, '', ''],
  ].join('\r\n');
const jsonOf = (body: string): readonly string[] => [
  'Content-Type: application/json',
  `Content-Length: ${body.length}`,
];
const ACCEPT = 'Accept: application/json, text/event-stream';
const message = (body: string, accept = ACCEPT): string => head('POST /mcp', ...jsonOf(body), accept) + body;
const toolCall = (params: object): string =>
  JSON.stringify({ id: 1, jsonrpc: '2.0', method: 'tools/call', params });

describe('of a caller that is known', () => {
  test.each<readonly [string, string, string, string | undefined]>([
    ['no path of ours', 'BadTarget', head(`POST /${MARK}`, ...jsonOf('')), `/${MARK}`],
    ['an encoded name', 'BadTarget', head(`POST ${PATH}%2f${MARK}`), `${PATH}%2f${MARK}`],
    ['a query', 'BadTarget', head(`GET /v1/plugins?${MARK}`), `/v1/plugins?${MARK}`],
    ['another method', 'BadMethod', head(`GET ${PATH}`), PATH],
    ['two tokens', 'BadRequest', head(`POST ${PATH}`, `Authorization: ${MARK}`), PATH],
    ['no JSON by its type', 'BadRequest', head(`POST ${PATH}`, `Content-Type: ${MARK}`), PATH],
    ['an expectation', 'BadRequest', head(`POST ${PATH}`, `Expect: ${MARK}`, ...jsonOf('{}')) + '{}', PATH],
    ['a body of a list', 'BadRequest', head('GET /v1/plugins', 'Content-Length: 7') + MARK, '/v1/plugins'],
    ['a tool by another name', 'BadTarget', message(toolCall({ name: TOOL })), TOOL],
    ['a tool without a name', 'BadRequest', message(toolCall({ text: MARK })), toolCall({ text: MARK })],
    [
      'an answer that none of ours is',
      'BadRequest',
      message(toolCall({ name: MARK }), 'Accept: text/html'),
      toolCall({ name: MARK }),
    ],
    ['a message that is none', 'BadRequest', message(`["${MARK}"]`), `["${MARK}"]`],
    ['a body that is no JSON', 'InputInvalid', message(`{${MARK}`), undefined],
    [
      'a method that is not served',
      'BadTarget',
      message(`{"jsonrpc":"2.0","id":1,"method":"${MARK}/list"}`),
      `${MARK}/list`,
    ],
  ])('%s: %s', async (_title, code, bytes, text) => {
    const { world, upstream } = await scene();
    await said(world, bytes);
    expect(world.ends).toEqual([
      { plugin: undefined, operation: undefined, code, seconds: expect.any(Number) },
    ]);
    expect(world.events).toMatchObject([
      {
        outcome: 'Refused',
        code,
        caller: { requester: 'alice' },
        ...(text === undefined
          ? {}
          : { unread: { digest: `sha256:${sha256(text)}`, characters: text.length } }),
      },
    ]);
    expect(world.events[0]).not.toHaveProperty('plugin');
    expect(world.events[0]).not.toHaveProperty('address');
    expect(JSON.stringify([world.events, world.errors])).not.toContain(MARK);
    expect(upstream.heard).toEqual([]);
    expect((await call(world, {})).status).toBe(200);
  });
});

describe('of somebody unknown', () => {
  test.each([
    [
      'a path that is none',
      'Unauthenticated',
      `GET /${MARK} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    ],
    ['a list', 'Unauthenticated', 'GET /v1/plugins HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['a message', 'Unauthenticated', message('{}').replace(TOKEN, MARK)],
    ['a tunnel', 'BadRequest', head(`CONNECT ${MARK}:80`)],
    ['no HTTP', 'BadRequest', `${MARK}\r\n\r\n`],
    ['two lengths', 'BadRequest', `${head(`POST ${PATH}`, 'Content-Length: 2', 'Content-Length: 60')}{}`],
  ])('%s: %s, and only where it came from', async (_title, code, bytes) => {
    const { world } = await scene();
    expect(await said(world, bytes)).toContain(`"code":"${code}"`);
    expect(world.ends).toMatchObject([{ plugin: undefined, operation: undefined, code }]);
    expect(world.events).toMatchObject([
      { outcome: 'Refused', code, caller: undefined, address: '127.0.0.1' },
    ]);
    expect(JSON.stringify([world.events, world.errors])).not.toContain(MARK);
  });
});

test('what is odd in a text is told in words of ours', () => {
  expect(unreadOf('/v1/plugins/Calendar')).toMatchObject({ oddities: ['UpperCase'], characters: 20 });
  expect(unreadOf('ｃalendar.read__events').oddities).toEqual(['NotAscii', 'DoubleUnderscore']);
  expect(unreadOf('/v1/../a%2f\\b?c\u200b//').oddities).toEqual([
    ...['Control', 'NotAscii', 'Percent', 'Backslash', 'Dots', 'DoubleSlash', 'Query'],
  ]);
});
