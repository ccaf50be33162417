/** Decisions that come too late, too early, twice, by machines, or about something else: the table of docs/approval.md. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import type { RequestStatus } from '../../../src/api/v1alpha1/code-execution-request.ts';
import {
  approversOf,
  decideAs,
  decisionAbout,
  newApprovalTenant,
  settled,
  storedApprovals,
} from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { sandboxJobs } from '../support/installation.ts';
import { as, kubectl, must, read, run, withUser } from '../support/kubectl.ts';

jest.setTimeout(180_000);

let tenant: ApprovalTenant;
let bob: string;
let carol: string;
beforeAll(async () => {
  tenant = await newApprovalTenant('bad-input', { approvers: 2, allowServiceAccounts: true });
  bob = await tenant.approver('bob');
  carol = await tenant.approver('carol');
});
afterAll(() => tenant.end());

const counted = (name: string, people: readonly string[]) =>
  settled(
    tenant,
    name,
    (status) => JSON.stringify(approversOf(status)) === JSON.stringify(people),
    `the approvals of ${people.join(', ') || 'nobody'} count`,
  );
const jobs = async () => (await sandboxJobs(tenant.namespace)).length;

/** A request of this very name. */
async function askAs(name: string): Promise<CodeExecutionRequest> {
  const spec = { role: tenant.role, actions: ['grant_admin'] };
  await must([...tenant.flags, 'create', '-f', '-'], tenant.manifest(spec, { name }));
  return settled(tenant, name, ({ state }) => state === 'AwaitingApproval', 'it awaits approval');
}

describe('a request that is over, gone, or another one', () => {
  test('finished: the decision is refused', async () => {
    const { metadata } = await tenant.create({});
    await tenant.ended(metadata.name);
    const request = await tenant.get(metadata.name);
    expect(await decideAs(bob, request)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('waits for no approval: its state is Succeeded'),
    });
  });

  test('deleted and made anew under its name: what was approved before counts for nothing', async () => {
    const first = await askAs('same-name');
    expect(await decideAs(bob, first)).toMatchObject({ code: 0 });
    await counted('same-name', [bob]);
    await must([...tenant.flags, 'delete', 'cer', 'same-name']);
    expect(await decideAs(carol, first)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no such CodeExecutionRequest'),
    });
    const before = await jobs();
    const second = await askAs('same-name');
    expect(second.status.verdict?.digest).toBe(first.status.verdict?.digest);
    // The same bytes, approved by the one before the deletion and by the other after it: one is missing.
    expect(await decideAs(carol, first)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is another one'),
    });
    expect(await decideAs(carol, second)).toMatchObject({ code: 0 });
    await counted('same-name', [carol]);
    expect(await jobs()).toBe(before);
    await tenant.cancel('same-name');
  });

  test('not there yet: a decision cannot be written ahead', async () => {
    const ahead = {
      metadata: { name: 'ahead', namespace: tenant.namespace },
      status: { verdict: { digest: `sha256:${'0'.repeat(64)}` } },
    } as CodeExecutionRequest;
    const spec = { requestRef: { name: 'ahead', uid: '00000000-0000-0000-0000-000000000000' } };
    expect(await decideAs(bob, ahead, spec)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no such CodeExecutionRequest'),
    });
  });
});

