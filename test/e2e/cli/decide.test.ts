/** `sekisho pending`, `show`, `approve` and `deny` against a real cluster, with the rights of who calls. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { newApprovalTenant, settled, storedApprovals } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { must, run, withUser } from '../support/kubectl.ts';
import type { Ended } from '../support/kubectl.ts';

jest.setTimeout(120_000);

/** A zero-width space, and a Cyrillic letter inside a Latin word. */
const CODE = "admin = 'al\u200bice'\nfor usеr in [admin]:\n    print(user if False else 'done')\n";

let tenant: ApprovalTenant;
let token: string;
beforeAll(async () => {
  tenant = await newApprovalTenant('cli', { allowServiceAccounts: true });
  const { namespace, role } = tenant;
  const account = `${namespace}:robot`;
  await must(['-n', namespace, 'create', 'serviceaccount', 'robot']);
  const rights = ['create', 'rolebinding', 'robot', '--clusterrole=sekisho-approver'];
  await must(['-n', namespace, ...rights, `--serviceaccount=${account}`]);
  const approve = ['create', 'clusterrolebinding', `${role}-robot`, `--clusterrole=${role}-approve`];
  await must([...approve, `--serviceaccount=${account}`]);
  token = (await must(['-n', namespace, 'create', 'token', 'robot'])).trim();
});
afterAll(async () => {
  await must(['delete', 'clusterrolebinding', `${tenant.role}-robot`, '--ignore-not-found']);
  await tenant.end();
});

/** The command as the ServiceAccount. */
const sekisho = (...args: readonly string[]): Promise<Ended> =>
  withUser(
    () => ({ token }),
    (flags) => {
      const kubeconfig = flags[flags.indexOf('--kubeconfig') + 1] ?? '';
      const more = ['--namespace', tenant.namespace, '--kubeconfig', kubeconfig];
      return run(process.execPath, ['src/cli/main.ts', ...args, ...more]);
    },
  );

async function waiting() {
  const { metadata } = await tenant.create({ role: tenant.role, actions: ['grant_admin'], code: CODE });
  return settled(tenant, metadata.name, ({ state }) => state === 'AwaitingApproval', 'it awaits approval');
}

describe('a person decides with the command', () => {
  test('pending lists it, show shows all of it, approve with the digest lets it run', async () => {
    const { metadata, status } = await waiting();
    const { name } = metadata;
    const digest = status.verdict?.digest ?? '';

    expect((await sekisho('pending')).stdout).toMatch(
      new RegExp(`${name} +${tenant.user} +${tenant.role} +\\d+ +0/1`),
    );
    const shown = await sekisho('show', name);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining(digest) });
    for (const line of [
      "1 | admin = 'al\\u200bice'",
      '2 | for us\\u{435}r in [admin]:',
      "3 |     print(user if False else 'done')",
    ])
      expect(shown.stdout).toContain(line);

    expect(await sekisho('approve', name, '--reason', 'Seen.')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('--digest'),
    });
    const other = ['approve', name, '--reason', 'Seen.', '--digest', `sha256:${'0'.repeat(64)}`];
    expect(await sekisho(...other)).toMatchObject({ code: 3, stderr: expect.stringContaining(digest) });
    expect(await storedApprovals(tenant)).toBe(0);

    expect(await sekisho('approve', name, '--reason', 'Seen.', '--digest', digest)).toMatchObject({
      code: 0,
    });
    expect(await tenant.ended(name)).toMatchObject({
      approval: { approvedBy: [{ approver: `system:serviceaccount:${tenant.namespace}:robot` }] },
    });
    expect((await sekisho('pending')).stdout).toBe('Nothing waits for approval.\n');
  });

  test('deny ends it; deciding again is refused in the words of the webhook', async () => {
    const { metadata, status } = await waiting();
    const decide = (verb: string) =>
      sekisho(verb, metadata.name, '--reason', 'No.', '--digest', status.verdict?.digest ?? '');
    expect(await decide('deny')).toMatchObject({ code: 0 });
    expect(await tenant.ended(metadata.name)).toMatchObject({ state: 'Denied' });
    expect(await decide('approve')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('its state is Denied'),
    });
  });

  test('a request that is not there is told with what to do', async () => {
    expect(await sekisho('show', 'nothing')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('there is no CodeExecutionRequest "nothing"'),
    });
  });
});
