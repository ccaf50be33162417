import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1CustomResourceDefinition } from '@kubernetes/client-node';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { eventually } from '../../support/eventually.ts';
import { kubectl, must, read } from '../support/kubectl.ts';
import { metricsOf, sandboxJobs, SYSTEM } from '../support/installation.ts';
import { newTenant, requestExists } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

/** Marks by which well-known operators let objects or whole namespaces pass. */
const MARKS = {
  'control-plane': 'true',
  'app.kubernetes.io/managed-by': 'sekisho',
  'app.kubernetes.io/name': 'sekisho',
  'sekisho.dev/ignore': 'true',
  'sekisho.dev/component': 'sandbox',
  'admission.gatekeeper.sh/ignore': 'no-self-managing',
  'admissions.enforcer/disabled': 'true',
  'policy.sigstore.dev/include': 'false',
  'webhooks.knative.dev/exclude': 'true',
  'istio-injection': 'disabled',
  'cert-manager.io/disable-validation': 'true',
};

const ATTACK = { code: 'import os\nwhile True:\n    os.fork()\n', requester: { username: 'mallory' } };

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('no-way-round');
});
afterAll(() => tenant.end());

/** Requests that the webhook's pods have answered. */
async function webhookCalls(): Promise<number> {
  const text = (await metricsOf('webhook')).join('\n');
  const counts = text.matchAll(/^sekisho_webhook_requests_total\{.*\} ([0-9.e+]+)$/gm);
  return [...counts].reduce((sum, [, value]) => sum + Number(value), 0);
}

async function expectJudged(create: () => Promise<CodeExecutionRequest>) {
  const before = await webhookCalls();
  const { metadata, spec } = await create();
  expect(await webhookCalls()).toBeGreaterThan(before);
  expect(spec.requester?.username).not.toBe('mallory');
  const namespace = metadata.namespace ?? '';
  const denied = await eventually(
    async () => {
      const { status } = await read<CodeExecutionRequest>(['-n', namespace, 'get', 'cer', metadata.name]);
      return status?.state === 'Denied' && status;
    },
    {
      what: `${namespace}/${metadata.name} is denied`,
      timeoutMilliseconds: 30_000,
      intervalMilliseconds: 200,
    },
  );
  expect(denied.verdict?.decision).toBe('Deny');
  await must(['-n', namespace, 'delete', 'cer', metadata.name]);
}

describe('promise 04: no way round by label, namespace or version', () => {
  test.each(Object.entries(MARKS))('the label %s on the object', async (key, value) => {
    await expectJudged(() =>
      read(
        [...tenant.flags, 'create', '-f', '-'],
        tenant.manifest(ATTACK, {
          generateName: 'marked-',
          labels: { [key]: value },
          annotations: { [key]: value },
        }),
      ),
    );
  });

  test('all of these labels on the namespace', async () => {
    const labels = Object.entries(MARKS).map(([key, value]) => `${key}=${value}`);
    await must(['label', 'namespace', tenant.namespace, ...labels]);
    await expectJudged(() => tenant.create(ATTACK));
  });

  test.each(['kube-system', 'kube-public', 'default', SYSTEM])('namespace %s', async (namespace) => {
    await expectJudged(() =>
      read(
        ['-n', namespace, 'create', '-f', '-'],
        tenant.manifest(ATTACK, { generateName: 'elsewhere-', namespace }),
      ),
    );
  });

  test('every version that is served', async () => {
    const crd = await read<V1CustomResourceDefinition>(['get', 'crd', 'codeexecutionrequests.sekisho.dev']);
    const served = crd.spec.versions.filter((version) => version.served).map(({ name }) => name);
    expect(served).not.toHaveLength(0);
    for (const version of served) {
      const path = `/apis/sekisho.dev/${version}/namespaces/${tenant.namespace}/codeexecutionrequests`;
      await expectJudged(async () => {
        const manifest = { ...tenant.manifest(ATTACK), apiVersion: `sekisho.dev/${version}` };
        return JSON.parse(
          await must([...tenant.flags, 'create', '--raw', path, '-f', '-'], manifest),
        ) as CodeExecutionRequest;
      });
    }
  });

  test('deletecollection takes the requests, and no run of theirs stays', async () => {
    const { metadata } = await tenant.create();
    await tenant.ended(metadata.name);
    await must([...tenant.flags, 'delete', 'cer', '--all', '--wait=false']);
    await eventually(
      async () =>
        !(await requestExists(tenant.namespace, metadata.name)) &&
        (await sandboxJobs(tenant.namespace)).length === 0,
      { what: 'request and Job are gone', timeoutMilliseconds: 30_000, intervalMilliseconds: 200 },
    );
  });

  test('a configuration whose selector leaves the object out lets nothing unstamped in', async () => {
    const patch = (selector: object) =>
      must([
        ...['patch', 'mutatingwebhookconfiguration', 'sekisho', '--type=json', '-p'],
        JSON.stringify([{ op: 'replace', path: '/webhooks/0/objectSelector', value: selector }]),
      ]);
    await patch({ matchLabels: { 'promise-04': 'never' } });
    try {
      const refused = await eventually(
        async () => {
          const ended = await kubectl(
            [...tenant.flags, 'create', '-f', '-', '--dry-run=server'],
            tenant.manifest({ code: 'x = 1' }),
          );
          return ended.code !== 0 && ended.stderr;
        },
        { what: 'the changed configuration is in force', intervalMilliseconds: 200 },
      );
      expect(refused).toMatch(
        /spec.requester is missing: Sekisho's webhook stamps it, and it did not answer/,
      );
      const lie = { requester: { username: 'mallory', groups: ['system:authenticated'] } };
      const forged = await kubectl([...tenant.flags, 'create', '-f', '-'], tenant.manifest(lie));
      expect(forged.code).not.toBe(0);
      expect(forged.stderr).toMatch(/spec.requester.username is "mallory", but the request came from/);
    } finally {
      await patch({});
    }
    await eventually(async () => (await tenant.create()).spec.requester?.username === tenant.user, {
      what: 'the configuration is mended',
      intervalMilliseconds: 200,
    });
  });
});
