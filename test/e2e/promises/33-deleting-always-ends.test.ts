import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { exists, items, kubectl, must } from '../support/kubectl.ts';
import { replicasOf, SANDBOXES, sandboxJobs, start, stop } from '../support/installation.ts';
import { newTenant, requestExists } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(180_000);

const LIMIT = 60_000;
const SLEEPS = { code: "import time\ntime.sleep(15)\nprint('awake')\n" };

let tenant: Tenant;
let replicas = 1;
beforeAll(async () => {
  tenant = await newTenant('deleting');
  replicas = await replicasOf('webhook');
});
afterAll(async () => {
  await kubectl(['-n', SANDBOXES, 'delete', 'networkpolicy', 'promise-33', '--ignore-not-found']);
  await Promise.all([start('controller'), start('webhook', replicas)]);
  await tenant.end();
});

interface Owned {
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
}
/** What a namespace's requests have in the sandbox namespace, pods included. */
async function leftovers(namespace: string): Promise<readonly string[]> {
  const all = await items<Owned>(['-n', SANDBOXES, 'get', 'jobs,pods,configmaps']);
  return all
    .filter(({ metadata }) => metadata.annotations?.['sekisho.dev/request']?.startsWith(`${namespace}/`))
    .map(({ metadata }) => metadata.name);
}

const gone = (name: string) =>
  eventually(async () => !(await requestExists(tenant.namespace, name)), {
    what: `request ${name} is gone`,
    timeoutMilliseconds: LIMIT,
    intervalMilliseconds: 200,
  });
const nothingLeft = (namespace = tenant.namespace) =>
  eventually(async () => (await leftovers(namespace)).length === 0, {
    what: 'nothing of it is left in the sandbox namespace',
    timeoutMilliseconds: LIMIT,
    intervalMilliseconds: 300,
  });
async function running(of: Tenant = tenant): Promise<string> {
  const { metadata } = await of.create(SLEEPS);
  await eventually(
    async () => {
      const jobs = await sandboxJobs(of.namespace);
      return jobs.some(({ status }) => (status?.ready ?? 0) > 0);
    },
    { what: 'the program runs', timeoutMilliseconds: 60_000, intervalMilliseconds: 300 },
  );
  return metadata.name;
}

describe('promise 33: deleting always ends', () => {
  test('while it is held', async () => {
    await must(['create', '-f', '-'], {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'promise-33', namespace: SANDBOXES },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
    });
    const { metadata } = await tenant.create();
    await eventually(async () => (await tenant.get(metadata.name)).status?.state === 'Queued', {
      what: 'it is held',
      timeoutMilliseconds: 30_000,
      intervalMilliseconds: 200,
    });
    await tenant.deleteRequest(metadata.name);
    await gone(metadata.name);
    await must(['-n', SANDBOXES, 'delete', 'networkpolicy', 'promise-33']);
    await tenant.ended((await tenant.create()).metadata.name);
    expect(
      (await sandboxJobs(tenant.namespace)).map((job) => job.metadata?.annotations?.['sekisho.dev/request']),
    ).not.toContain(`${tenant.namespace}/${metadata.name}`);
    await must([...tenant.flags, 'delete', 'cer', '--all', '--wait=false']);
    await nothingLeft();
  });

  test('while it runs: the program ends with it', async () => {
    const name = await running();
    await tenant.deleteRequest(name);
    await gone(name);
    await nothingLeft();
  });

  test('with the controller down: gone at once, and the run is gone after its return', async () => {
    const name = await running();
    await stop('controller');
    await tenant.deleteRequest(name);
    await gone(name);
    await start('controller');
    await nothingLeft();
  });

  test('made and deleted while the controller is down: nothing of it ever starts', async () => {
    await stop('controller');
    const { metadata } = await tenant.create();
    await tenant.deleteRequest(metadata.name);
    await gone(metadata.name);
    await start('controller');
    await tenant.ended((await tenant.create()).metadata.name);
    expect(await sandboxJobs(tenant.namespace)).toHaveLength(1);
    await must([...tenant.flags, 'delete', 'cer', '--all', '--wait=false']);
    await nothingLeft();
  });

  test('with the webhook down', async () => {
    const name = await running();
    await stop('webhook');
    await tenant.deleteRequest(name);
    await gone(name);
    await nothingLeft();
    await start('webhook', replicas);
  });

  test('with its namespace, while it runs and both webhook and controller are down', async () => {
    const other = await newTenant('deleted-namespace');
    await running(other);
    await Promise.all([stop('webhook'), stop('controller')]);
    await must(['delete', 'namespace', other.namespace, '--wait=false']);
    await eventually(async () => !(await exists(['namespace', other.namespace])), {
      what: 'the namespace is gone, though nobody of Sekisho is there',
      timeoutMilliseconds: LIMIT,
      intervalMilliseconds: 300,
    });
    await Promise.all([start('webhook', replicas), start('controller')]);
    await nothingLeft(other.namespace);
    await other.end();
  });
});
