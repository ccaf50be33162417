import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { KubeClient } from '../../../src/kube/client.ts';
import { createLeaderElector } from '../../../src/kube/leader.ts';
import type { Lease } from '../../../src/kube/lease.ts';
import { LEASES, NAMESPACES } from '../../../src/kube/resources.ts';
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
