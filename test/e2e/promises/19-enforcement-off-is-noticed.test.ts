import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { cluster, LOCAL_CLUSTER, restartController, sandboxJobs } from '../support/installation.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(180_000);

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('not-enforced');
});
afterAll(async () => {
  if (LOCAL_CLUSTER !== undefined) await cluster('network-policies', 'on');
  await restartController();
  await tenant.end();
});

const isolated = async (name: string) =>
  (await tenant.get(name)).status?.conditions?.find(({ type }) => type === 'Isolated');

const onLocalCluster = LOCAL_CLUSTER === undefined ? describe.skip : describe;
onLocalCluster('promise 19: a network plugin that enforces nothing is noticed', () => {
  test('enforcement off: requests stay Queued and no Job starts; on again: they run', async () => {
    const before = await tenant.create();
    await tenant.ended(before.metadata.name);
    expect(await sandboxJobs(tenant.namespace)).toHaveLength(1);

    await cluster('network-policies', 'off');
    await restartController();
    const requests = await Promise.all([tenant.create(), tenant.create(), tenant.create()]);
    for (const { metadata } of requests) {
      const condition = await eventually(
        async () => {
          const seen = await isolated(metadata.name);
          return seen?.reason === 'NetworkOpen' && seen;
        },
        { what: 'Isolated says NetworkOpen', timeoutMilliseconds: 60_000, intervalMilliseconds: 300 },
      );
      expect(condition.status).toBe('False');
      expect((await tenant.get(metadata.name)).status.state).toBe('Queued');
    }
    // A later request is answered by the same proof, not by a start.
    const later = await tenant.create();
    await eventually(async () => (await isolated(later.metadata.name))?.status === 'False', {
      what: 'a later request is held too',
      timeoutMilliseconds: 20_000,
      intervalMilliseconds: 300,
    });
    expect(await sandboxJobs(tenant.namespace)).toHaveLength(1);

    await cluster('network-policies', 'on');
    for (const { metadata } of [...requests, later]) {
      const status = await tenant.ended(metadata.name, 100_000);
      expect(status.result?.reason).toBe('Completed');
    }
    expect(await sandboxJobs(tenant.namespace)).toHaveLength(5);
  });
});
