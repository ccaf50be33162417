import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1ClusterRoleBinding, V1Pod } from '@kubernetes/client-node';
import { eventually } from '../../support/eventually.ts';
import { getting, newWorld } from '../gateway/support/world.ts';
import type { World } from '../gateway/support/world.ts';
import { ready, stop, SYSTEM, without } from '../support/installation.ts';
import { items, must, read } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(300_000);

/** Calls one operation again and again, whatever it is told, and prints in the end what it was told. */
const CALLER = `
import sys
import time
from sekisho import PluginError, plugins

told = {}
until = time.monotonic() + float(sys.argv[2])
while time.monotonic() < until:
    try:
        plugins[sys.argv[1]].well()
        code = 'Answered'
    except PluginError as error:
        code = error.code
    told[code] = told.get(code, 0) + 1
    time.sleep(0.2)
print(sorted(told))
`;

let tenant: Tenant;
let world: World;
beforeAll(async () => {
  tenant = await newTenant('closed', 'Audit');
  // Without its webhook the API server takes a plugin that contradicts itself: what is called then is up to the gateway.
  world = await without('webhook', () =>
    newWorld(tenant, {
      operations: [getting('well', '/behave/well')],
      plugins: [
        {
          name: 'locked',
          upstream: { credential: { secretName: 'calendar-credential', key: 'missing' } },
          operations: [getting('well', '/behave/well')],
        },
        {
          name: 'broken',
          upstream: {},
          operations: [
            getting('well', '/behave/well', {
              output: { type: 'object', properties: { text: { pattern: '(' } } },
            }),
          ],
        },
      ],
    }),
  );
});
afterAll(() => world.end());

const reached = async () => (await world.upstream.counts())['/behave/well'] ?? 0;
const call = async (plugin: string, seconds: number): Promise<string> => {
  const { metadata } = await tenant.create({
    ...{ code: CALLER, args: [plugin, String(seconds)], actions: ['read_calendar'] },
    ...{ role: tenant.namespace, sandboxClassName: tenant.namespace, plugins: ['probe', 'locked', 'broken'] },
  });
  return metadata.name;
};
const outputOf = async (request: string): Promise<string> => {
  const { result } = await tenant.ended(request, 150_000);
  return result?.stdout ?? '';
};

/** Whether the upstream hears of calls, within so long. */
async function isHeard(milliseconds: number): Promise<boolean> {
  const before = await reached();
  await new Promise((done) => setTimeout(done, milliseconds));
  return (await reached()) > before;
}
const heard = (want: boolean) =>
  eventually(async () => (await isHeard(1500)) === want, {
    what: want ? 'calls reach the upstream' : 'no call reaches the upstream any more',
    timeoutMilliseconds: 90_000,
    intervalMilliseconds: 100,
  });

/** How often the containers of the gateway have ended. */
async function restarts(): Promise<number> {
  const pods = await items<V1Pod>(['-n', SYSTEM, 'get', 'pods', '-l', 'app.kubernetes.io/component=gateway']);
  const statuses = pods.flatMap(({ status }) => status?.containerStatuses ?? []);
  return statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

describe('promise 39: whatever is broken, nothing is called', () => {
  test.each([
    ['a credential that is not there', 'locked'],
    ['a schema that cannot be applied', 'broken'],
  ])('%s', async (_title, plugin) => {
    const before = await reached();
    expect(await outputOf(await call(plugin, 2))).toBe("['Unavailable']\n");
    expect(await reached()).toBe(before);
  });

  test('an API server that answers no question of the gateway', async () => {
    const request = await call('probe', 70);
    await heard(true);
    const binding = await read<V1ClusterRoleBinding>(['get', 'clusterrolebinding', 'sekisho-gateway']);
    await must(['delete', 'clusterrolebinding', 'sekisho-gateway']);
    try {
      await heard(false);
    } finally {
      const { name, labels, annotations } = binding.metadata ?? {};
      await must(['create', '-f', '-'], { ...binding, metadata: { name, labels, annotations } });
    }
    await heard(true);
    expect(await outputOf(request)).toContain('Unavailable');
    expect(await outputOf(request)).toContain('Answered');
  });

  test('a record that cannot be written', async () => {
    const request = await call('probe', 100);
    await heard(true);
    const deployment = ['-n', SYSTEM, 'deployment', 'sekisho-gateway'];
    const before = await read<{ readonly spec: { readonly replicas: number } }>(['get', ...deployment]);
    const [revision = ''] =
      (await must(['rollout', 'history', ...deployment])).match(/\d+(?=\s+\S+\s*$)/) ?? [];
    const intoNothing = {
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'gateway',
                command: ['sh', '-c', 'exec node /app/sekisho.mjs "$@" >/dev/full', 'sekisho'],
              },
            ],
          },
        },
      },
    };
    await stop('gateway');
    try {
      await must(['patch', ...deployment, '-p', JSON.stringify(intoNothing)]);
      await must(['scale', ...deployment, '--replicas=1']);
      await heard(false);
      await eventually(async () => (await restarts()) > 0, {
        what: 'the gateway gives up, since it cannot record that it begins',
        timeoutMilliseconds: 60_000,
      });
      expect(await isHeard(3000)).toBe(false);
    } finally {
      await must(['rollout', 'undo', ...deployment, ...(revision ? [`--to-revision=${revision}`] : [])]);
      await must(['scale', ...deployment, `--replicas=${before.spec.replicas}`]);
      await ready('gateway');
    }
    await heard(true);
    await tenant.cancel(request);
  });
});
