import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectKube, type KubeClient, type KubeObject } from '../../src/kube/client.ts';
import { createInformer, type Informer, type InformerOptions } from '../../src/kube/informer.ts';
import { CONFIG_MAPS } from '../../src/kube/resources.ts';
import { eventually } from '../support/eventually.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { failing, resetting, startMisbehavingApi, type MisbehavingApi } from './misbehaving-api.ts';

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

let api: MisbehavingApi;
let client: KubeClient;
let informer: Informer<ConfigMap> | undefined;
let changes: string[];
let logger: ReturnType<typeof recordingLogger>;

beforeEach(async () => {
  api = await startMisbehavingApi();
  client = connectKube({ connection: api.connection });
  changes = [];
  logger = recordingLogger();
});
afterEach(async () => {
  await informer?.stop();
  await client.close();
  await api.close();
});

function watching(options: Partial<InformerOptions<ConfigMap>> = {}): Informer<ConfigMap> {
  informer = createInformer<ConfigMap>({
    client,
    resource: CONFIG_MAPS,
    namespace: 'ns',
    onChange: (key) => changes.push(key),
    logger,
    random: () => 0,
    ...options,
  });
  informer.start();
  return informer;
}

/** Waits until the watch is open, so that what follows comes over it. */
const opened = (count = 1) =>
  eventually(() => api.watches.length === count, { what: 'an open watch', timeoutMilliseconds: 20_000 });

const known = (key: string, value: string) =>
  eventually(() => informer?.get(key)?.data?.['v'] === value, {
    what: `${key} with ${value}`,
    timeoutMilliseconds: 20_000,
  });

