import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { PendingCall } from '../../../src/api/v1alpha1/code-execution-request.ts';
import { eventually } from '../../support/eventually.ts';
import { CODE_EXECUTION_REQUESTS } from '../../../src/kube/resources.ts';
import { clientOf } from '../support/clients.ts';
import { SYSTEM } from '../support/installation.ts';
import { as, kubectl, must } from '../support/kubectl.ts';
import { clusterBinding, rightOn } from '../support/role-rights.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';
import { getting, newWorld } from './support/world.ts';
import type { Driver, World } from './support/world.ts';

jest.setTimeout(240_000);

const APPROVER = 'approver-of-calls';

let tenant: Tenant;
let world: World;
let driver: Driver;
beforeAll(async () => {
  tenant = await newTenant('calls', 'Audit');
  world = await newWorld(tenant, {
    operations: [
      getting('danger', '/behave/well', {
        risk: 'Critical',
        http: { method: 'GET', path: '/behave/well', query: ['tag'] },
        input: { type: 'object', properties: { tag: { type: 'string' } } },
      }),
      getting('well', '/behave/well'),
    ],
  });
  const { namespace: name } = tenant;
  await must([
    '-n',
    name,
    'create',
    'rolebinding',
    'approver',
    '--clusterrole=sekisho-approver',
    `--user=${APPROVER}`,
  ]);
  await must(['create', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      rightOn(name, 'approve', `approve-${name}`),
      clusterBinding(`approve-${name}`, `approve-${name}`, [APPROVER]),
    ],
  });
  driver = await world.newDriver();
});
afterAll(async () => {
  await driver.end();
  await world.end();
  for (const kind of ['clusterrolebinding', 'clusterrole'])
    await kubectl(['delete', kind, `approve-${tenant.namespace}`, '--ignore-not-found']);
});

/** The call of that argument, once it is put before people. */
const pending = (tag: string): Promise<PendingCall> =>
  eventually(
    async () =>
      ((await tenant.get(driver.request)).status.pendingCalls ?? []).find((call) =>
        call.arguments.includes(tag),
      ) ?? false,
    { what: `the call ${tag} waits for a person`, timeoutMilliseconds: 30_000, intervalMilliseconds: 200 },
  );

async function decide(user: string, digest: string, decision: 'Approve' | 'Deny') {
  const { metadata } = await tenant.get(driver.request);
  return kubectl(['-n', tenant.namespace, ...as(user), 'create', '-f', '-'], {
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'ExecutionApproval',
    metadata: { generateName: 'call-' },
    spec: { requestRef: { name: metadata.name, uid: metadata.uid }, digest, decision, reason: 'a test' },
  });
}

const reached = async () => (await world.upstream.counts())['/behave/well'] ?? 0;

test('a critical call waits for a person, who is shown it whole, and is made once', async () => {
  const before = await reached();
  const calling = driver.call('probe', 'danger', { tag: 'first' });
  const call = await pending('first');
  expect(call).toMatchObject({
    plugin: 'probe',
    operation: 'danger',
    arguments: '{"tag":"first"}',
    state: 'Waiting',
  });
  expect(await reached()).toBe(before);
  // Who asks does not decide; what was not asked cannot be decided.
  expect((await decide(tenant.user, call.digest, 'Approve')).code).not.toBe(0);
  expect((await decide(APPROVER, `sha256:${'0'.repeat(64)}`, 'Approve')).code).not.toBe(0);
  expect(await reached()).toBe(before);
  expect(await decide(APPROVER, call.digest, 'Approve')).toMatchObject({ code: 0 });
  expect(await calling).toEqual({ output: { text: 'hello' } });
  expect(await reached()).toBe(before + 1);
  expect(await driver.call('probe', 'danger', { tag: 'first' })).toMatchObject({ code: 'ApprovalUsed' });
  expect(await reached()).toBe(before + 1);
  expect(await pending('first')).toMatchObject({ state: 'Used' });
});

test('a denied call is not made, now or later', async () => {
  const before = await reached();
  const calling = driver.call('probe', 'danger', { tag: 'second' });
  const { digest } = await pending('second');
  expect(await decide(APPROVER, digest, 'Deny')).toMatchObject({ code: 0 });
  expect(await calling).toMatchObject({ code: 'ApprovalDenied' });
  expect((await decide(APPROVER, digest, 'Approve')).code).not.toBe(0);
  expect(await driver.call('probe', 'danger', { tag: 'second' })).toMatchObject({ code: 'ApprovalDenied' });
  expect(await reached()).toBe(before);
});

test('the approval of one call is none for another', async () => {
  const before = await reached();
  const calling = driver.call('probe', 'danger', { tag: 'third' });
  const { digest } = await pending('third');
  expect(await decide(APPROVER, digest, 'Approve')).toMatchObject({ code: 0 });
  expect((await calling).code).toBeUndefined();
  const next = driver.call('probe', 'danger', { tag: 'fourth' });
  const fourth = await pending('fourth');
  expect(fourth).toMatchObject({ state: 'Waiting' });
  expect(await reached()).toBe(before + 1);
  expect(await decide(APPROVER, fourth.digest, 'Deny')).toMatchObject({ code: 0 });
  expect(await next).toMatchObject({ code: 'ApprovalDenied' });
});

test('nobody but the gateway puts calls before people', async () => {
  const forged = { status: { pendingCalls: [] } };
  const { code, stderr } = await kubectl([
    ...['-n', tenant.namespace, 'patch', 'cer', driver.request, '--subresource=status', '--type=merge'],
    ...['-p', JSON.stringify(forged)],
  ]);
  expect(code).not.toBe(0);
  expect(stderr).toContain('status is written by Sekisho alone');
});

test('the gateway may write nothing else of status', async () => {
  const gateway = await clientOf(SYSTEM, 'sekisho-gateway');
  const ref = { namespace: tenant.namespace, name: driver.request };
  const write = (status: object) =>
    gateway.patch(CODE_EXECUTION_REQUESTS, ref, { status }, { subresource: 'status', dryRun: true });
  try {
    await expect(write({ state: 'Succeeded' })).rejects.toThrow('status is written by Sekisho alone');
    await expect(write({ verdict: { riskScore: 1 } })).rejects.toThrow('status is written by Sekisho alone');
    await write({ pluginCalls: [] });
  } finally {
    await gateway.close();
  }
});