describe('a decision that is taken away', () => {
  test('by deleting it, which only an administrator can, counts no more', async () => {
    const request = await tenant.ask();
    const { name } = request.metadata;
    const created = await read<CodeExecutionRequest>(
      ['-n', tenant.namespace, ...as(bob), 'create', '-f', '-'],
      decisionAbout(request),
    );
    await counted(name, [bob]);
    const drop = ['-n', tenant.namespace, 'delete', 'executionapproval', created.metadata.name];
    for (const user of [bob, tenant.user])
      expect(await kubectl([...drop, ...as(user)])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('forbidden'),
      });
    await must(drop);
    await counted(name, []);
    await tenant.cancel(name);
  });

  test('of a ServiceAccount that was deleted counts as long as RBAC grants its name the right', async () => {
    const { namespace, role } = tenant;
    const account = `system:serviceaccount:${namespace}:robot`;
    await must(['-n', namespace, 'create', 'serviceaccount', 'robot']);
    const subject = `--serviceaccount=${namespace}:robot`;
    await must([
      ...['-n', namespace, 'create', 'rolebinding', 'robot'],
      '--clusterrole=sekisho-approver',
      subject,
    ]);
    await must(['create', 'clusterrolebinding', `${role}-robot`, `--clusterrole=${role}-approve`, subject]);
    try {
      const request = await tenant.ask();
      const { name } = request.metadata;
      const token = (await must(['-n', namespace, 'create', 'token', 'robot'])).trim();
      await withUser(
        () => ({ token }),
        (flags) => must([...flags, 'create', '-f', '-'], decisionAbout(request)),
      );
      await counted(name, [account]);
      await must(['-n', namespace, 'delete', 'serviceaccount', 'robot']);
      // The next decision has all of them looked at again.
      expect(await decideAs(bob, request, { digest: request.status.verdict?.digest })).toMatchObject({
        code: 0,
      });
      expect(approversOf(await tenant.ended(name))).toEqual([bob, account]);

      const next = await tenant.ask();
      await must(['delete', 'clusterrolebinding', `${role}-robot`]);
      await withUser(
        () => ({ token }),
        async (flags) =>
          expect((await kubectl([...flags, 'create', '-f', '-'], decisionAbout(next))).code).toBe(1),
      );
      await tenant.cancel(next.metadata.name);
    } finally {
      await kubectl(['delete', 'clusterrolebinding', `${role}-robot`, '--ignore-not-found']);
    }
  });
});

describe('a role that changes', () => {
  const isRunning = ({ conditions }: RequestStatus) =>
    conditions?.some(({ type, status }) => type === 'Started' && status === 'True') ?? false;

  test('so that it no longer knows the action: what waits is denied', async () => {
    const request = await tenant.ask();
    expect(await decideAs(bob, request)).toMatchObject({ code: 0 });
    await tenant.patchRole({ approvalActions: [] });
    const status = await tenant.ended(request.metadata.name);
    expect(status).toMatchObject({ state: 'Denied', verdict: { reasons: [{ reason: 'ActionNotAllowed' }] } });
    expect(status.jobName).toBeUndefined();
    await tenant.patchRole({ approvalActions: ['grant_admin'] });
  });

  test('or goes while what was approved under it runs: it runs to its end', async () => {
    const other = await newApprovalTenant('running', { approvers: 1 });
    try {
      const dave = await other.approver('dave');
      const code = 'import time\ntime.sleep(9)\nprint("to the end")\n';
      const { metadata } = await other.create({ role: other.role, actions: ['grant_admin'], code });
      const request = await settled(
        other,
        metadata.name,
        ({ state }) => state === 'AwaitingApproval',
        'it awaits approval',
      );
      expect(await decideAs(dave, request)).toMatchObject({ code: 0 });
      await settled(other, metadata.name, isRunning, 'it runs');
      await must(['delete', 'executionrole', other.role]);
      expect(await other.ended(metadata.name)).toMatchObject({
        state: 'Succeeded',
        result: { stdout: 'to the end\n' },
      });
    } finally {
      await other.end();
    }
  });
});

