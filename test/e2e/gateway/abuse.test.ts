import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { sha256 } from '../../../src/core/verdict/digest.ts';
import { eventually } from '../../support/eventually.ts';
import { SYSTEM, metricOf, podsOf } from '../support/installation.ts';
import { must } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';
import { getting, newWorld, postOf } from './support/world.ts';
import type { Driver, World } from './support/world.ts';

jest.setTimeout(240_000);

/** How an upstream may answer, and what the program is told of it. */
const ANSWERS: Readonly<Record<string, string>> = {
  redirect: 'UpstreamFailed',
  fails: 'UpstreamFailed',
  garbage: 'OutputInvalid',
  html: 'OutputInvalid',
  twice: 'OutputInvalid',
  prototype: 'OutputInvalid',
  deep: 'OutputInvalid',
  more: 'OutputInvalid',
  hang: 'UpstreamTimeout',
  slowly: 'UpstreamTimeout',
  short: 'UpstreamFailed',
  endless: 'OutputTooLarge',
  bomb: 'OutputInvalid',
  orders: 'OutputRefused',
  hidden: 'OutputRefused',
};

const ECHO = {
  name: 'echo',
  action: 'read_calendar',
  http: { method: 'POST', path: '/echo', headers: { 'X-Tag': 'tag' } },
  input: {
    type: 'object',
    properties: { text: { type: 'string', maxLength: 1000 }, tag: { type: 'string' }, list: {} },
  },
  output: { type: 'object', additionalProperties: true },
  maxRequestBytes: 2048,
};
const PATH = '/v1/plugins/probe/operations/echo';

let tenant: Tenant;
let world: World;
let driver: Driver;
let neighbour: Driver;
beforeAll(async () => {
  tenant = await newTenant('abuse', 'Audit');
  world = await newWorld(tenant, {
    operations: [
      ...[...Object.keys(ANSWERS), 'well', 'secret', 'control'].map((name) =>
        getting(name, `/behave/${name}`),
      ),
      getting('people', '/behave/people', {
        output: { type: 'object', additionalProperties: true },
        outputContent: { personalData: 'Redact' },
        redact: ['/phone'],
      }),
      ECHO,
    ],
  });
  [driver, neighbour] = await Promise.all([world.newDriver(), world.newDriver()]);
});
afterAll(async () => {
  await Promise.all([driver.end(), neighbour.end()]);
  await world.end();
});
afterEach(async () => {
  expect(await neighbour.call('probe', 'well')).toEqual({ output: { text: 'hello' } });
});

describe('an upstream that answers badly', () => {
  test.each(Object.entries(ANSWERS))('%s: %s, and the neighbour is served', async (operation, code) => {
    expect(await driver.call('probe', operation)).toMatchObject({ code });
  });
});

describe('what an answer must not bring in', () => {
  test('secrets are blanked', async () => {
    const { output } = await driver.call('probe', 'secret');
    expect(JSON.stringify(output)).not.toContain('AKIA');
  });
  test('control characters are escaped', async () => {
    const { output } = await driver.call('probe', 'control');
    const { text } = output as { readonly text: string };
    expect(text).not.toMatch(/[\u001b\r]/);
  });
  test('personal data and named places are blanked', async () => {
    const said = JSON.stringify((await driver.call('probe', 'people')).output);
    expect(said).not.toContain('hanako@');
    expect(said).not.toContain('1234');
  });
});

const echoed = async () => (await world.upstream.counts())['/echo'] ?? 0;
const json = (text: string) => postOf(PATH, text);

