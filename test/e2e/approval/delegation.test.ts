import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import type { Person } from '../../../src/api/v1alpha1/code-execution-request.ts';
import { decideAs, newApprovalTenant, settled } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { items, kubectl, must, read, withUser } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

let tenant: Tenant;
let deciding: ApprovalTenant;
let token: string;
/** The platform: a ServiceAccount that creates requests in the namespace of both, and holds the roles. */
let platform: string;
const cleanUp: (readonly string[])[] = [];

const bind = async (
  kind: 'rolebinding' | 'clusterrolebinding',
  name: string,
  ...flags: readonly string[]
) => {
  await must(['create', kind, name, ...flags]);
  if (kind.startsWith('cluster')) cleanUp.push(['delete', kind, name, '--ignore-not-found']);
};

beforeAll(async () => {
  [tenant, deciding] = await Promise.all([
    newTenant('delegation'),
    newApprovalTenant('delegation-approval', { approvers: 1 }),
  ]);
  const { namespace } = tenant;
  platform = `system:serviceaccount:${namespace}:platform`;
  await must(['-n', namespace, 'create', 'serviceaccount', 'platform']);
  const account = `--serviceaccount=${namespace}:platform`;
  for (const where of [namespace, deciding.namespace])
    await bind('rolebinding', 'platform', '-n', where, '--clusterrole=sekisho-edit', account);
  await bind('clusterrolebinding', `${namespace}-platform`, '--clusterrole=sekisho-role-user', account);
  await bind(
    'clusterrolebinding',
    `${namespace}-platform-deciding`,
    `--clusterrole=${deciding.role}-use`,
    account,
  );
  const resourceNames = [tenant.user, deciding.user, 'nobody'];
  const actFor = { apiGroups: ['sekisho.dev'], resources: ['users'], resourceNames, verbs: ['act-for'] };
  // kubectl create clusterrole knows only resources that are served.
  await must(['create', '-f', '-'], {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: `${namespace}-act-for` },
    rules: [actFor],
  });
  cleanUp.push(['delete', 'clusterrole', `${namespace}-act-for`, '--ignore-not-found']);
  await bind('clusterrolebinding', `${namespace}-act-for`, `--clusterrole=${namespace}-act-for`, account);
  token = (await must(['-n', namespace, 'create', 'token', 'platform'])).trim();
});
afterAll(async () => {
  for (const command of cleanUp) await kubectl(command);
  await Promise.all([tenant.end(), deciding.end()]);
});

/** Creates a request as the platform, for a person. */
const createFor = (of: Tenant, onBehalfOf: Person, spec: object = {}): Promise<CodeExecutionRequest> =>
  withUser(
    () => ({ token }),
    (flags) =>
      read<CodeExecutionRequest>(
        [...flags, '-n', of.namespace, 'create', '-f', '-'],
        of.manifest({ onBehalfOf, ...spec }),
      ),
  );
const reasonsOf = ({ status }: CodeExecutionRequest) =>
  (status.verdict?.reasons ?? []).map(({ message }) => message);

describe('a platform that acts for a person', () => {
  test('with RBAC "act-for" on the user, both of whom hold the role: it runs, and both are on record', async () => {
    const { metadata, spec } = await createFor(tenant, { username: tenant.user });
    expect(spec).toMatchObject({ requester: { username: platform }, onBehalfOf: { username: tenant.user } });
    expect(await tenant.ended(metadata.name)).toMatchObject({ state: 'Succeeded' });
  });

  test('without that right, for a group too: denied, and told what is missing', async () => {
    const { metadata } = await createFor(tenant, { username: 'stranger', groups: ['system:masters'] });
    await tenant.ended(metadata.name);
    expect(reasonsOf(await tenant.get(metadata.name))).toEqual([
      expect.stringContaining(`spec.onBehalfOf names users/stranger, but ${platform} may not act for it`),
      expect.stringContaining('spec.onBehalfOf names groups/system:masters'),
    ]);
  });

  test('for a person who does not hold the role: denied, though the platform holds it', async () => {
    const { metadata } = await createFor(tenant, { username: 'nobody' });
    await tenant.ended(metadata.name);
    expect(reasonsOf(await tenant.get(metadata.name))).toEqual([
      expect.stringContaining('nobody does not hold role "user"'),
    ]);
  });

  test('neither of them may approve; somebody else may', async () => {
    const made = await createFor(
      deciding,
      { username: deciding.user },
      { role: deciding.role, actions: ['grant_admin'] },
    );
    const request = await settled(
      deciding,
      made.metadata.name,
      ({ state }) => state === 'AwaitingApproval',
      'it awaits approval',
    );
    const bob = await deciding.approver('bob');
    const approve = [`--clusterrole=${deciding.role}-approve`, `--user=${deciding.user}`];
    await bind('clusterrolebinding', `${deciding.role}-own`, ...approve);
    await bind(
      'rolebinding',
      'own',
      '-n',
      deciding.namespace,
      '--clusterrole=sekisho-approver',
      `--user=${deciding.user}`,
    );
    const own = await decideAs(deciding.user, request);
    expect([own.code === 0, own.stderr]).toEqual([
      false,
      expect.stringContaining(`this request is made on behalf of ${deciding.user}`),
    ]);
    expect(await decideAs(bob, request)).toMatchObject({ code: 0 });
    expect(await deciding.ended(request.metadata.name)).toMatchObject({ state: 'Succeeded' });
    expect(await items(['-n', deciding.namespace, 'get', 'executionapprovals'])).toHaveLength(1);
  });
});
