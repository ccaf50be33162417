import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Endpoints } from '@kubernetes/client-node';
import { eventually } from '../../support/eventually.ts';
import { getting, newWorld, postOf } from '../gateway/support/world.ts';
import type { Answer, Driver, World } from '../gateway/support/world.ts';
import { SANDBOXES, SYSTEM } from '../support/installation.ts';
import { kubectl, must, read } from '../support/kubectl.ts';
import { runPlainly } from '../support/plain-pod.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(240_000);

const WELL = '/v1/plugins/probe/operations/well';

let tenant: Tenant;
let world: World;
let driver: Driver;
let other: Driver;
beforeAll(async () => {
  tenant = await newTenant('granted', 'Audit');
  world = await newWorld(tenant, {
    operations: [
      getting('well', '/behave/well'),
      getting('unlisted', '/behave/well'),
      getting('undeclared', '/behave/well', { action: 'create_event' }),
    ],
    unlisted: ['unlisted'],
    role: { allowedActions: ['read_calendar', 'create_event', 'unknown_operation'] },
    plugins: [
      {
        name: 'shelf',
        upstream: {},
        operations: [getting('well', '/behave/html')],
      },
    ],
  });
  [driver, other] = await Promise.all([world.newDriver(), world.newDriver({ plugins: ['probe'] })]);
});
afterAll(async () => {
  await Promise.all([driver.end(), other.end()]);
  await world.end();
});

/** A call with a token of somebody else. */
const withToken = (token: string) => postOf(WELL, '{}').replace('{token}', token);
const tokenOf = async (from: Driver, audience: string): Promise<string> => {
  const { metadata } = await from.pod();
  const bound = [
    '--bound-object-kind=Pod',
    `--bound-object-name=${metadata?.name ?? ''}`,
    `--bound-object-uid=${metadata?.uid ?? ''}`,
  ];
  return (
    await must(['-n', SANDBOXES, 'create', 'token', 'default', `--audience=${audience}`, ...bound])
  ).trim();
};
const reached = async (path = '/behave/well') => (await world.upstream.counts())[path] ?? 0;

/** Sends, and makes sure that the upstream has not heard of it. */
async function refused(send: () => Promise<Answer>): Promise<Answer> {
  const before = await reached();
  const answer = await send();
  expect(await reached()).toBe(before);
  return answer;
}