describe('arguments that never reach the upstream', () => {
  test.each<readonly [string, string | readonly string[], readonly number[]]>([
    ['a key twice', json('{"text":"a","text":"b"}'), [400, 422]],
    ['__proto__', json('{"__proto__":{"a":1}}'), [400, 422]],
    ['too deep', json(`{"list":${'['.repeat(200)}${']'.repeat(200)}}`), [400, 422]],
    ['no JSON', json('{"text":'), [400, 422]],
    ['no object', json('[1]'), [400, 422]],
    ['an unknown argument', json('{"other":1}'), [422]],
    ['another type', json('{"text":1}'), [422]],
    ['too large', json(JSON.stringify({ text: 'x'.repeat(3000) })), [413]],
    ['a private key', json(JSON.stringify({ text: '-----BEGIN RSA PRIVATE KEY-----\nabc' })), [422]],
    ['a header within an argument', json(JSON.stringify({ tag: 'a\r\nX-Admin: 1' })), [422]],
    ['another content type', json('{"text":"a"}').replace('application/json', 'text/plain'), [400, 415, 422]],
    ['two lengths', json('{"text":"a"}').replace('Connection', 'Content-Length: 3\r\nConnection'), [400]],
    [
      'a length and chunks',
      json('{"text":"a"}').replace('Connection', 'Transfer-Encoding: chunked\r\nConnection'),
      [400],
    ],
    [
      'a bare line feed in a header',
      json('{"text":"a"}').replace('Connection', 'X-A: b\nX-C: d\r\nConnection'),
      [400],
    ],
    ['a method that is none', json('{"text":"a"}').replace('POST', 'BREW'), [400, 404, 405]],
    [
      'GET',
      json('')
        .replace('POST', 'GET')
        .replace(/Content-Length.*\r\n/, ''),
      [404, 405],
    ],
    ['headers without end', `POST ${PATH} HTTP/1.1\r\n${'X-A: b\r\n'.repeat(5000)}\r\n`, [400, 431]],
  ])('%s', async (_title, parts, statuses) => {
    const before = await echoed();
    const { status } = await driver.send(parts);
    expect(statuses).toContain(status);
    expect(await echoed()).toBe(before);
  });

  test('a second request hidden behind the first is judged by itself', async () => {
    const before = await echoed();
    const hidden = postOf('/v1/plugins/probe/operations/nothing', '{}');
    const first = postOf(PATH, '{"text":"a"}').replace('Connection: close', 'Connection: keep-alive');
    const { text } = await driver.send(first + hidden);
    expect(text).toContain('200 OK');
    expect(text).toContain('NotGranted');
    expect(await echoed()).toBe(before + 1);
  });

  test('a body that comes slowly is not waited for', async () => {
    const { status, text } = await driver.send(postOf(PATH, '{"text":"abc"}').slice(0, -3), { timeout: 40 });
    expect(status === 408 || status === 400 || text === '').toBe(true);
  });
});

test('arguments go where the plugin says, as they are', async () => {
  const { output } = await driver.call('probe', 'echo', { text: 'a&b=c/../d', tag: 'v1' });
  expect(output).toMatchObject({
    method: 'POST',
    url: '/echo',
    tag: 'v1',
    body: JSON.stringify({ text: 'a&b=c/../d' }),
  });
});

interface CallLine {
  readonly resources?: readonly { readonly name: string }[];
  readonly unmapped: {
    readonly code?: string;
    readonly others?: number;
    readonly unread?: { readonly digest: string };
  };
}

/** The logs of all pods of the gateway. */
const logs = async (): Promise<string> =>
  (
    await Promise.all(
      (await podsOf('gateway')).map(({ metadata }) =>
        must(['-n', SYSTEM, 'logs', metadata?.name ?? '', '-c', 'gateway', '--tail=-1']),
      ),
    )
  ).join('');

/** Records of calls of a driver that were refused because they could not be read. */
const unreadOf = async ({ request }: Driver): Promise<readonly CallLine['unmapped'][]> =>
  (await logs())
    .split('\n')
    .filter((line) => line.includes('"activity_name":"Call"') && line.includes('"BadTarget"'))
    .map((line) => JSON.parse(line) as CallLine)
    .filter(({ resources }) => resources?.[0]?.name === request)
    .map(({ unmapped }) => unmapped);

const badTargets = () =>
  metricOf('sekisho_gateway_calls_total{plugin="other",operation="other",code="BadTarget"}', 'gateway');

describe('calls that cannot be read', () => {
  const hostile = `${PATH}%2fhunter2`;
  const bad = (connection: string) =>
    [`GET ${hostile} HTTP/1.1`, 'Host: {host}', 'Authorization: Bearer {token}', connection, '', ''].join(
      '\r\n',
    );

  test('are counted, and on record under their request, by their digest', async () => {
    const before = await badTargets();
    expect(await neighbour.send(bad('Connection: close'))).toMatchObject({ status: 404, code: 'BadTarget' });
    expect(await badTargets()).toBe(before + 1);
    expect(await unreadOf(neighbour)).toMatchObject([
      { code: 'BadTarget', unread: { digest: `sha256:${sha256(hostile)}`, oddities: ['Percent'] } },
    ]);
    expect(await logs()).not.toContain('hunter2');
  });

  test('do not drown the record: those beyond a number share one', async () => {
    const loud = await world.newDriver();
    const before = await badTargets();
    const many = bad('Connection: keep-alive').repeat(149) + bad('Connection: close');
    const { text } = await loud.send(many);
    await loud.end();
    expect(text.match(/"code":"BadTarget"/g)).toHaveLength(150);
    expect(await badTargets()).toBe(before + 150);
    expect(await unreadOf(loud)).toHaveLength(30);
    const told = await eventually(
      async () => {
        const lines = await unreadOf(loud);
        return lines.length > 30 && lines;
      },
      {
        what: 'the rest is told in one record',
        timeoutMilliseconds: 90_000,
        intervalMilliseconds: 2000,
      },
    );
    expect(told).toHaveLength(31);
    expect(told.at(-1)).toMatchObject({ others: 119 });
  });
});
