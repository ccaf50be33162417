import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1CustomResourceDefinition } from '@kubernetes/client-node';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { eventually } from '../../support/eventually.ts';
import { decideAs, newApprovalTenant } from '../support/approvals.ts';
import { podsOf, ready, restartController, sandboxJobs } from '../support/installation.ts';
import { kubectl, must, read } from '../support/kubectl.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(300_000);

const CRD = ['crd', 'codeexecutionrequests.sekisho.dev'];
const WEBHOOK = ['mutatingwebhookconfiguration', 'sekisho'];

let poisoned: Tenant;
let other: Tenant;
beforeAll(async () => {
  await Promise.all([ready('controller'), ready('webhook')]);
  poisoned = await newTenant('poison');
  other = await newTenant('beside-poison');
});
afterAll(async () => {
  await poisoned.end();
  await other.end();
});

/** Together 150 MB; the controller has 256 MiB, and needs half of that for itself. */
const LARGE_ONES = 300;
const AT_ONCE = 20;

/** How often containers of the controller and the webhook have been restarted, by pod. */
async function restarts(): Promise<readonly (readonly [string | undefined, number])[]> {
  const pods = [...(await podsOf('controller')), ...(await podsOf('webhook'))];
  return pods.map(({ metadata, status }) => [
    metadata?.name,
    (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
  ]);
}

/** That others go on as if nothing were there. */
async function othersGoOn(act: () => Promise<unknown>): Promise<void> {
  const before = await restarts();
  await act();
  for (let count = 0; count < 3; count += 1)
    expect(await other.ended((await other.create()).metadata.name)).toMatchObject({ state: 'Succeeded' });
  expect(await restarts()).toEqual(before);
}

const createAsUser = (metadata: object) =>
  read<CodeExecutionRequest>(
    [...poisoned.flags, 'create', '-f', '-'],
    poisoned.manifest({}, { generateName: 'poison-', ...metadata }),
  );

/** Annotations, one hundred long names. */
const many = Object.fromEntries(
  Array.from({ length: 100 }, (_, index) => [`${'a'.repeat(200)}.test/${'n'.repeat(55)}-${index}`, '']),
);

/** Stores an object that this version cannot read, as another version might have left it behind: past the schema and the webhook. */
async function createUnreadable(): Promise<CodeExecutionRequest> {
  const { spec } = await read<V1CustomResourceDefinition>(['get', ...CRD]);
  const { webhooks } = await read<{ webhooks: object }>(['get', ...WEBHOOK]);
  const put = (object: readonly string[], patch: object) =>
    must(['patch', ...object, '--type=merge', '-p', JSON.stringify(patch)]);
  const withRuby = JSON.parse(
    JSON.stringify(spec).replaceAll('"enum":["Python"', '"enum":["Ruby","Python"'),
  ) as object;
  expect(withRuby).not.toEqual(spec);
  const manifest = poisoned.manifest({}, { generateName: 'poison-' }) as { readonly spec: object };
  const { status } = await read<{ status: { userInfo: object } }>([...poisoned.flags, 'auth', 'whoami']);
  const object = { ...manifest, spec: { ...manifest.spec, language: 'Ruby', requester: status.userInfo } };
  try {
    await put(CRD, { spec: withRuby });
    await put(WEBHOOK, { webhooks: null });
    return await eventually(
      () => read<CodeExecutionRequest>([...poisoned.flags, 'create', '-f', '-'], object),
      { what: 'it is stored', timeoutMilliseconds: 30_000, intervalMilliseconds: 300 },
    );
  } finally {
    await put(WEBHOOK, { webhooks });
    await put(CRD, { spec });
  }
}

describe('promise 31: a poison object harms only itself', () => {
  test('odd and large annotations', () =>
    othersGoOn(async () => {
      const annotations = {
        'sekisho.dev/request': 'kube-system/somebody-else',
        'test/odd': '{"not": json \u001b[31m\u0000',
        'test/large': '\u202e'.repeat(80_000),
      };
      const { metadata } = await createAsUser({ annotations });
      expect(await poisoned.ended(metadata.name)).toMatchObject({ state: 'Succeeded' });
    }));

  test('a megabyte of managedFields', () =>
    othersGoOn(async () => {
      const { metadata } = await createAsUser({});
      const { name, namespace } = metadata;
      const object = {
        apiVersion: 'sekisho.dev/v1alpha1',
        kind: 'CodeExecutionRequest',
        metadata: { name, namespace, annotations: many },
      };
      for (let manager = 0; manager < 36; manager += 1)
        await must(
          ['apply', '--server-side', '--force-conflicts', `--field-manager=poison-${manager}`, '-f', '-'],
          object,
        );
      const words = ['get', 'cer', name, '-o', 'json', '--show-managed-fields'];
      const stored = await must(['-n', namespace ?? '', ...words]);
      expect(stored.length).toBeGreaterThan(1_000_000);
      expect(await poisoned.ended(name)).toMatchObject({ state: 'Succeeded' });
    }));

  test(`${LARGE_ONES} requests of half a megabyte, all waiting: more than the memory of the controller, also when it begins anew`, async () => {
    const hoarder = await newApprovalTenant('hoarder');
    try {
      const text = 'x'.repeat(250_000);
      const spec = { role: hoarder.role, actions: ['grant_admin'], stdin: text };
      const request = hoarder.manifest({ ...spec, files: [{ path: 'data.txt', content: text }] });
      const list = { apiVersion: 'v1', kind: 'List', items: Array.from({ length: AT_ONCE }, () => request) };
      for (let count = 0; count < LARGE_ONES; count += AT_ONCE)
        await must([...hoarder.flags, 'create', '-o', 'name', '-f', '-'], list);
      const waiting = async () => {
        const words = ['get', 'cer', '--field-selector', 'status.state=AwaitingApproval', '-o', 'name'];
        return (await must(['-n', hoarder.namespace, ...words])).trim().split('\n');
      };
      await eventually(async () => (await waiting()).length === LARGE_ONES, {
        what: 'all of them wait',
        timeoutMilliseconds: 90_000,
        intervalMilliseconds: 1000,
      });
      await restartController();
      await othersGoOn(async () => {
        // One of them, approved, still runs with all that it brought.
        const [one = ''] = await waiting();
        const name = one.split('/')[1] ?? '';
        await decideAs(await hoarder.approver('reader'), await hoarder.get(name));
        expect((await hoarder.ended(name)).result?.reason).toBe('Completed');
      });
    } finally {
      await hoarder.end();
    }
  });

  test('one that this version cannot read: it never runs, and can be deleted', () =>
    othersGoOn(async () => {
      const { metadata } = await createUnreadable();
      const jobs = (await sandboxJobs(poisoned.namespace)).map(({ metadata: of }) => of?.annotations);
      expect(JSON.stringify(jobs)).not.toContain(`/${metadata.name}"`);
      // Held while the webhook was away; then the others' requests show that it is intact again.
      expect(await other.ended((await other.create()).metadata.name, 90_000)).toMatchObject({
        state: 'Succeeded',
      });
      const after = (await sandboxJobs(poisoned.namespace)).map(({ metadata: of }) => of?.annotations);
      expect(JSON.stringify(after)).not.toContain(`/${metadata.name}"`);
      const { code } = await kubectl([
        '-n',
        poisoned.namespace,
        'delete',
        'cer',
        metadata.name,
        '--timeout=30s',
      ]);
      expect(code).toBe(0);
    }));
});
