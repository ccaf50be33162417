import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { approversOf, decideAs, newApprovalTenant, settled } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { sandboxJobs } from '../support/installation.ts';

jest.setTimeout(120_000);

let tenant: ApprovalTenant;
beforeAll(async () => {
  tenant = await newApprovalTenant('lost-right', { approvers: 2 });
});
afterAll(() => tenant.end());

test('promise 09: an approver who lost the right between approving and running no longer counts', async () => {
  const [bob, carol, dave] = [
    await tenant.approver('bob'),
    await tenant.approver('carol'),
    await tenant.approver('dave'),
  ];
  const request = await tenant.ask();
  const { name } = request.metadata;
  expect(await decideAs(bob, request)).toMatchObject({ code: 0 });
  await settled(tenant, name, ({ approval }) => approval?.approvedBy.length === 1, 'the approval counts');

  await tenant.dismiss(bob);
  expect(await decideAs(carol, request)).toMatchObject({ code: 0 });
  const waiting = await settled(
    tenant,
    name,
    ({ approval }) => approval?.approvedBy[0]?.approver === carol,
    'only the second approval counts',
  );
  expect(waiting.status).toMatchObject({
    state: 'AwaitingApproval',
    approval: { approvedBy: [{ approver: carol }] },
  });
  expect(await sandboxJobs(tenant.namespace)).toHaveLength(0);

  expect(await decideAs(dave, request)).toMatchObject({ code: 0 });
  const status = await tenant.ended(name);
  expect(status.state).toBe('Succeeded');
  expect(approversOf(status)).toEqual([carol, dave]);
});
