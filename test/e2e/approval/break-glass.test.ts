/** An emergency: one person with a right of their own lets a request run without the approvals that are missing, and everybody hears of it. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Job } from '@kubernetes/client-node';
import type { RequestStatus } from '../../../src/api/v1alpha1/code-execution-request.ts';
import { eventually } from '../../support/eventually.ts';
import {
  approvedReason,
  decideAs,
  newApprovalTenant,
  settled,
  storedApprovals,
} from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { metricOf, SANDBOXES, sandboxJobs, SYSTEM } from '../support/installation.ts';
import { items, kubectl, must } from '../support/kubectl.ts';

jest.setTimeout(180_000);

const EMERGENCY = { decision: 'BreakGlass', ticket: 'INC-4711', reason: 'The site is down.' };
const METRIC = 'sekisho_break_glass_total';

let tenant: ApprovalTenant;
let eve: string;
let bob: string;
beforeAll(async () => {
  tenant = await newApprovalTenant('glass', { approvers: 2, breakGlass: { enabled: true } });
  eve = await tenant.firefighter('eve');
  bob = await tenant.approver('bob');
});
const HOLD = 'break-glass';
const open = () => kubectl(['-n', SANDBOXES, 'delete', 'networkpolicy', HOLD, '--ignore-not-found']);
afterAll(async () => {
  await open();
  await tenant.end();
});

/** The security of a Job's pod, which no decision of people may touch. */
const lockOf = ({ spec }: V1Job) => {
  const { containers, securityContext, automountServiceAccountToken, dnsPolicy } = spec?.template.spec ?? {};
  const { runAsUser: _own, runAsGroup: _group, fsGroup: _files, ...pod } = securityContext ?? {};
  return { pod, container: containers?.[0]?.securityContext, automountServiceAccountToken, dnsPolicy };
};

