import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { approvedReason, decideAs, newApprovalTenant, settled } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { sandboxJobs } from '../support/installation.ts';
import { kubectl, must } from '../support/kubectl.ts';

jest.setTimeout(180_000);

let tenant: ApprovalTenant;
let bob: string;
let carol: string;
beforeAll(async () => {
  tenant = await newApprovalTenant('change', { approvers: 2 });
  bob = await tenant.approver('bob');
  carol = await tenant.approver('carol');
  const spec = { namespaceSelector: { matchLabels: { 'sekisho-test': tenant.namespace } } };
  await must(['create', '-f', '-'], {
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'ExecutionPolicy',
    metadata: { name: tenant.namespace },
    spec,
  });
});
afterAll(async () => {
  await kubectl(['delete', 'sandboxclass', tenant.namespace, '--ignore-not-found']);
  await tenant.end();
});

const patch = (kind: string, name: string, spec: object) =>
  must(['patch', kind, name, '--type=merge', '-p', JSON.stringify({ spec })]);

/** Each changes something of what would run, and nothing of the decision. */
const CHANGES: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['the role', () => tenant.patchRole({ allowedActions: ['read_calendar'] })],
  ['the policy', () => patch('executionpolicy', tenant.namespace, { thresholds: { deny: 71 } })],
];

async function staysInvalid(change: () => Promise<unknown>): Promise<void> {
  const request = await tenant.ask();
  const { name } = request.metadata;
  const before = (await sandboxJobs(tenant.namespace)).length;
  expect(await decideAs(bob, request)).toMatchObject({ code: 0 });
  await settled(tenant, name, ({ approval }) => approval?.approvedBy.length === 1, 'the approval counts');
  await change();
  const changed = await settled(
    tenant,
    name,
    (status) => approvedReason(status) === 'ApprovalInvalidated',
    'Approved says ApprovalInvalidated',
  );
  expect(changed.status.approval?.approvedBy).toEqual([]);
  expect(changed.status.verdict?.digest).not.toBe(request.status.verdict?.digest);
  // The second approver still has the old digest before their eyes.
  expect(await decideAs(carol, request)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('spec.digest'),
  });
  expect(await decideAs(carol, changed)).toMatchObject({ code: 0 });
  await settled(tenant, name, ({ approval }) => approval?.approvedBy.length === 1, 'only the new one counts');
  expect(await sandboxJobs(tenant.namespace)).toHaveLength(before);
  // Approved anew by both, it runs.
  expect(await decideAs(bob, changed)).toMatchObject({ code: 0 });
  expect(await tenant.ended(name)).toMatchObject({ state: 'Succeeded' });
}

describe('promise 08: approval dies when what was approved changes', () => {
  test.each(CHANGES)('%s', (_what, change) => staysInvalid(change));

  test('the image of the class, and its limits', async () => {
    const { spec } = JSON.parse(await must(['get', 'sandboxclass', 'default', '-o', 'json'])) as {
      spec: { images: Record<string, string> };
    };
    await must(['create', '-f', '-'], {
      apiVersion: 'sekisho.dev/v1alpha1',
      kind: 'SandboxClass',
      metadata: { name: tenant.namespace },
      spec,
    });
    await tenant.patchRole({ sandboxClassNames: ['default', tenant.namespace] });
    const asked = await tenant.create({
      role: tenant.role,
      actions: ['grant_admin'],
      sandboxClassName: tenant.namespace,
    });
    const { name } = asked.metadata;
    let request = await settled(
      tenant,
      name,
      ({ state }) => state === 'AwaitingApproval',
      'it awaits approval',
    );
    for (const change of [{ images: { Python: spec.images['Bash'] } }, { limits: { memory: '99Mi' } }]) {
      expect(await decideAs(bob, request)).toMatchObject({ code: 0 });
      await settled(tenant, name, ({ approval }) => approval?.approvedBy.length === 1, 'the approval counts');
      await patch('sandboxclass', tenant.namespace, change);
      request = await settled(
        tenant,
        name,
        (status) =>
          approvedReason(status) === 'ApprovalInvalidated' && status.approval?.approvedBy.length === 0,
        'Approved says ApprovalInvalidated',
      );
    }
    expect((await tenant.get(name)).status.jobName).toBeUndefined();
  });

  test('a role that is deleted while its request waits: denied', async () => {
    const request = await tenant.ask();
    expect(await decideAs(bob, request)).toMatchObject({ code: 0 });
    await must(['delete', 'executionrole', tenant.role]);
    const status = await tenant.ended(request.metadata.name);
    expect(status).toMatchObject({ state: 'Denied', verdict: { reasons: [{ reason: 'RoleNotFound' }] } });
    expect(status.jobName).toBeUndefined();
  });
});
