import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { KubeClient, KubeObject } from '../../../src/kube/client.ts';
import { isKube } from '../../../src/kube/errors.ts';
import { createAccessReviewer } from '../../../src/kube/access-review.ts';
import { createEventRecorder } from '../../../src/kube/events.ts';
import { CONFIG_MAPS, EVENTS, JOBS, NAMESPACES, NETWORK_POLICIES } from '../../../src/kube/resources.ts';
import { eventually } from '../../support/eventually.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { adminClient, createConfigMaps, newNamespace } from './cluster.ts';

let client: KubeClient;
let namespace: string;

beforeAll(async () => {
  client = await adminClient();
  namespace = await newNamespace(client, 'client');
});
afterAll(async () => {
  await client.delete(NAMESPACES, { name: namespace });
  await client.close();
});

const kindOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'success',
    (error: unknown) =>
      isKube(error, 'Conflict', 'AlreadyExists', 'Invalid', 'NotFound', 'Forbidden', 'Terminal')
        ? error.kind
        : error,
  );

test('1,200 objects come in pages, each once, as of one version', async () => {
  await createConfigMaps(client, namespace, 1200);
  const versions = new Set<string>();
  const sizes: number[] = [];
  const names = new Set<string>();
  for await (const page of client.pages<KubeObject>(CONFIG_MAPS, { namespace, limit: 500 })) {
    versions.add(page.resourceVersion);
    sizes.push(page.items.length);
    for (const { metadata } of page.items) names.add(metadata.name);
  }
  // One more is kube-root-ca.crt.
  expect(sizes.reduce((sum, size) => sum + size)).toBe(names.size);
  expect(names.size).toBeGreaterThanOrEqual(1200);
  expect(sizes.slice(0, 2)).toEqual([500, 500]);
  expect(versions.size).toBe(1);
  const joined = await client.list<KubeObject>(CONFIG_MAPS, { namespace });
  expect(joined.items).toHaveLength(names.size);
  expect(joined.items[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
}, 60_000);

test('a NetworkPolicy comes back as it was written, with every `from`', async () => {
  const spec = {
    podSelector: {},
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { a: 'b' } } }] }],
  };
  const written = await client.create(NETWORK_POLICIES, { metadata: { name: 'p', namespace }, spec });
  expect(written.spec).toEqual(spec);
  expect((await client.get<typeof written>(NETWORK_POLICIES, { namespace, name: 'p' }))?.spec).toEqual(spec);
});

test('status by server-side apply: what a manager leaves out goes, what others wrote stays', async () => {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'none' }] } };
  const metadata = { name: 'j', namespace };
  // A Job that another controller looks after, so that nobody but us writes its status.
  await client.create<KubeObject>(JOBS, { metadata, spec: { managedBy: 'sekisho.dev/test', template } });
  const write = (fieldManager: string, status: object) =>
    client.applyStatus<object>(JOBS, { metadata, status }, { fieldManager, force: true });
  expect(await write('sekisho-test', { active: 2, ready: 1 })).toMatchObject({
    status: { active: 2, ready: 1 },
  });
  await write('other', { terminating: 1 });
  const last = await write('sekisho-test', { active: 2 });
  expect(last).toMatchObject({
    status: { active: 2, terminating: 1 },
    spec: { managedBy: 'sekisho.dev/test' },
  });
  expect(last).not.toHaveProperty('status.ready');
});

test('apply makes and mends; what another manager owns conflicts unless forced', async () => {
  const object = { metadata: { name: 'applied', namespace }, data: { a: '1' } };
  await client.apply(CONFIG_MAPS, object, { fieldManager: 'one' });
  const changed = { ...object, data: { a: '2' } };
  expect(await kindOf(client.apply(CONFIG_MAPS, changed, { fieldManager: 'two' }))).toBe('Conflict');
  expect(await client.apply(CONFIG_MAPS, changed, { fieldManager: 'two', force: true })).toMatchObject({
    data: { a: '2' },
  });
});

test('a dry run leaves nothing; strict validation refuses what would be dropped', async () => {
  const object = { metadata: { name: 'dry', namespace }, data: {} };
  await client.create(CONFIG_MAPS, object, { dryRun: true });
  expect(await client.get(CONFIG_MAPS, { namespace, name: 'dry' })).toBeUndefined();
  const odd = { ...object, dta: {} };
  expect(await kindOf(client.create(CONFIG_MAPS, odd, { fieldValidation: 'Strict' }))).toBe('Terminal');
});

test("the server's refusals have their kinds", async () => {
  const object = { metadata: { name: 'kinds', namespace }, data: {} };
  const created = await client.create<KubeObject>(CONFIG_MAPS, object);
  expect(await kindOf(client.create(CONFIG_MAPS, object))).toBe('AlreadyExists');
  expect(await kindOf(client.create(CONFIG_MAPS, { metadata: { name: 'Not Valid', namespace } }))).toBe(
    'Invalid',
  );
  await client.patch(CONFIG_MAPS, { namespace, name: 'kinds' }, { data: { a: '1' } });
  await client.patch(CONFIG_MAPS, { namespace, name: 'kinds' }, [{ op: 'add', path: '/data/b', value: '2' }]);
  expect(await kindOf(client.replace(CONFIG_MAPS, created))).toBe('Conflict');
  expect(await client.get(CONFIG_MAPS, { namespace, name: 'kinds' })).toMatchObject({
    data: { a: '1', b: '2' },
  });
});

test('delete takes this very object only, and is content when there is none', async () => {
  const ref = { namespace, name: 'deleted' };
  const created = await client.create<KubeObject>(CONFIG_MAPS, { metadata: ref });
  expect(await kindOf(client.delete(CONFIG_MAPS, ref, { uid: 'another' }))).toBe('Conflict');
  await client.delete(CONFIG_MAPS, ref, { uid: created.metadata.uid, propagationPolicy: 'Background' });
  await client.delete(CONFIG_MAPS, ref);
  expect(await client.get(CONFIG_MAPS, ref)).toBeUndefined();
});

test('an access review tells who may do what', async () => {
  const reviewer = createAccessReviewer({ client });
  const request = { verb: 'use', group: 'sekisho.dev', resource: 'executionroles', name: 'user' };
  expect(await reviewer.review({ username: 'nobody' }, request)).toMatchObject({ allowed: false });
  expect(await reviewer.review({ username: 'root', groups: ['system:masters'] }, request)).toMatchObject({
    allowed: true,
  });
});

test('events are accepted and their repeats counted', async () => {
  let now = Date.now();
  const recorder = createEventRecorder({
    client,
    controller: 'sekisho.dev/test',
    instance: 'e2e',
    logger: recordingLogger(),
    now: () => now,
  });
  const regarding = { apiVersion: 'v1', kind: 'ConfigMap', name: 'kinds', namespace, uid: 'u' };
  const event = {
    regarding,
    type: 'Warning',
    reason: 'Tested',
    action: 'Test',
    note: '関所'.repeat(1000),
  } as const;
  recorder.record(event);
  const find = async () => {
    const { items } = await client.list<KubeObject & { series?: { count: number } }>(EVENTS, { namespace });
    return items.find((item) => item['reason'] === 'Tested');
  };
  await eventually(find, { what: 'the event', timeoutMilliseconds: 3000 });
  now += 31_000;
  recorder.record(event);
  await recorder.stop();
  expect((await find())?.series?.count).toBe(2);
});
