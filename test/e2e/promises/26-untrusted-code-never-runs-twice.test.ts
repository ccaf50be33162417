import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CoreV1Event } from '@kubernetes/client-node';
import { runName } from '../../../src/objects/names.ts';
import { eventually } from '../../support/eventually.ts';
import { cluster, LOCAL_CLUSTER, podsOfRequest, SANDBOXES } from '../support/installation.ts';
import { jobCreations } from '../support/job-creations.ts';
import { items, must } from '../support/kubectl.ts';
import { processesWith } from '../support/processes.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(180_000);

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('once', 'Audit');
});
afterAll(() => tenant.end());

/** How often the kubelet says that it started a container of this Job. */
async function startsOf(job: string): Promise<number> {
  const events = await items<CoreV1Event>([
    ...['-n', SANDBOXES, 'get', 'events'],
    ...['--field-selector', 'reason=Started,involvedObject.kind=Pod'],
  ]);
  return events
    .filter(({ involvedObject }) => involvedObject.name?.startsWith(`${job}-`))
    .reduce((sum, { count }) => sum + (count ?? 1), 0);
}

const killKubelet = async () => {
  const { parts } = JSON.parse(await cluster('status', '-o', 'json')) as {
    readonly parts: readonly { readonly name: string; readonly pid: number }[];
  };
  process.kill(parts.find(({ name }) => name === 'kubelet')?.pid ?? 0, 'SIGKILL');
};

/** [what happens, how, how the request ends] */
const BLOWS: readonly (readonly [string, (pod: string) => Promise<unknown>, string])[] = [
  ['its pod is deleted', (pod) => must(['-n', SANDBOXES, 'delete', 'pod', pod, '--now']), 'Interrupted'],
  [
    'its pod is deleted by force',
    (pod) => must(['-n', SANDBOXES, 'delete', 'pod', pod, '--force', '--grace-period=0']),
    'Interrupted',
  ],
  [
    'its pod is evicted',
    (pod) =>
      must(['create', '--raw', `/api/v1/namespaces/${SANDBOXES}/pods/${pod}/eviction`, '-f', '-'], {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: pod, namespace: SANDBOXES },
      }),
    'Interrupted',
  ],
  [
    'the kubelet is killed and comes back',
    async () => {
      await killKubelet();
      await cluster('start', 'kubelet');
    },
    'Completed',
  ],
];

const onLocalCluster = LOCAL_CLUSTER === undefined ? describe.skip : describe;
onLocalCluster('promise 26: untrusted code never runs twice', () => {
  test.each(BLOWS)('%s while it runs: started once', async (_what, strike, reason) => {
    const marker = `promise-26-${process.pid}-${reason}`;
    const running = () => processesWith(marker, 'python3', 'main.py').length > 0;
    const { metadata } = await tenant.create({ code: 'import time\ntime.sleep(8)', args: [marker] });
    await eventually(running, { what: 'it runs', timeoutMilliseconds: 60_000 });
    const name = runName(metadata.uid);
    // A kubelet that is killed takes with it what it has not told yet.
    await eventually(async () => (await startsOf(name)) > 0, {
      what: 'the kubelet has told of the start',
      timeoutMilliseconds: 30_000,
      intervalMilliseconds: 200,
    });
    const [pod] = await podsOfRequest(metadata.uid);
    await strike(pod?.metadata?.name ?? '');
    expect((await tenant.ended(metadata.name, 90_000)).result?.reason).toBe(reason);
    await eventually(() => !running(), { what: 'nothing of it runs', timeoutMilliseconds: 30_000 });
    expect(await startsOf(name)).toBe(1);
    expect((await jobCreations()).filter((one) => one.name === name && one.code === 201)).toHaveLength(1);
  });
});