describe('a decision that comes by', () => {
  test('server-side apply is one: stamped, taken once, never changed', async () => {
    const request = await tenant.ask();
    const decision = decisionAbout(request, { approver: { username: carol } }) as Record<string, unknown>;
    const named = { ...decision, metadata: { name: 'applied', namespace: tenant.namespace } };
    const rights = ['--verb=patch', '--resource=executionapprovals.sekisho.dev'];
    await must(['-n', tenant.namespace, 'create', 'role', 'apply', ...rights]);
    await must(['-n', tenant.namespace, 'create', 'rolebinding', 'apply', '--role=apply', `--user=${bob}`]);
    const apply = (object: object, ...flags: readonly string[]) =>
      kubectl(['-n', tenant.namespace, ...as(bob), 'apply', '--server-side', ...flags, '-f', '-'], object);
    expect(await apply(named)).toMatchObject({ code: 0 });
    await counted(request.metadata.name, [bob]);
    const stored = await storedApprovals(tenant);
    const { spec } = named as unknown as { spec: object };
    for (const change of [{ decision: 'Deny' }, { reason: 'Another.' }])
      expect(await apply({ ...named, spec: { ...spec, ...change } }, '--force-conflicts')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('spec is immutable'),
      });
    expect(await storedApprovals(tenant)).toBe(stored);
    expect(approversOf((await tenant.get(request.metadata.name)).status)).toEqual([bob]);
    await tenant.cancel(request.metadata.name);
  });

  test('a Helm chart is that of the person who installs it; upgrades change nothing', async () => {
    const request = await tenant.ask();
    const folder = mkdtempSync(join(tmpdir(), 'sekisho-chart-'));
    mkdirSync(join(folder, 'templates'));
    writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: decision\nversion: 1.0.0\n');
    const { spec } = decisionAbout(request) as { spec: object };
    const template = (reason: string) => ({
      ...{ apiVersion: 'sekisho.dev/v1alpha1', kind: 'ExecutionApproval', metadata: { name: 'by-chart' } },
      spec: { ...spec, reason },
    });
    const write = (reason: string) =>
      writeFileSync(join(folder, 'templates', 'approval.yaml'), JSON.stringify(template(reason)));
    const upgrade = () =>
      run(process.env['SEKISHO_HELM'] ?? 'helm', [
        ...['upgrade', '--install', 'decision', folder, '-n', tenant.namespace, '--kube-as-user', bob],
      ]);
    // Helm keeps its releases in Secrets.
    const rights = ['--verb=get,list,create,update,patch,delete', '--resource=secrets'];
    await must(['-n', tenant.namespace, 'create', 'role', 'helm', ...rights]);
    await must(['-n', tenant.namespace, 'create', 'rolebinding', 'helm', '--role=helm', `--user=${bob}`]);
    try {
      write('By chart.');
      expect(await upgrade()).toMatchObject({ code: 0 });
      await counted(request.metadata.name, [bob]);
      expect(await upgrade()).toMatchObject({ code: 0 });
      write('Changed.');
      const changed = await upgrade();
      expect([changed.code, changed.stderr]).toEqual([1, expect.stringContaining('spec is immutable')]);
      await tenant.cancel(request.metadata.name);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a quorum that nobody can reach', () => {
  test.each<readonly [string, object, string]>([
    ['no group', { approverGroups: [] }, 'approverGroups is empty'],
    [
      'ServiceAccounts alone, who may not',
      { approverGroups: ['system:serviceaccounts', 'system:serviceaccounts:ops'] },
      'names ServiceAccounts only',
    ],
    ['nobody in particular', { approverGroups: ['system:unauthenticated'] }, 'who approves is somebody'],
    ['more people than anybody counts', { approvers: 11 }, 'less than or equal to 10'],
    ['less time than a person needs', { runBySeconds: 59 }, 'greater than or equal to 60'],
    [
      'an emergency of a day',
      { breakGlass: { enabled: true, runBySeconds: 86_400 } },
      'less than or equal to 3600',
    ],
  ])('is refused when the role is written: %s', async (_what, approval, words) => {
    const role = {
      ...{ apiVersion: 'sekisho.dev/v1alpha1', kind: 'ExecutionRole', metadata: { name: 'unreachable' } },
      spec: { approvalActions: ['grant_admin'], approval },
    };
    const { code, stderr } = await kubectl(['create', '--dry-run=server', '-f', '-'], role);
    expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
  });

  test('is none where ServiceAccounts may, or people are named beside them', async () => {
    for (const approval of [
      { approverGroups: ['system:serviceaccounts:ops'], allowServiceAccounts: true },
      { approverGroups: ['system:serviceaccounts:ops', 'security'] },
    ])
      await must(['create', '--dry-run=server', '-f', '-'], {
        ...{ apiVersion: 'sekisho.dev/v1alpha1', kind: 'ExecutionRole', metadata: { name: 'reachable' } },
        spec: { approval },
      });
  });
});
