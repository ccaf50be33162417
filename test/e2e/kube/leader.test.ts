import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { KubeClient, KubeObject } from '../../../src/kube/client.ts';
import { createLeaderElector } from '../../../src/kube/leader.ts';
import type { Lease } from '../../../src/kube/lease.ts';
import { CONFIG_MAPS, LEASES, NAMESPACES } from '../../../src/kube/resources.ts';
import { eventually } from '../../support/eventually.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { adminClient, newNamespace } from './cluster.ts';

let client: KubeClient;
let namespace: string;

beforeAll(async () => {
  client = await adminClient();
  namespace = await newNamespace(client, 'leader');
});
afterAll(async () => {
  await client.delete(NAMESPACES, { name: namespace });
  await client.close();
});

/** As in production, five times as fast. */
const timing = { leaseMilliseconds: 3000, renewMilliseconds: 2000, retryMilliseconds: 400 };

function aCandidate(identity: string, using: Pick<KubeClient, 'get' | 'create' | 'replace'>) {
  const told: string[] = [];
  const elector = createLeaderElector({
    client: using,
    namespace,
    name: 'operator',
    identity,
    onStarted: () => void told.push('started'),
    onStopped: () => void told.push('stopped'),
    logger: recordingLogger(),
    timing,
  });
  return { elector, told };
}

test('one of two leads; the other follows when it stops, and when it is cut off, never both at once', async () => {
  let cut = false;
  const cutOff: typeof client.replace = (...args) =>
    cut ? Promise.reject(new Error('cut off')) : client.replace(...args);
  const a = aCandidate('a', client);
  const b = aCandidate('b', {
    ...client,
    get: client.get.bind(client),
    create: client.create.bind(client),
    replace: cutOff,
  });
  const both = () => a.elector.isLeader() && b.elector.isLeader();
  let overlap = false;
  const watch = setInterval(() => (overlap ||= both()), 5);
  try {
    a.elector.start();
    await eventually(() => a.elector.isLeader(), { what: 'a leads' });
    b.elector.start();
    const renewed = async () =>
      (await client.get<Lease>(LEASES, { namespace, name: 'operator' }))?.spec?.renewTime;
    const before = await renewed();
    await eventually(async () => (await renewed()) !== before, { what: 'a renews' });
    expect(b.elector.isLeader()).toBe(false);

    await a.elector.stop();
    await eventually(() => b.elector.isLeader(), { what: 'b follows at once', timeoutMilliseconds: 1500 });

    const again = aCandidate('a-again', client);
    again.elector.start();
    cut = true;
    await eventually(() => again.elector.isLeader(), { what: 'another follows when b is cut off' });
    expect(b.told).toEqual(['started', 'stopped']);
    expect((await client.get<Lease>(LEASES, { namespace, name: 'operator' }))?.spec).toMatchObject({
      holderIdentity: 'a-again',
      leaseTransitions: 2,
    });
    await again.elector.stop();
    await b.elector.stop();
  } finally {
    clearInterval(watch);
  }
  expect(overlap).toBe(false);
}, 30_000);

test('a leader that is stopped for longer than its lease writes nothing when it goes on', async () => {
  const writers: string[] = [];
  const written = new AbortController();
  const watching = client.watch<KubeObject & { data?: { writer: string } }>(
    CONFIG_MAPS,
    { namespace, labelSelector: 'written=by-leader', timeoutSeconds: 60 },
    ({ object }) => writers.push(object.data?.writer ?? ''),
    written.signal,
  );
  const stopped = expect(watching).rejects.toMatchObject({ reason: 'Aborted' });
  const start = (identity: string) =>
    spawn(process.execPath, ['test/e2e/kube/leader-process.ts', namespace, identity], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  const first = start('first');
  let second: ReturnType<typeof start> | undefined;
  try {
    await eventually(() => writers.includes('first'), { what: 'the first writes' });
    second = start('second');
    first.kill('SIGSTOP');
    await eventually(() => writers.includes('second'), { what: 'the second writes' });
    first.kill('SIGCONT');
    const many = writers.length + 100;
    await eventually(() => writers.length > many, { what: 'a hundred writes more' });
    // What the first writes after the second began would be in between.
    expect(new Set(writers.slice(writers.indexOf('second')))).toEqual(new Set(['second']));
  } finally {
    for (const child of [first, second]) child?.kill('SIGKILL');
    written.abort();
    await stopped;
  }
}, 60_000);
