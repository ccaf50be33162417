import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { KubeClient, KubeObject } from '../../../src/kube/client.ts';
import { createInformer, type Informer, type InformerOptions } from '../../../src/kube/informer.ts';
import { CONFIG_MAPS, NAMESPACES } from '../../../src/kube/resources.ts';
import { eventually } from '../../support/eventually.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { connectKube } from '../../../src/kube/client.ts';
import {
  adminClient,
  clusterCommand,
  compactEtcd,
  createConfigMaps,
  localCluster,
  newNamespace,
  silenceableConnection,
} from './cluster.ts';

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

let client: KubeClient;
let namespace: string;
let informer: Informer<ConfigMap> | undefined;
let changes: string[];

beforeAll(async () => {
  client = await adminClient();
  namespace = await newNamespace(client, 'informer');
});
afterEach(() => informer?.stop());
afterAll(async () => {
  await client.delete(NAMESPACES, { name: namespace });
  await client.close();
});

function watching(options: Partial<InformerOptions<ConfigMap>> = {}): Informer<ConfigMap> {
  changes = [];
  informer = createInformer<ConfigMap>({
    client,
    resource: CONFIG_MAPS,
    namespace,
    onChange: (key) => changes.push(key),
    logger: recordingLogger(),
    ...options,
  });
  informer.start();
  return informer;
}

const write = (name: string, v: string) =>
  client.apply(
    CONFIG_MAPS,
    { metadata: { name, namespace }, data: { v } },
    { fieldManager: 'test', force: true },
  );

const seen = (name: string, v: string, timeoutMilliseconds = 10_000) =>
  eventually(() => informer?.get(`${namespace}/${name}`)?.data?.['v'] === v, {
    what: `${name} with ${v}`,
    timeoutMilliseconds,
  });

test('holds 1,200 objects read in pages, and follows them', async () => {
  await createConfigMaps(client, namespace, 1200);
  const it = watching({ pageSize: 500, indexBy: ({ data }) => Object.values(data ?? {}) });
  await it.whenSynced();
  expect(it.list().length).toBeGreaterThanOrEqual(1200);
  expect(it.list().some(({ metadata }) => metadata.managedFields)).toBe(false);
  await write('cm-00007', 'changed');
  await seen('cm-00007', 'changed');
  expect(it.byIndex('changed')).toHaveLength(1);
  await client.delete(CONFIG_MAPS, { namespace, name: 'cm-00007' });
  await eventually(() => it.byIndex('changed').length === 0, { what: 'the deletion' });
}, 60_000);

test('goes on over the ends of many watches', async () => {
  watching({ watchSeconds: 1 });
  for (let round = 0; round < 5; round += 1) {
    await write('over-ends', String(round));
    await seen('over-ends', String(round), 3000);
    await new Promise((resolve) => {
      setTimeout(resolve, 700);
    });
  }
});

test('a watch from a version long gone is a 410, after which all is listed anew', async () => {
  await write('before', '1');
  let watches = 0;
  const old: Pick<KubeClient, 'pages' | 'watch'> = {
    pages: client.pages.bind(client),
    watch: (resource, options, onEvent, signal) => {
      watches += 1;
      const from = watches === 1 ? { ...options, resourceVersion: '1' } : options;
      return client.watch(resource, from, onEvent, signal);
    },
  };
  await expect(
    client.watch(CONFIG_MAPS, { namespace, resourceVersion: '1' }, () => {}, AbortSignal.timeout(5000)),
  ).rejects.toMatchObject({ kind: 'Gone' });
  watching({ client: old });
  await eventually(() => watches === 2, { what: 'a second watch' });
  await write('before', '2');
  await seen('before', '2');
});

test('a new object is seen within a minute of its watch falling silent, with the settings of production', async () => {
  const way = await silenceableConnection();
  const through = connectKube({ connection: way.connection });
  try {
    const it = watching({ client: through });
    await it.whenSynced();
    await write('silence', 'before');
    await seen('silence', 'before');
    way.silence();
    const begun = performance.now();
    await write('silence', 'after');
    await seen('silence', 'after', 60_000);
    console.info(`seen ${Math.round(performance.now() - begun)} ms after the connection fell silent`);
    expect(it.stale(Date.now())).toBe(false);
  } finally {
    await informer?.stop();
    await through.close();
    await way.close();
  }
}, 90_000);

// These take parts of the cluster away, which only the local one offers.
const cluster = localCluster();
const onLocalCluster = cluster === undefined ? describe.skip : describe;
onLocalCluster('with the local cluster', () => {
  const command = (...args: string[]) => clusterCommand(cluster ?? '', ...args);
  const serving = () =>
    eventually(async () => (await client.request('GET', '/readyz')).status === 200, {
      what: 'the API server is back',
      timeoutMilliseconds: 60_000,
    });

  test('goes on after the API server was away', async () => {
    const it = watching();
    await it.whenSynced();
    command('stop', 'kube-apiserver');
    try {
      await expect(client.get(NAMESPACES, { name: namespace })).rejects.toMatchObject({ kind: 'Retry' });
    } finally {
      command('start', 'kube-apiserver');
    }
    await serving();
    const back = performance.now();
    await write('after-restart', '1');
    await seen('after-restart', '1', 60_000);
    console.info(`seen ${Math.round(performance.now() - back)} ms after the API server was back`);
    expect(it.stale(Date.now())).toBe(false);
  }, 120_000);

  test('a list whose version was compacted away between two pages is a 410', async () => {
    for (let index = 0; index < 6; index += 1) await write(`page-${index}`, '1');
    const pages = client.pages(CONFIG_MAPS, { namespace, limit: 2 });
    await pages.next();
    await write('page-4', 'changed');
    await compactEtcd(cluster ?? '');
    // The API server would still have the old version in its cache.
    command('restart', 'kube-apiserver');
    await serving();
    await expect(pages.next()).rejects.toMatchObject({ kind: 'Gone' });
    expect((await client.list(CONFIG_MAPS, { namespace, limit: 2 })).items.length).toBeGreaterThan(5);
  }, 120_000);
});
