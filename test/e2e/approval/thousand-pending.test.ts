/** A thousand requests that wait for people: the one that is approved runs, and nobody restarts. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { connectKube, loadConnection } from '../../../src/kube/client.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { CODE_EXECUTION_REQUESTS } from '../../../src/kube/resources.ts';
import { eventually } from '../../support/eventually.ts';
import { decideAs, newApprovalTenant } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { SYSTEM } from '../support/installation.ts';
import { items, must, run } from '../support/kubectl.ts';

const COUNT = 1000;
const AT_ONCE = 16;

jest.setTimeout(570_000);

let tenant: ApprovalTenant;
let client: KubeClient;
beforeAll(async () => {
  tenant = await newApprovalTenant('thousand');
  client = connectKube({ connection: await loadConnection(process.env) });
  // The administrator creates them, over one connection.
  await must([
    ...['create', 'clusterrolebinding', `${tenant.role}-admin`, `--clusterrole=${tenant.role}-use`],
    '--group=system:masters',
  ]);
});
afterAll(async () => {
  await must(['delete', 'clusterrolebinding', `${tenant.role}-admin`, '--ignore-not-found']);
  await client.close();
  await tenant.end();
});

async function createAll(): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < COUNT) {
      const number = (next += 1);
      const spec = { role: tenant.role, actions: ['grant_admin' as const], code: `print(${number})` };
      await client.create(CODE_EXECUTION_REQUESTS, tenant.manifest(spec, { name: `waits-${number}` }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** The digests of those that wait, by name. */
async function digests(): Promise<ReadonlyMap<string, string | undefined>> {
  const fieldSelector = 'status.state=AwaitingApproval';
  const where = { namespace: tenant.namespace, fieldSelector };
  const { items: found } = await client.list<CodeExecutionRequest>(CODE_EXECUTION_REQUESTS, where);
  return new Map(found.map(({ metadata, status }) => [metadata.name, status.verdict?.digest]));
}
const waiting = async (): Promise<number> => (await digests()).size;

const restarts = async (): Promise<number> =>
  (await items<V1Pod>(['-n', SYSTEM, 'get', 'pods', '-l', 'app.kubernetes.io/name=sekisho']))
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);

test('a thousand that wait do not keep one that was approved from running', async () => {
  const before = await restarts();
  await createAll();
  await eventually(async () => (await waiting()) === COUNT, {
    what: 'all wait for approval',
    timeoutMilliseconds: 300_000,
    intervalMilliseconds: 1000,
  });
  const listed = await run(process.execPath, ['src/cli/main.ts', 'pending', '-n', tenant.namespace]);
  expect(listed.stdout.trim().split('\n')).toHaveLength(COUNT + 1);

  const bob = await tenant.approver('bob');
  const request = await tenant.get('waits-500');
  const asked = Date.now();
  expect(await decideAs(bob, request)).toMatchObject({ code: 0 });
  expect(await tenant.ended('waits-500')).toMatchObject({ state: 'Succeeded', result: { stdout: '500\n' } });
  expect(Date.now() - asked).toBeLessThan(60_000);

  // A change of their role has each of them judged anew; none is lost over it, and none runs.
  const old = await digests();
  await tenant.patchRole({ allowedActions: ['read_calendar'] });
  await eventually(async () => [...(await digests())].every(([name, digest]) => digest !== old.get(name)), {
    what: 'every digest follows the role',
    timeoutMilliseconds: 180_000,
    intervalMilliseconds: 1000,
  });
  expect(await waiting()).toBe(COUNT - 1);
  expect(await restarts()).toBe(before);
});