describe('breaking the glass', () => {
  test('lets it run at once, in the same sandbox, and is told by status, Event, metric and audit record', async () => {
    const before = await metricOf(METRIC);
    const request = await tenant.ask();
    expect(await decideAs(eve, request, EMERGENCY)).toMatchObject({ code: 0 });
    const status = await tenant.ended(request.metadata.name);
    expect(status).toMatchObject({
      state: 'Succeeded',
      approval: { required: 2, approvedBy: [], breakGlass: { approver: eve, ticket: 'INC-4711' } },
    });
    expect(approvedReason(status)).toBe('BreakGlass');
    expect(await metricOf(METRIC)).toBe(before + 1);

    const { uid } = request.metadata;
    await eventually(
      async () =>
        (
          await items<{ type: string; reason: string; regarding: { uid?: string }; note: string }>([
            ...['-n', tenant.namespace, 'get', 'events.events.k8s.io'],
          ])
        ).some(
          ({ type, reason, regarding, note }) =>
            type === 'Warning' &&
            reason === 'BreakGlass' &&
            regarding.uid === uid &&
            note.includes('INC-4711'),
        ),
      { what: 'a Warning says that the glass was broken', timeoutMilliseconds: 30_000 },
    );
    const log = await must(['-n', SYSTEM, 'logs', 'deployment/sekisho-controller', '--since=5m']);
    const records = log
      .split('\n')
      .filter((line) => line.includes(uid) && line.includes('"class_uid":6003'))
      .map((line) => JSON.parse(line) as { activity_name: string; severity_id: number; unmapped: object });
    expect(records.find(({ activity_name }) => activity_name === 'Start')).toMatchObject({
      severity_id: 4,
      unmapped: {
        breakGlass: { approver: eve, ticket: 'INC-4711', reason: 'The site is down.' },
        approvals: [],
      },
    });

    const ordinary = await tenant.create({ role: 'user' });
    await tenant.ended(ordinary.metadata.name);
    const jobs = await sandboxJobs(tenant.namespace);
    expect(jobs).toHaveLength(2);
    expect(lockOf(jobs[0] as V1Job)).toEqual(lockOf(jobs[1] as V1Job));
  });

  test('is refused without ticket, of another digest, by the requester, by an approver, and where the role is silent', async () => {
    const request = await tenant.ask();
    const before = await storedApprovals(tenant);
    await must([
      ...['-n', tenant.namespace, 'create', 'rolebinding', 'own', '--clusterrole=sekisho-approver'],
      `--user=${tenant.user}`,
    ]);
    const { ticket: _none, ...ticketless } = EMERGENCY;
    const wrong: readonly (readonly [string, object, string])[] = [
      [eve, ticketless, 'spec.ticket names the incident'],
      [bob, { ticket: 'INC-1' }, 'spec.ticket names the incident'],
      [eve, { ...EMERGENCY, ticket: ' ' }, 'spec.ticket is blank'],
      [eve, { ...EMERGENCY, reason: ' ' }, 'spec.reason is blank'],
      [eve, { ...EMERGENCY, digest: `sha256:${'0'.repeat(64)}` }, 'Look at the request again'],
      [tenant.user, EMERGENCY, 'made this request'],
      [bob, EMERGENCY, 'verb "break-glass"'],
    ];
    for (const [user, spec, words] of wrong) {
      const { code, stderr } = await decideAs(user, request, spec);
      expect([user, code, stderr]).toEqual([user, 1, expect.stringContaining(words)]);
    }
    await tenant.patchRole({ approval: { breakGlass: { enabled: false } } });
    const changed = await eventually(
      async () => {
        const now = await tenant.get(request.metadata.name);
        return now.status.verdict?.digest !== request.status.verdict?.digest && now;
      },
      { what: 'the digest follows the role', timeoutMilliseconds: 30_000 },
    );
    expect(await decideAs(eve, changed, EMERGENCY)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('breakGlass.enabled is false'),
    });
    await tenant.patchRole({ approval: { breakGlass: { enabled: true } } });
    expect(await storedApprovals(tenant)).toBe(before);
    expect((await tenant.get(request.metadata.name)).status.state).toBe('AwaitingApproval');
    await tenant.cancel(request.metadata.name);
  });

  test('never overrides a denial, of the analysis or of a person', async () => {
    const request = await tenant.ask();
    expect(await decideAs(bob, request, { decision: 'Deny', reason: 'No.' })).toMatchObject({ code: 0 });
    expect(await tenant.ended(request.metadata.name)).toMatchObject({ state: 'Denied' });
    expect(await decideAs(eve, request, EMERGENCY)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('its state is Denied'),
    });
    const evil = await tenant.create({
      ...{ role: tenant.role, actions: ['grant_admin'], language: 'Bash', code: ':(){ :|:& };:' },
    });
    await tenant.ended(evil.metadata.name);
    const denied = await tenant.get(evil.metadata.name);
    expect(await decideAs(eve, denied, EMERGENCY)).toMatchObject({ code: 1 });
    expect(denied.status.jobName).toBeUndefined();
  });

  test('counts no more once who broke it has lost the right: what was held waits for approval again', async () => {
    const mallory = await tenant.firefighter('mallory');
    const request = await tenant.ask();
    const { name } = request.metadata;
    const before = (await sandboxJobs(tenant.namespace)).length;
    // A foreign policy holds every start, so that there is a moment between the two.
    await must(['create', '-f', '-'], {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: HOLD, namespace: SANDBOXES },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
    });
    expect(await decideAs(mallory, request, EMERGENCY)).toMatchObject({ code: 0 });
    const isBroken = (status: RequestStatus) => approvedReason(status) === 'BreakGlass';
    await settled(tenant, name, (status) => isBroken(status) && status.state === 'Queued', 'it is held');
    await tenant.dismiss(mallory);
    await open();
    await settled(tenant, name, ({ state }) => state === 'AwaitingApproval', 'it waits for approval again');
    expect((await tenant.get(name)).status.approval?.breakGlass).toBeUndefined();
    expect(await sandboxJobs(tenant.namespace)).toHaveLength(before);
    await tenant.cancel(name);
  });
});