describe('an informer that all is well with', () => {
  test('reads the list in pages as of one version, then watches from there', async () => {
    for (let index = 0; index < 12; index += 1) api.put(`cm-${index}`);
    const it = watching({ pageSize: 5 });
    expect(it.synced()).toBe(false);
    await it.whenSynced();
    expect(it.list()).toHaveLength(12);
    expect(changes).toHaveLength(12);
    await opened();
    const lists = api.requests.filter(({ query }) => !query.has('watch'));
    expect(lists.map(({ query }) => query.get('limit'))).toEqual(['5', '5', '5']);
    expect(api.watches[0]?.query.get('resourceVersion')).toBe(String(api.version()));
    expect(api.watches[0]?.query.get('allowWatchBookmarks')).toBe('true');
  });

  test('follows what appears, changes and goes, and hands on what was last known', async () => {
    const gone: unknown[] = [];
    watching({ onChange: (key, object) => gone.push([key, object.data]) });
    await opened();
    api.put('a', { data: { v: '1' } });
    await known('ns/a', '1');
    api.put('a', { data: { v: '2' } });
    await known('ns/a', '2');
    api.remove('a');
    await eventually(() => informer?.get('ns/a') === undefined, { what: 'ns/a gone' });
    expect(gone).toEqual([
      ['ns/a', { v: '1' }],
      ['ns/a', { v: '2' }],
      ['ns/a', { v: '2' }],
    ]);
  });

  test('keeps apiVersion and kind, also where the list leaves them out, and never managedFields', async () => {
    api.put('a', { metadata: { managedFields: [{ big: 'x'.repeat(1_000_000) }] } });
    const it = watching();
    await it.whenSynced();
    expect(it.get('ns/a')).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
    expect(it.get('ns/a')?.metadata.managedFields).toBeUndefined();
  });

  test('keeps only what the transform leaves, from list and watch', async () => {
    api.put('a', { data: { v: '1', big: 'x' } });
    const it = watching({
      transform: (object) => ({ metadata: object.metadata, data: { v: object.data?.['v'] ?? '' } }),
    });
    await opened();
    api.put('b', { data: { v: '2', big: 'x' } });
    await known('ns/b', '2');
    expect(it.list().map(({ data }) => data)).toEqual([{ v: '1' }, { v: '2' }]);
  });

  test('finds objects by what they are indexed by, as they change', async () => {
    const it = watching({ indexBy: (object) => Object.values(object.data ?? {}) });
    api.put('a', { data: { v: 'red' } });
    api.put('b', { data: { v: 'red' } });
    await known('ns/b', 'red');
    expect(it.byIndex('red').map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    api.put('a', { data: { v: 'blue' } });
    await known('ns/a', 'blue');
    api.remove('b');
    await eventually(() => it.byIndex('red').length === 0, { what: 'nothing red' });
    expect(it.byIndex('blue')).toHaveLength(1);
  });

  test('is stopped for good: nothing is called, and who waits for the first list is told', async () => {
    api.faults.list.push(() => {});
    const it = watching();
    const waiting = it.whenSynced();
    const rejected = expect(waiting).rejects.toThrow('stopped');
    // The list hangs; stopping must not wait for its time limit.
    const stopping = it.stop();
    await rejected;
    await expect(it.whenSynced()).rejects.toThrow('stopped');
    await stopping;
    expect(changes).toEqual([]);
  });
});

describe('an informer goes on', () => {
  test('after a reset, from where it was, without a new list and without missing anything', async () => {
    watching();
    await opened();
    api.cutWatches();
    api.put('a', { data: { v: 'meanwhile' } });
    await known('ns/a', 'meanwhile');
    expect(api.lists()).toBe(1);
  });

  test('from the last bookmark', async () => {
    watching();
    await opened();
    api.put('a');
    await eventually(() => changes.length === 1, { what: 'a change' });
    const before = api.version();
    // Versions go on by what happens elsewhere.
    api.put('b');
    api.bookmark();
    await eventually(() => changes.length === 2, { what: 'another change' });
    api.cutWatches();
    await eventually(() => api.requests.filter(({ query }) => query.has('watch')).length === 2, {
      what: 'a second watch',
    });
    expect(Number(api.requests.at(-1)?.query.get('resourceVersion'))).toBeGreaterThan(before);
  });

  test('after compaction, by a new list, which also shows what was deleted meanwhile', async () => {
    api.put('stays', { data: { v: '1' } });
    api.put('goes');
    watching();
    await opened();
    api.faults.watch.push(resetting);
    api.cutWatches();
    api.remove('goes');
    api.put('comes', { data: { v: '1' } });
    api.compact();
    changes.length = 0;
    await known('ns/comes', '1');
    expect(informer?.get('ns/goes')).toBeUndefined();
    expect(changes.toSorted()).toEqual(['ns/comes', 'ns/goes']);
    expect(api.lists()).toBe(2);
  });

  test('after a 410 by a new list at once: the place is lost, to try it again is no use', async () => {
    watching();
    await opened();
    api.faults.watch.push(failing(410, 'Expired'));
    api.cutWatches();
    await eventually(() => api.lists() === 2, { what: 'a second list' });
    const order = api.requests.map(({ query }) => (query.has('watch') ? 'watch' : 'list'));
    expect(order.slice(0, 4)).toEqual(['list', 'watch', 'watch', 'list']);
  });

  test('after compaction between two pages, by reading all of them again', async () => {
    for (let index = 0; index < 6; index += 1) api.put(`cm-${index}`);
    api.faults.list.push((_request, response) => {
      const token = `${api.version() - 1}:3`;
      response.end(JSON.stringify({ metadata: { resourceVersion: '1', continue: token }, items: [] }));
      api.compact();
    });
    const it = watching({ pageSize: 3 });
    await it.whenSynced();
    expect(it.list()).toHaveLength(6);
  });

  test.each([
    ['500', failing(500, 'InternalError')],
    ['503', failing(503, 'ServiceUnavailable')],
    ['429', failing(429, 'TooManyRequests')],
    ['403', failing(403, 'Forbidden')],
    ['a reset', resetting],
    ['nonsense', (_request: unknown, response: { end(text: string): void }) => response.end('<html>')],
  ])(
    'after a storm of %s, at the list and at the watch',
    async (_name, fault) => {
      api.faults.list.push(fault, fault);
      const it = watching();
      await it.whenSynced();
      api.faults.watch.push(fault);
      api.cutWatches();
      api.put('a', { data: { v: 'after' } });
      await known('ns/a', 'after');
    },
    30_000,
  );

  test('by a new list when the watch failed three times in a row', async () => {
    watching();
    await opened();
    api.faults.watch.push(failing(504, 'Timeout'), failing(504, 'Timeout'));
    api.cutWatches();
    api.put('a', { data: { v: 'after' } });
    await known('ns/a', 'after');
    expect(api.lists()).toBe(2);
  });

  test('no sooner than a busy server asks for', async () => {
    api.faults.list.push(failing(429, 'TooManyRequests', { 'retry-after': '1' }));
    const begun = performance.now();
    await watching().whenSynced();
    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  test('when the server falls silent on a connection that looks alive', async () => {
    watching({ watchSeconds: 1 });
    await opened();
    const [watch] = api.watches;
    if (watch) watch.deaf = true;
    api.put('a', { data: { v: 'unheard' } });
    await known('ns/a', 'unheard');
    expect(
      logger.lines.some(({ fields }) => String((fields as { err?: unknown }).err).includes('fell silent')),
    ).toBe(true);
  }, 20_000);

  test('when the watch is ended at once, each time, without becoming a storm itself', async () => {
    for (let index = 0; index < 4; index += 1) {
      api.faults.watch.push((_request, response) => {
        response.writeHead(200);
        response.end();
      });
    }
    const begun = performance.now();
    await watching().whenSynced();
    await opened();
    expect(performance.now() - begun).toBeGreaterThan(100 + 200 + 400 + 800);
  }, 20_000);

  test('after a broken line', async () => {
    watching();
    await opened();
    api.write('{"type":"ADDED","object":\n');
    await eventually(() => logger.lines.length > 1, { what: 'a warning' });
    api.put('a', { data: { v: '1' } });
    await known('ns/a', '1');
  });

  test('after all watches missed something, by the next full list', async () => {
    watching({ watchSeconds: 1, relistMilliseconds: 500 });
    await opened();
    const [watch] = api.watches;
    if (watch) watch.deaf = true;
    api.put('lost', { data: { v: '1' } });
    if (watch) watch.deaf = false;
    api.bookmark();
    await known('ns/lost', '1');
    expect(api.lists()).toBeGreaterThan(1);
  }, 20_000);
});

describe('a poison object harms only itself', () => {
  test('a handler that throws', async () => {
    watching({
      onChange: (key) => {
        changes.push(key);
        throw new Error('handler');
      },
    });
    api.put('a');
    api.put('b', { data: { v: '1' } });
    await known('ns/b', '1');
    expect(changes).toEqual(['ns/a', 'ns/b']);
  });

  test('a transform and an index that throw: the object is kept as it came', async () => {
    const throwing = (object: ConfigMap) => {
      if (object.metadata.name === 'poison') throw new Error('transform');
    };
    const it = watching({
      transform: (object) => {
        throwing(object);
        return object;
      },
      indexBy: (object) => {
        throwing(object);
        return ['all'];
      },
    });
    api.put('poison', { data: { v: '1' } });
    api.put('b', { data: { v: '1' } });
    await known('ns/b', '1');
    expect(it.get('ns/poison')?.data).toEqual({ v: '1' });
    expect(it.byIndex('all')).toHaveLength(1);
  });

  test('an object without a name, one whose metadata is no object, and odd annotations', async () => {
    watching();
    await opened();
    api.write(`${JSON.stringify({ type: 'ADDED', object: { data: {} } })}\n`);
    api.write(`${JSON.stringify({ type: 'ADDED', object: { metadata: 'odd' } })}\n`);
    api.put('a', {
      metadata: { annotations: { '\u0000': '\u2028', big: 'é'.repeat(200_000) } },
      data: { v: '1' },
    });
    await known('ns/a', '1');
    expect(api.lists()).toBe(1);
  });

  test('a page that is too long is read in smaller ones', async () => {
    for (let index = 0; index < 8; index += 1) api.put(`cm-${index}`, { data: { v: 'x'.repeat(5000) } });
    const page = await client.list(CONFIG_MAPS, { namespace: 'ns', limit: 8, maxBytes: 15_000 });
    expect(page.items).toHaveLength(8);
    expect(api.requests.map(({ query }) => query.get('limit'))).toEqual(['8', '2', '2', '2', '2']);
  });
});

test('is stale when the server was not heard for a minute, and before it was ever heard', async () => {
  let now = 0;
  const seen: boolean[] = [];
  const metrics = {
    restarted: () => {},
    stale: (_resource: string, stale: boolean) => void seen.push(stale),
  };
  const it = watching({ now: () => now, metrics });
  expect(it.stale(now)).toBe(true);
  await it.whenSynced();
  await opened();
  expect(it.stale(60_000)).toBe(false);
  expect(it.stale(60_001)).toBe(true);
  now = 50_000;
  api.bookmark();
  await eventually(() => !it.stale(110_000), { what: 'in touch by a bookmark' });
  expect(seen.slice(0, 3)).toEqual([true, false, true]);
});