describe('promise 37: only the granted Job, only its grants', () => {
  test('what was granted is answered', async () => {
    expect(await driver.call('probe', 'well')).toEqual({ output: { text: 'hello' } });
    expect((await driver.send(postOf(WELL, '{}'))).status).toBe(200);
  });

  test('a token from another pod is good for nobody else', async () => {
    const token = await tokenOf(other, 'sekisho-gateway');
    expect(await refused(() => driver.send(withToken(token)))).toMatchObject({
      status: 401,
      code: 'Unauthenticated',
    });
    expect((await other.send(withToken(token))).status).toBe(200);
  });

  test('a token for another audience is none, and neither is one that names no pod', async () => {
    const foreign = await tokenOf(driver, 'https://kubernetes.default.svc.cluster.local');
    const unbound = (
      await must(['-n', SANDBOXES, 'create', 'token', 'default', '--audience=sekisho-gateway'])
    ).trim();
    for (const token of [foreign, unbound, 'nonsense', `${foreign}x`])
      expect(await refused(() => driver.send(withToken(token)))).toMatchObject({
        status: 401,
        code: 'Unauthenticated',
      });
    expect(
      await refused(() => driver.send(postOf(WELL, '{}').replace(/Authorization.*\r\n/, ''))),
    ).toMatchObject({ status: 401 });
  });

  test('the token of a request that has ended is dead, also while its pod is still there', async () => {
    const third = await world.newDriver();
    await third.call('probe', 'well');
    const token = await tokenOf(third, 'sekisho-gateway');
    await third.end();
    await tenant.ended(third.request);
    const { status } = await refused(() => driver.send(withToken(token)));
    expect([401, 403]).toContain(status);
  });

  test.each([
    ['an operation that the role does not list', '/v1/plugins/probe/operations/unlisted'],
    ['an operation whose action was not declared', '/v1/plugins/probe/operations/undeclared'],
    ['an operation that does not exist', '/v1/plugins/probe/operations/nothing'],
    ['a plugin that does not exist', '/v1/plugins/nothing/operations/well'],
  ])('%s is not granted', async (_title, path) => {
    expect(await refused(() => driver.send(postOf(path, '{}')))).toMatchObject({
      status: 403,
      code: 'NotGranted',
    });
  });

  test('a plugin that the request does not name is not granted, though its role lists it', async () => {
    expect(await other.call('shelf', 'well')).toMatchObject({ code: 'NotGranted' });
  });

  test.each([
    ['upper case', '/v1/plugins/probe/operations/Well'],
    ['a percent sign', '/v1/plugins/probe/operations/%77ell'],
    ['an encoded slash', '/v1/plugins/probe%2foperations/operations/well'],
    ['a full-width letter', '/v1/plugins/probe/operations/%EF%BD%97ell'],
    ['two underscores', '/v1/plugins/probe/operations/__well'],
    ['a parent', '/v1/plugins/x/../probe/operations/well'],
    ['two slashes', '/v1/plugins//probe/operations/well'],
    ['a trailing slash', `${WELL}/`],
    ['a query', `${WELL}?a=1`],
    ['an absolute URL', `http://gateway${WELL}`],
  ])('no other spelling leads there: %s', async (_title, path) => {
    const { status } = await refused(() => driver.send(postOf(path, '{}')));
    expect([400, 403, 404]).toContain(status);
  });

  test('what is listed is what can be called', async () => {
    const list = postOf('/v1/plugins', '')
      .replace('POST', 'GET')
      .replace(/Content-(Type|Length).*\r\n/g, '');
    const { text } = await driver.send(list);
    const [, json = ''] = /\r\n\r\n(\{.*\})/s.exec(text) ?? [];
    const { plugins } = JSON.parse(json) as {
      readonly plugins: readonly {
        readonly name: string;
        readonly operations: readonly { readonly name: string }[];
      }[];
    };
    const names = plugins.flatMap(({ name, operations }) =>
      operations.map((operation) => `${name}.${operation.name}`),
    );
    expect(names.toSorted()).toEqual(['probe.next', 'probe.report', 'probe.well', 'shelf.well']);
  });

  test('nobody but a granted sandbox reaches the gateway at all', async () => {
    const { subsets = [] } = await read<V1Endpoints>(['-n', SYSTEM, 'get', 'endpoints', 'sekisho-gateway']);
    const address = subsets[0]?.addresses?.[0]?.ip ?? '';
    const program = [
      'import socket',
      'try:',
      `    socket.create_connection(("${address}", 8080), timeout=5)`,
      '    print("reached")',
      'except OSError as error:',
      '    print(type(error).__name__)',
    ].join('\n');
    expect(await runPlainly(tenant.namespace, ['python3', '-c', program])).toMatch(/TimeoutError|Refused/);
  });

  test('a granted sandbox reaches nothing but the gateway, and of it only the one port', async () => {
    const pods = await read<{ readonly items: readonly { readonly status: { readonly podIP: string } }[] }>([
      ...['-n', SYSTEM, 'get', 'pods', '-l', 'app.kubernetes.io/component=gateway'],
    ]);
    const gateway = pods.items[0]?.status.podIP ?? '';
    const api = await read<V1Endpoints>(['-n', 'default', 'get', 'endpoints', 'kubernetes']);
    const server = api.subsets?.[0];
    const upstream = new URL(world.upstream.url);
    for (const [host, port] of [
      [gateway, 8081],
      [server?.addresses?.[0]?.ip ?? '', server?.ports?.[0]?.port ?? 0],
      [upstream.hostname, Number(upstream.port)],
      ['169.254.169.254', 80],
    ] as const)
      expect((await driver.send('GET / HTTP/1.0\r\n\r\n', { host, port, timeout: 3 })).text).toMatch(
        /^<\w*(Error|timeout)>/i,
      );
  });

  test('a role that is narrowed, and a plugin that changes, end what they granted at once', async () => {
    const narrowed = {
      spec: {
        plugins: [
          { name: 'probe', operations: ['next', 'report'] },
          { name: 'shelf', operations: ['well'] },
        ],
      },
    };
    await must(['patch', 'executionrole', tenant.namespace, '--type=merge', '-p', JSON.stringify(narrowed)]);
    await expect(
      (async () => {
        for (let tried = 0; tried < 20; tried += 1) {
          const { code } = await driver.call('probe', 'well');
          if (code !== undefined) return code;
        }
        return undefined;
      })(),
    ).resolves.toBe('NotGranted');
    expect(await driver.call('shelf', 'well')).toMatchObject({ code: 'OutputInvalid' });
    await must([
      'patch',
      'plugins.sekisho.dev',
      'shelf',
      '--type=merge',
      '-p',
      '{"spec":{"description":"changed"}}',
    ]);
    await expect(
      (async () => {
        for (let tried = 0; tried < 20; tried += 1) {
          const { code } = await driver.call('shelf', 'well');
          if (code === 'NotGranted') return code;
        }
        return undefined;
      })(),
    ).resolves.toBe('NotGranted');
  });

  test('calls and refusals are counted in status, by gateway and operation', async () => {
    await driver.end();
    await tenant.ended(driver.request);
    // Each gateway tells its own part every two seconds.
    const status = await eventually(
      async () => {
        const { status: told } = await tenant.get(driver.request);
        const counted = (told.pluginCalls ?? []).filter(({ operation }) => operation === 'well');
        const isSome = (field: 'allowed' | 'refused') => counted.some((one) => one[field] > 0);
        return isSome('allowed') && isSome('refused') && told;
      },
      { what: 'calls and refusals stand in status', timeoutMilliseconds: 15_000, intervalMilliseconds: 300 },
    );
    expect((status.pluginCalls ?? []).map(({ operation }) => operation)).not.toContain('unlisted');
    expect(
      (await kubectl(['-n', SYSTEM, 'logs', '-l', 'app.kubernetes.io/component=gateway', '--tail=-1']))
        .stdout,
    ).not.toContain('eyJ');
  });
});
