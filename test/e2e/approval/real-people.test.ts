/** The whole way with users as a cluster has them: client certificates and a token, no impersonation by an administrator. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { approversOf, decisionAbout, newApprovalTenant, settled } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { kubectl, must, read, withUser } from '../support/kubectl.ts';
import type { Ended } from '../support/kubectl.ts';
import { newPerson } from '../support/person.ts';
import type { Person } from '../support/person.ts';

jest.setTimeout(180_000);

let team: ApprovalTenant;
let others: ApprovalTenant;
let asker: Person;
let stranger: Person;
let first: Person;
let second: Person;
beforeAll(async () => {
  [team, others] = await Promise.all([
    newApprovalTenant('people', { approvers: 2 }),
    newApprovalTenant('strangers', { approvers: 2 }),
  ]);
  const names = [team.user, others.user, await team.approver('first'), await team.approver('second')];
  [asker, stranger, first, second] = (await Promise.all(names.map(newPerson))) as [
    Person,
    Person,
    Person,
    Person,
  ];
});
afterAll(async () => {
  for (const person of [asker, stranger, first, second]) person.end();
  await Promise.all([team.end(), others.end()]);
});

/** kubectl with the person's own certificate, in the namespace of the team. */
const by = ({ kubeconfig }: Person): readonly string[] => ['--kubeconfig', kubeconfig, '-n', team.namespace];

const decide = (person: Person, request: CodeExecutionRequest, spec: object = {}): Promise<Ended> =>
  kubectl([...by(person), 'create', '-f', '-'], decisionAbout(request, spec));

const waiting = (name: string) =>
  settled(team, name, ({ state }) => state === 'AwaitingApproval', 'it awaits approval');

test('two people approve what a third asked for, each by their own certificate', async () => {
  const spec = { role: team.role, actions: ['grant_admin'], requester: { username: first.name } };
  const { metadata, ...created } = await read<CodeExecutionRequest>(
    [...by(asker), 'create', '-f', '-'],
    team.manifest(spec),
  );
  expect(created.spec.requester).toMatchObject({ username: asker.name, groups: ['system:authenticated'] });
  const request = await waiting(metadata.name);
  const refusals = [await decide(asker, request), await decide(stranger, request)];
  expect(refusals.map(({ code }) => code === 0)).toEqual([false, false]);
  expect(refusals[0]?.stderr).toMatch(/made this request|cannot create resource/);
  expect(refusals[1]?.stderr).toContain('cannot create resource');

  expect(await decide(first, request)).toMatchObject({ code: 0 });
  expect(await decide(first, request)).toMatchObject({ code: 0 });
  expect((await waiting(metadata.name)).status.approval?.approvedBy).toHaveLength(1);
  expect(await decide(second, request)).toMatchObject({ code: 0 });
  const ended = await team.ended(metadata.name);
  expect(ended.state).toBe('Succeeded');
  expect(approversOf(ended)).toEqual([first.name, second.name]);
});

test("what is another team's can be neither made, seen, nor decided by a stranger", async () => {
  const asked = await team.ask();
  for (const verb of [
    ['create', '--dry-run=server', '-f', '-'],
    ['get', 'cer', asked.metadata.name],
    ['patch', 'cer', asked.metadata.name, '--type=merge', '-p', '{"spec":{"cancel":true}}'],
    ['delete', 'cer', asked.metadata.name],
  ])
    expect((await kubectl([...by(stranger), ...verb], team.manifest({ role: team.role }))).stderr).toContain(
      'Forbidden',
    );
  expect(await decide(second, asked, { decision: 'Deny' })).toMatchObject({ code: 0 });
  expect((await team.ended(asked.metadata.name)).state).toBe('Denied');
});

test('a platform with a token of its own asks for a person, and may not approve', async () => {
  const { namespace } = team;
  const account = `system:serviceaccount:${namespace}:platform`;
  await must(['-n', namespace, 'create', 'serviceaccount', 'platform']);
  for (const role of ['sekisho-edit', 'sekisho-approver'])
    await must([
      '-n',
      namespace,
      'create',
      'rolebinding',
      `platform-${role}`,
      `--clusterrole=${role}`,
      `--serviceaccount=${namespace}:platform`,
    ]);
  const token = (await must(['-n', namespace, 'create', 'token', 'platform'])).trim();
  await withUser(
    () => ({ token }),
    async (flags) => {
      const spec = { role: team.role, actions: ['grant_admin'], onBehalfOf: { username: asker.name } };
      const made = await read<CodeExecutionRequest>(
        [...flags, '-n', namespace, 'create', '-f', '-'],
        team.manifest(spec),
      );
      expect(made.spec.requester?.username).toBe(account);
      const { verdict } = await team.ended(made.metadata.name);
      expect(verdict?.reasons?.map(({ reason }) => reason)).toEqual(
        expect.arrayContaining(['RoleNotHeld', 'ActForNotGranted']),
      );
      const asked = await team.ask();
      const approval = await kubectl([...flags, 'create', '-f', '-'], decisionAbout(asked));
      expect(approval.stderr).toContain('is a ServiceAccount');
    },
  );
});
