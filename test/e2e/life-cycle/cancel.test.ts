import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { eventually } from '../../support/eventually.ts';
import { newApprovalTenant, decideAs } from '../support/approvals.ts';
import { SANDBOXES, sandboxJobs } from '../support/installation.ts';
import { items, kubectl } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('cancel');
});
afterAll(() => tenant.end());

const cancel = (of: Tenant, name: string, value = true) =>
  kubectl([
    ...of.flags,
    'patch',
    'cer',
    name,
    '--type=merge',
    '-p',
    JSON.stringify({ spec: { cancel: value } }),
  ]);

const runningPods = async (namespace: string) => {
  const pods = await items<V1Pod>([
    ...['-n', SANDBOXES, 'get', 'pods', '-l', 'sekisho.dev/component=sandbox'],
    '--field-selector=status.phase=Running',
  ]);
  return pods.filter(({ metadata }) =>
    metadata?.annotations?.['sekisho.dev/request']?.startsWith(`${namespace}/`),
  );
};

describe('spec.cancel', () => {
  test('stops a program that runs, and says so once its sandbox is gone', async () => {
    const { metadata } = await tenant.create({
      code: "import time\nprint('begun', flush=True)\ntime.sleep(18)\n",
    });
    await eventually(
      async () => (await sandboxJobs(tenant.namespace)).some(({ status }) => (status?.ready ?? 0) > 0),
      { what: 'the program runs', timeoutMilliseconds: 60_000, intervalMilliseconds: 200 },
    );
    expect(await cancel(tenant, metadata.name)).toMatchObject({ code: 0 });
    const status = await tenant.ended(metadata.name);
    expect(status).toMatchObject({ state: 'Cancelled', result: { reason: 'Cancelled' } });
    expect(status.conditions?.find(({ type }) => type === 'Succeeded')).toMatchObject({
      status: 'False',
      reason: 'Cancelled',
    });
    // It would have gone on for 18 s; what runs by now was not stopped.
    expect(await runningPods(tenant.namespace)).toEqual([]);

    const undone = await cancel(tenant, metadata.name, false);
    expect([undone.code, undone.stderr]).toEqual([1, expect.stringContaining('spec.cancel is final')]);
  });

  test('keeps from starting what waits for a person, and an approval does not revive it', async () => {
    const waiting = await newApprovalTenant('cancel-waiting', { approvers: 1 });
    try {
      const bob = await waiting.approver('bob');
      const request = await waiting.ask();
      const { name } = request.metadata;
      expect(await cancel(waiting, name)).toMatchObject({ code: 0 });
      const status = await waiting.ended(name);
      expect(status).toMatchObject({ state: 'Cancelled', result: { reason: 'Cancelled' } });
      expect(status.conditions?.find(({ type }) => type === 'Started')).toMatchObject({ reason: 'NeverRan' });
      expect(await decideAs(bob, request)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('its state is Cancelled'),
      });
      expect(await sandboxJobs(waiting.namespace)).toEqual([]);
    } finally {
      await waiting.end();
    }
  });

  test('changes nothing about what has ended', async () => {
    const { metadata } = await tenant.create();
    await tenant.ended(metadata.name);
    expect(await cancel(tenant, metadata.name)).toMatchObject({ code: 0 });
    expect((await tenant.get(metadata.name)).status).toMatchObject({
      state: 'Succeeded',
      result: { reason: 'Completed', stdout: 'hello\n' },
    });
  });
});
