import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { metricsOf, sandboxJobs } from '../support/installation.ts';
import { must, read } from '../support/kubectl.ts';
import { settled } from '../support/approvals.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(180_000);

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('loosened');
});
afterAll(() => tenant.end());

/** 1 while all stands as installed; as the controller says. */
async function intact(): Promise<string | undefined> {
  const [text = ''] = await metricsOf('controller');
  return /^sekisho_admission_intact (\d)$/m.exec(text)?.[1];
}

interface Kept {
  readonly webhooks?: readonly object[];
  readonly spec?: object;
}
const WEBHOOK = ['mutatingwebhookconfiguration', 'sekisho'];

const json = (path: string, value: unknown) => JSON.stringify([{ op: 'add', path, value }]);
const LOOSENINGS: readonly (readonly [string, readonly string[], string])[] = [
  ['failurePolicy of the webhook', WEBHOOK, json('/webhooks/0/failurePolicy', 'Ignore')],
  [
    'namespaceSelector of the webhook',
    WEBHOOK,
    json('/webhooks/1/namespaceSelector', { matchLabels: { a: 'b' } }),
  ],
  ['rules of the webhook', WEBHOOK, json('/webhooks/1/rules/0/operations', ['UPDATE'])],
  [
    'failurePolicy of a policy',
    ['validatingadmissionpolicy', 'sekisho-status'],
    json('/spec/failurePolicy', 'Ignore'),
  ],
  [
    'the actions of a binding',
    ['validatingadmissionpolicybinding', 'sekisho-sandbox-jobs'],
    json('/spec/validationActions', ['Warn']),
  ],
];

describe('promise 05: drift of its own admission configuration is noticed', () => {
  test.each(LOOSENINGS)(
    '%s: condition and metric within 30 s, no new Job until it is mended',
    async (_what, object, patch) => {
      const { webhooks, spec } = await read<Kept>(['get', ...object]);
      const mended = JSON.stringify(webhooks ? { webhooks } : { spec });
      const mend = () => must(['patch', ...object, '--type=merge', '-p', mended]);
      const before = (await sandboxJobs(tenant.namespace)).length;
      await must(['patch', ...object, '--type=json', '-p', patch]);
      try {
        await eventually(async () => (await intact()) === '0', {
          what: 'the metric says so',
          timeoutMilliseconds: 30_000,
          intervalMilliseconds: 300,
        });
        const request = await tenant.create();
        const held = await settled(
          tenant,
          request.metadata.name,
          ({ conditions }) =>
            conditions?.some(({ type, reason }) => type === 'Isolated' && reason === 'AdmissionLoosened') ??
            false,
          'the condition says so',
        );
        expect(held.status).toMatchObject({ state: 'Queued' });
        expect((await sandboxJobs(tenant.namespace)).length).toBe(before);
        await mend();
        expect(await tenant.ended(request.metadata.name)).toMatchObject({ state: 'Succeeded' });
        expect(await intact()).toBe('1');
      } finally {
        await mend();
      }
    },
  );
});
