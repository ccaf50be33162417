import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  approversOf,
  approvedReason,
  decideAs,
  decisionAbout,
  newApprovalTenant,
  settled,
} from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { sandboxJobs } from '../support/installation.ts';
import { kubectl, must, withUser } from '../support/kubectl.ts';

jest.setTimeout(180_000);

let tenant: ApprovalTenant;
let bob: string;
let carol: string;
beforeAll(async () => {
  tenant = await newApprovalTenant('approvers', { approvers: 2 });
  bob = await tenant.approver('bob');
  carol = await tenant.approver('carol');
});
afterAll(() => tenant.end());

const jobs = async () => (await sandboxJobs(tenant.namespace)).length;
const givenBy = (count: number) => (status: { approval?: { approvedBy: readonly object[] } | undefined }) =>
  status.approval?.approvedBy.length === count;

describe('promise 07: no Job without enough distinct approvers', () => {
  test('one short, the same person twice, the requester and a stranger: no Job; the second approver: it runs', async () => {
    const request = await tenant.ask();
    const { name } = request.metadata;
    const before = await jobs();

    for (const user of [tenant.user, 'stranger']) {
      await must([
        '-n',
        tenant.namespace,
        'create',
        'rolebinding',
        `try-${user}`,
        '--clusterrole=sekisho-approver',
        `--user=${user}`,
      ]);
    }
    const own = await decideAs(tenant.user, request);
    expect([own.code === 0, own.stderr]).toEqual([false, expect.stringContaining('made this request')]);
    const stranger = await decideAs('stranger', request);
    expect([stranger.code === 0, stranger.stderr]).toEqual([
      false,
      expect.stringContaining('verb "approve"'),
    ]);

    for (const user of [bob, bob]) expect(await decideAs(user, request)).toMatchObject({ code: 0 });
    const waiting = await settled(tenant, name, givenBy(1), 'one approval counts');
    expect(waiting.status).toMatchObject({ state: 'AwaitingApproval', approval: { required: 2 } });
    expect(await jobs()).toBe(before);

    expect(await decideAs(carol, request)).toMatchObject({ code: 0 });
    const status = await tenant.ended(name);
    expect(status).toMatchObject({
      state: 'Succeeded',
      result: { stdout: 'hello\n' },
    });
    expect(approversOf(status)).toEqual([bob, carol]);
    expect(approvedReason(status)).toBe('Approved');
    expect(await jobs()).toBe(before + 1);
  });

  test('one denial ends it, and a later approval does not revive it', async () => {
    const request = await tenant.ask();
    const before = await jobs();
    expect(await decideAs(bob, request)).toMatchObject({ code: 0 });
    expect(await decideAs(carol, request, { decision: 'Deny', reason: 'Not today.' })).toMatchObject({
      code: 0,
    });
    const status = await tenant.ended(request.metadata.name);
    expect(status).toMatchObject({ state: 'Denied', approval: { deniedBy: { approver: carol } } });
    expect(approvedReason(status)).toBe('ApprovalDenied');
    expect(await decideAs(bob, request)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('its state is Denied'),
    });
    expect(await jobs()).toBe(before);
  });

  test('another digest, another request of the name, no reason: refused, each with its sentence', async () => {
    const request = await tenant.ask();
    const wrong: readonly (readonly [object, string])[] = [
      [{ digest: `sha256:${'0'.repeat(64)}` }, 'Look at the request again'],
      [{ requestRef: { name: request.metadata.name, uid: 'an-old-one' } }, 'is another one'],
      [
        { requestRef: { name: 'nothing', uid: request.metadata.uid } },
        'there is no such CodeExecutionRequest',
      ],
      [{ reason: ' ' }, 'spec.reason is blank'],
    ];
    for (const [spec, words] of wrong) {
      const { code, stderr } = await decideAs(bob, request, spec);
      expect([code === 0, stderr]).toEqual([false, expect.stringContaining(words)]);
    }
    expect(await tenant.get(request.metadata.name)).toMatchObject({ status: { state: 'AwaitingApproval' } });
  });

  test('who approves is who called the API, whatever was written; and it never changes', async () => {
    const request = await tenant.ask();
    const lie = { approver: { username: carol, groups: ['system:masters'] } };
    const stored = JSON.parse(
      await must(
        ['-n', tenant.namespace, '--as', bob, 'create', '-o', 'json', '-f', '-'],
        decisionAbout(request, lie),
      ),
    ) as { metadata: { name: string }; spec: { approver: object } };
    expect(stored.spec.approver).toEqual({ username: bob, groups: ['system:authenticated'] });
    const patch = JSON.stringify({ spec: { approver: { username: carol } } });
    const changed = ['patch', 'executionapproval', stored.metadata.name, '--type=merge', '-p', patch];
    expect(await kubectl(['-n', tenant.namespace, ...changed])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('spec is immutable'),
    });
  });

  test('a ServiceAccount with the right may not, unless the role says so', async () => {
    const { namespace, role } = tenant;
    const account = `system:serviceaccount:${namespace}:robot`;
    await must(['-n', namespace, 'create', 'serviceaccount', 'robot']);
    const rights = ['create', 'rolebinding', 'robot', '--clusterrole=sekisho-approver'];
    await must(['-n', namespace, ...rights, `--serviceaccount=${namespace}:robot`]);
    await must([
      'create',
      'clusterrolebinding',
      `${role}-robot`,
      `--clusterrole=${role}-approve`,
      `--serviceaccount=${namespace}:robot`,
    ]);
    try {
      const request = await tenant.ask();
      const token = (await must(['-n', namespace, 'create', 'token', 'robot'])).trim();
      await withUser(
        () => ({ token }),
        async (flags) => {
          const create = () => kubectl([...flags, 'create', '-f', '-'], decisionAbout(request));
          const refused = await create();
          expect([refused.code === 0, refused.stderr]).toEqual([
            false,
            expect.stringContaining(`${account} is a ServiceAccount`),
          ]);
        },
      );
    } finally {
      await must(['delete', 'clusterrolebinding', `${role}-robot`]);
    }
  });
});
