import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Service } from '@kubernetes/client-node';
import { getting, newWorld, pluginObject } from '../gateway/support/world.ts';
import type { Driver, World } from '../gateway/support/world.ts';
import { without } from '../support/installation.ts';
import { kubectl, read } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(240_000);

const everything = ['0.0.0.0/0', '::/0'];

/** Upstreams that lead to where nobody may, though their plugins allow every address. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  metadata: 'http://169.254.169.254',
  mapped: 'http://[::ffff:a9fe:a9fe]',
  nat64: 'http://[64:ff9b::a9fe:a9fe]',
  'six-to-four': 'http://[2002:a9fe:a9fe::1]',
  loopback: 'http://127.0.0.1:8081',
  'loopback-six': 'http://[::1]:8081',
  unspecified: 'http://0.0.0.0:8081',
  'link-local': 'http://[fe80::1]',
  'metadata-six': 'http://[fd00:ec2::254]',
  alibaba: 'http://100.100.100.200',
  named: 'http://localhost:8081',
};

let tenant: Tenant;
let world: World;
let driver: Driver;
beforeAll(async () => {
  tenant = await newTenant('ssrf', 'Audit');
  const api = await read<V1Service>(['-n', 'default', 'get', 'service', 'kubernetes']);
  const plugins = [
    ...Object.entries(FORBIDDEN).map(([name, url]) => ({
      name,
      upstream: { url, allowedCIDRs: everything },
    })),
    // Private, and not among the ranges of the plugin.
    {
      name: 'api-server',
      upstream: { url: `https://${api.spec?.clusterIP ?? ''}`, allowedCIDRs: undefined },
    },
  ];
  // Without its webhook the API server takes them, and the gateway is alone with them.
  world = await without('webhook', () =>
    newWorld(tenant, {
      operations: [getting('redirect', '/behave/redirect')],
      plugins: plugins.map((plugin) => ({ ...plugin, operations: [getting('get', '/latest')] })),
    }),
  );
  driver = await world.newDriver();
});
afterAll(async () => {
  await driver.end();
  await world.end();
});

describe('promise 38: no way to where the gateway may not go', () => {
  test.each([...Object.keys(FORBIDDEN), 'api-server'])('%s is refused at the dial', async (plugin) => {
    expect(await driver.call(plugin, 'get')).toMatchObject({ code: 'UpstreamForbidden' });
  });

  test('none of them is taken while the webhook answers', async () => {
    for (const url of Object.values(FORBIDDEN).filter((one) => !one.includes('localhost'))) {
      const plugin = pluginObject('forbidden', { url, allowedCIDRs: everything }, [
        getting('get', '/latest'),
      ]);
      expect((await kubectl(['create', '--dry-run=server', '-f', '-'], plugin)).stderr).toContain(
        'may not be reached',
      );
    }
  });

  test('a redirect is not followed', async () => {
    expect(await driver.call('probe', 'redirect')).toMatchObject({ code: 'UpstreamFailed' });
  });

  test.each([
    ['a mapped address', 'http://[::ffff:169.254.169.254]/'],
    ['a number', 'http://2852039166/'],
    ['octal', 'http://0251.0376.0251.0376/'],
    ['hexadecimal', 'http://0xa9fea9fe/'],
    ['a user', 'http://user@calendar.example.com/'],
    ['a password', 'http://a:b@calendar.example.com/'],
    ['a zone', 'http://[fe80::1%25eth0]/'],
    ['a query', 'http://calendar.example.com/?a=b'],
    ['another scheme', 'file:///etc/passwd'],
    ['a final dot', 'http://localhost./'],
  ])('a plugin whose url hides its host behind %s is not taken', async (_title, url) => {
    const plugin = pluginObject('hidden', { url }, [getting('get', '/latest')]);
    const { code, stderr } = await kubectl(['create', '--dry-run=server', '-f', '-'], plugin);
    expect(code).not.toBe(0);
    expect(stderr).toContain('spec.upstream.url');
  });

  test('the gateway still serves', async () => {
    expect((await driver.call('probe', 'next')).code).toBeUndefined();
  });
});
