import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { approvedReason, decideAs, newApprovalTenant, settled } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { SANDBOXES, sandboxJobs } from '../support/installation.ts';
import { kubectl, must } from '../support/kubectl.ts';

// The shortest clocks that a role may set are a minute each.
jest.setTimeout(240_000);

let tenant: ApprovalTenant;
let bob: string;
beforeAll(async () => {
  tenant = await newApprovalTenant('clocks', { approveBySeconds: 60, runBySeconds: 60 });
  bob = await tenant.approver('bob');
});
const open = () => kubectl(['-n', SANDBOXES, 'delete', 'networkpolicy', 'promise-10', '--ignore-not-found']);
afterAll(async () => {
  await open();
  await tenant.end();
});

describe('promise 10: two clocks', () => {
  test('approve-by and run-by pass: expired, no Job, and an approval in between does not help', async () => {
    const late = await tenant.ask();
    const held = await tenant.ask();
    // A foreign policy holds every start, so that the approved one cannot begin.
    await must(['create', '-f', '-'], {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'promise-10', namespace: SANDBOXES },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
    });
    expect(await decideAs(bob, held)).toMatchObject({ code: 0 });
    const approved = await settled(
      tenant,
      held.metadata.name,
      (status) => approvedReason(status) === 'Approved' && status.state === 'Queued',
      'approved, and held',
    );
    expect(Date.parse(approved.status.approval?.runBy ?? '')).toBeGreaterThan(Date.now());

    const [expired, tooLate] = await Promise.all(
      [late, held].map(({ metadata }) => tenant.ended(metadata.name, 150_000)),
    );
    for (const status of [expired, tooLate]) {
      expect(status?.state).toBe('Denied');
      expect(status && approvedReason(status)).toBe('ApprovalExpired');
    }
    const message = (status: typeof expired) =>
      status?.conditions?.find(({ type }) => type === 'Approved')?.message;
    expect(message(expired)).toContain('approveBySeconds');
    expect(message(tooLate)).toContain('runBySeconds');
    expect(await decideAs(bob, late)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('its state is Denied'),
    });
    await open();
    expect(await sandboxJobs(tenant.namespace)).toHaveLength(0);
  });
});
