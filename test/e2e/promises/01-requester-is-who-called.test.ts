import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Identity } from '../../../src/api/v1alpha1/identity.ts';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { must, read, withUser } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

const LIE = {
  requester: {
    username: 'mallory',
    uid: 'forged',
    groups: ['system:masters'],
    extra: { forged: ['true'] },
  },
};

jest.setTimeout(120_000);

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('requester');
});
afterAll(() => tenant.end());

type Flags = readonly string[];

const WAYS: readonly (readonly [string, (flags: Flags) => Promise<CodeExecutionRequest>])[] = [
  ['POST', (flags) => read([...flags, 'create', '-f', '-'], tenant.manifest(LIE, { name: 'posted' }))],
  [
    'server-side apply',
    (flags) =>
      read([...flags, 'apply', '--server-side', '-f', '-'], tenant.manifest(LIE, { name: 'applied' })),
  ],
  [
    'create --raw',
    async (flags) => {
      const path = `/apis/sekisho.dev/v1alpha1/namespaces/${tenant.namespace}/codeexecutionrequests`;
      const answer = await must(
        [...flags, 'create', '--raw', path, '-f', '-'],
        tenant.manifest(LIE, { name: 'raw' }),
      );
      return JSON.parse(answer) as CodeExecutionRequest;
    },
  ],
  [
    'generateName',
    (flags) => read([...flags, 'create', '-f', '-'], tenant.manifest(LIE, { generateName: 'generated-' })),
  ],
];

/** What the API server itself says of who calls with these flags. */
const whoAmI = async (flags: Flags): Promise<Identity> =>
  (await read<{ status: { userInfo: Identity } }>([...flags, 'auth', 'whoami'])).status.userInfo;

async function expectTruth(flags: Flags, create: (flags: Flags) => Promise<CodeExecutionRequest>) {
  const { metadata } = await create(flags);
  const stored = await tenant.get(metadata.name);
  await must(['-n', tenant.namespace, 'delete', 'cer', metadata.name]);
  expect(stored.spec.requester).toEqual(await whoAmI(flags));
  return stored.spec.requester;
}

describe('promise 01: the requester is who called the API', () => {
  test.each(WAYS)('by %s, as an impersonated user', async (_way, create) => {
    const requester = await expectTruth(tenant.flags, create);
    expect(requester).toEqual({ username: tenant.user, groups: ['system:authenticated'] });
  });

  test.each(WAYS)('by %s, with groups, uid and extra', async (_way, create) => {
    const identity = {
      as: tenant.user,
      'as-uid': '7f3e',
      'as-groups': ['team-a', 'agents'],
      'as-user-extra': { 'example.org/agent': ['planner', 'v2'] },
    };
    await withUser(
      (administrator) => ({ ...administrator, ...identity }),
      async (flags) => {
        const requester = await expectTruth([...flags, '-n', tenant.namespace], create);
        expect(requester).toMatchObject({ uid: '7f3e', extra: { 'example.org/agent': ['planner', 'v2'] } });
        expect(requester?.groups).toEqual(['team-a', 'agents', 'system:authenticated']);
      },
    );
  });

  test.each(WAYS)('by %s, as a ServiceAccount with its token', async (_way, create) => {
    const { namespace } = tenant;
    const account = `assistant-${_way.replaceAll(/[^a-z]/gi, '').toLowerCase()}`;
    await must(['-n', namespace, 'create', 'serviceaccount', account]);
    const binding = ['create', 'rolebinding', account, '--clusterrole=sekisho-edit'];
    await must(['-n', namespace, ...binding, `--serviceaccount=${namespace}:${account}`]);
    const token = (await must(['-n', namespace, 'create', 'token', account])).trim();
    await withUser(
      () => ({ token }),
      async (flags) => {
        const requester = await expectTruth([...flags, '-n', namespace], create);
        expect(requester?.username).toBe(`system:serviceaccount:${namespace}:${account}`);
        expect(requester?.uid).toMatch(/^[0-9a-f-]{36}$/);
      },
    );
  });

  test('an administrator is no exception', async () => {
    const requester = await expectTruth([], (flags) =>
      read([...flags, 'create', '-f', '-'], tenant.manifest(LIE)),
    );
    expect(requester?.username).not.toBe('mallory');
  });
});
