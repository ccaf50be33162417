import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { cluster, LOCAL_CLUSTER, podsOf, without } from '../support/installation.ts';
import { kubectl } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(240_000);

const LIMIT = 60_000;

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('watches');
});

/** What the controller says of itself when it is asked directly, not through the API server. */
async function readyz(address: string): Promise<number> {
  const { status } = await fetch(`http://${address}:8081/readyz`, { signal: AbortSignal.timeout(5000) });
  return status;
}

const answers = () =>
  eventually(async () => (await kubectl(['get', '--raw', '/readyz', '--request-timeout=5s'])).code === 0, {
    what: 'the API server answers again',
    timeoutMilliseconds: LIMIT,
    intervalMilliseconds: 300,
  });

const onLocalCluster = LOCAL_CLUSTER === undefined ? describe.skip : describe;
onLocalCluster('promise 30: watches survive', () => {
  afterAll(async () => {
    await cluster('start', 'kube-apiserver');
    await answers();
    // A watch that waits before it tries again may make a pod unready once more, a minute later: the next test begins with new ones.
    for (const component of ['webhook', 'gateway', 'controller'] as const)
      await without(component, () => Promise.resolve());
    await tenant.end();
  }, LIMIT * 4);

  test('the API server is away for a while: /readyz says so, and a request after its return is handled', async () => {
    const before = await podsOf('controller');
    const address = before[0]?.status?.podIP ?? '';
    expect(await readyz(address)).toBe(200);

    await cluster('stop', 'kube-apiserver');
    await eventually(async () => (await readyz(address)) === 503, {
      what: '/readyz tells that there is no API server',
      timeoutMilliseconds: LIMIT,
      intervalMilliseconds: 500,
    });
    await cluster('start', 'kube-apiserver');
    await answers();

    await eventually(async () => (await readyz(address)) === 200, {
      what: '/readyz tells that it is back',
      timeoutMilliseconds: LIMIT,
      intervalMilliseconds: 500,
    });
    const { metadata } = await eventually(() => tenant.create(), {
      what: 'a request is admitted',
      timeoutMilliseconds: LIMIT,
      intervalMilliseconds: 500,
    });
    expect(await tenant.ended(metadata.name, LIMIT)).toMatchObject({ state: 'Succeeded' });
    expect((await podsOf('controller')).map((pod) => pod.metadata?.name)).toEqual(
      before.map((pod) => pod.metadata?.name),
    );
  });
});
