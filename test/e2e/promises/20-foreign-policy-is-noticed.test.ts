import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { kubectl, must } from '../support/kubectl.ts';
import { SANDBOXES, sandboxJobs } from '../support/installation.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('foreign-policy');
  // Proves the isolation, so that what holds the next request is the policy and nothing else.
  await tenant.ended((await tenant.create()).metadata.name);
});
const remove = () =>
  kubectl(['-n', SANDBOXES, 'delete', 'networkpolicy', 'promise-20', '--ignore-not-found']);
afterAll(async () => {
  await remove();
  await tenant.end();
});

const policy = (spec: object) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'promise-20', namespace: SANDBOXES },
  spec,
});
const POLICIES: readonly (readonly [string, object])[] = [
  ['allows all ways out', { podSelector: {}, policyTypes: ['Egress'], egress: [{}] }],
  ['allows all ways in', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] }],
  [
    'opens one kind of sandbox to one address',
    {
      podSelector: { matchLabels: { 'sekisho.dev/component': 'sandbox' } },
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '169.254.169.254/32' } }] }],
    },
  ],
];

describe('promise 20: a foreign policy that opens the sandbox is noticed', () => {
  test.each(POLICIES)('one that %s: nothing starts until it is gone', async (_title, spec) => {
    const jobs = (await sandboxJobs(tenant.namespace)).length;
    await must(['create', '-f', '-'], policy(spec));
    const { metadata } = await tenant.create();
    const condition = await eventually(
      async () => {
        const { conditions } = (await tenant.get(metadata.name)).status ?? {};
        return conditions?.find(({ type, reason }) => type === 'Isolated' && reason === 'ForeignPolicy');
      },
      { what: 'Isolated says ForeignPolicy', timeoutMilliseconds: 30_000, intervalMilliseconds: 200 },
    );
    expect(condition).toMatchObject({ status: 'False', message: expect.stringContaining('promise-20') });
    expect((await tenant.get(metadata.name)).status.state).toBe('Queued');
    expect(await sandboxJobs(tenant.namespace)).toHaveLength(jobs);

    await remove();
    const status = await tenant.ended(metadata.name);
    expect(status.result?.reason).toBe('Completed');
  });

  test('the deny-all policy itself, loosened: nothing starts until it is mended', async () => {
    const patch = (value: object) =>
      must([
        '-n',
        SANDBOXES,
        'patch',
        'networkpolicy',
        'deny-all',
        '--type=merge',
        '-p',
        JSON.stringify(value),
      ]);
    await patch({ spec: { egress: [{}] } });
    try {
      const { metadata } = await tenant.create();
      await eventually(
        async () =>
          (await tenant.get(metadata.name)).status?.conditions?.some(
            ({ reason }) => reason === 'PolicyMissing',
          ),
        { what: 'Isolated says PolicyMissing', timeoutMilliseconds: 30_000, intervalMilliseconds: 200 },
      );
      await patch({ spec: { egress: null } });
      expect((await tenant.ended(metadata.name)).result?.reason).toBe('Completed');
    } finally {
      await patch({ spec: { egress: null } });
    }
  });
});
