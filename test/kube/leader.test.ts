import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createLeaderElector, type LeaderElectorOptions } from '../../src/kube/leader.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { createLeaseStore } from './lease-store.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

type Store = ReturnType<typeof createLeaseStore>;

/** A candidate whose clock can be put forward, as after SIGSTOP, and what it was told. */
function aCandidate(store: Store, identity: string, options: Partial<LeaderElectorOptions> = {}) {
  const told: string[] = [];
  const clock = { ahead: 0 };
  const elector = createLeaderElector({
    client: store.client(),
    namespace: 'ns',
    name: 'operator',
    identity,
    onStarted: () => void told.push('started'),
    onStopped: () => void told.push('stopped'),
    logger: recordingLogger(),
    now: () => performance.now() + clock.ahead,
    random: () => 0,
    ...options,
  });
  return { elector, told, clock };
}

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);

describe('a leader elector', () => {
  test('leads by a Lease that nobody has, and renews it without reading', async () => {
    const store = createLeaseStore();
    const client = store.client();
    const get = jest.spyOn(client, 'get');
    const { elector, told } = aCandidate(store, 'a', { client });
    expect(elector.isLeader()).toBe(false);
    elector.start();
    await seconds(30);
    expect(elector.isLeader()).toBe(true);
    expect(told).toEqual(['started']);
    expect(get).toHaveBeenCalledTimes(1);
    expect(store.writes.length).toBeGreaterThan(12);
    expect(store.current()?.spec).toMatchObject({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
    });
    expect(store.current()?.spec?.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    await elector.stop();
  });

  test('waits while another renews, and follows within seconds when it stops in order', async () => {
    const store = createLeaseStore();
    const a = aCandidate(store, 'a');
    const b = aCandidate(store, 'b');
    a.elector.start();
    await seconds(1);
    b.elector.start();
    await seconds(60);
    expect([a.elector.isLeader(), b.elector.isLeader()]).toEqual([true, false]);
    await a.elector.stop();
    expect(a.told).toEqual(['started', 'stopped']);
    expect(store.current()?.spec?.holderIdentity).toBe('');
    await seconds(3);
    expect(b.elector.isLeader()).toBe(true);
    expect(store.current()?.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
    await b.elector.stop();
  });

  test('gives up after ten seconds without a renewal; another follows after fifteen, not sooner', async () => {
    const store = createLeaseStore();
    let cut = false;
    const a = aCandidate(store, 'a', { client: store.client(() => (cut ? 'lost' : 'none')) });
    const b = aCandidate(store, 'b');
    a.elector.start();
    await seconds(1);
    b.elector.start();
    await seconds(5);
    cut = true;
    const lost = { leader: 0, told: 0, taken: 0 };
    for (let tick = 1; tick <= 250 && lost.taken === 0; tick += 1) {
      await jest.advanceTimersByTimeAsync(100);
      expect(a.elector.isLeader() && b.elector.isLeader()).toBe(false);
      if (!a.elector.isLeader()) lost.leader ||= tick / 10;
      if (a.told.includes('stopped')) lost.told ||= tick / 10;
      if (b.elector.isLeader()) lost.taken ||= tick / 10;
    }
    expect(lost.leader).toBeGreaterThan(7);
    expect(lost.leader).toBeLessThan(10.2);
    expect(lost.told).toBeLessThan(12.2);
    expect(lost.taken - lost.leader).toBeGreaterThan(4);
    expect(lost.taken).toBeLessThan(19);
    await a.elector.stop();
    await b.elector.stop();
  });

  test('does not lead in the first moment after it was stopped for longer than the lease', async () => {
    const store = createLeaseStore();
    const a = aCandidate(store, 'a');
    a.elector.start();
    await seconds(5);
    expect(a.elector.isLeader()).toBe(true);
    // SIGSTOP: no timer of it runs, its clock goes on.
    a.clock.ahead += 10_000;
    expect(a.elector.isLeader()).toBe(false);
    expect(a.told).toEqual(['started']);
    await a.elector.stop();
  });

  test('does not lead either when only the time of day shows that the machine slept', async () => {
    const store = createLeaseStore();
    let wall = 1_700_000_000_000;
    const a = aCandidate(store, 'a', { wallNow: () => wall });
    a.elector.start();
    await seconds(1);
    wall += 10_000;
    expect(a.elector.isLeader()).toBe(false);
    // Set back, it does not prolong anything.
    wall -= 3_600_000;
    await seconds(5);
    a.clock.ahead += 10_000;
    expect(a.elector.isLeader()).toBe(false);
    await a.elector.stop();
  });

  test('notices that another took the Lease while it was stopped, and becomes a candidate', async () => {
    const store = createLeaseStore();
    const a = aCandidate(store, 'a');
    a.elector.start();
    await seconds(5);
    const lease = store.current();
    if (lease)
      store.set({ ...lease, spec: { ...lease.spec, holderIdentity: 'b', leaseDurationSeconds: 15 } });
    await seconds(5);
    expect(a.elector.isLeader()).toBe(false);
    expect(a.told).toEqual(['started', 'stopped']);
    await seconds(20);
    expect(a.told).toEqual(['started', 'stopped', 'started']);
    await a.elector.stop();
  });

  test('takes the Lease of a dead process by its own clock, whatever times are written in it', async () => {
    const store = createLeaseStore();
    const spec = {
      holderIdentity: 'dead',
      leaseDurationSeconds: 15,
      renewTime: '2099-01-01T00:00:00.000000Z',
    };
    store.set({ metadata: { name: 'operator', namespace: 'ns' }, spec });
    const a = aCandidate(store, 'a');
    a.elector.start();
    await seconds(14);
    expect(a.elector.isLeader()).toBe(false);
    await seconds(4);
    expect(a.elector.isLeader()).toBe(true);
    await a.elector.stop();
  });

  test('waits for the handler of the end before it gives the Lease back', async () => {
    const store = createLeaseStore();
    let finish = () => {};
    const a = aCandidate(store, 'a', {
      onStopped: () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    });
    a.elector.start();
    await seconds(1);
    const stopping = a.elector.stop();
    await seconds(1);
    expect(store.current()?.spec?.holderIdentity).toBe('a');
    expect(a.elector.isLeader()).toBe(false);
    finish();
    await stopping;
    expect(store.current()?.spec?.holderIdentity).toBe('');
  });
});

test('whatever is lost or stopped, two never lead at once', async () => {
  const fate = fc.constantFrom<'none' | 'lost' | 'answer-lost'>(
    'none',
    'none',
    'none',
    'lost',
    'answer-lost',
  );
  const step = fc.record({
    who: fc.nat(2),
    fate,
    ahead: fc.constantFrom(0, 0, 0, 3000, 30_000),
    wait: fc.integer({ min: 100, max: 9000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const store = createLeaseStore();
      const fates: ('none' | 'lost' | 'answer-lost')[] = ['none', 'none', 'none'];
      const all = fates.map((_fate, index) =>
        aCandidate(store, `candidate-${index}`, { client: store.client(() => fates[index] ?? 'none') }),
      );
      for (const { elector } of all) elector.start();
      const leaders = () => all.filter(({ elector }) => elector.isLeader()).length;
      for (const { who, fate: next, ahead, wait } of steps) {
        fates[who] = next;
        // Only a leader's clock may be ahead of its timers: for a candidate this would be a clock that runs too fast.
        const candidate = all[who];
        if (candidate?.elector.isLeader()) candidate.clock.ahead += ahead;
        for (let passed = 0; passed < wait; passed += 500) {
          await jest.advanceTimersByTimeAsync(500);
          expect(leaders()).toBeLessThanOrEqual(1);
        }
      }
      fates.fill('none');
      await jest.advanceTimersByTimeAsync(40_000);
      expect(leaders()).toBe(1);
      await Promise.all(all.map(({ elector }) => elector.stop()));
    }),
    { numRuns: 40 },
  );
}, 60_000);
