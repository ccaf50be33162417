import { describe, expect, test } from '@jest/globals';
import { IsolationKeeper, PROBE_CLOSED, PROBE_REACHED } from '../../src/controller/isolation.ts';
import type { IsolationFault } from '../../src/core/observed.ts';
import type { PodSeen } from '../../src/core/run/seen.ts';
import { aClass, aPod, NOW, terminated } from '../support/build.ts';

const SECONDS = 1000;
const PROOF_SECONDS = 100;

/** A keeper over a cluster that only exists here, with a clock that moves when told. */
function aKeeper() {
  const cluster = {
    now: NOW,
    fault: undefined as IsolationFault | undefined,
    refused: undefined as Error | undefined,
    started: [] as { readonly name: string; readonly userNamespace: boolean }[],
    pods: new Map<string, PodSeen>(),
    changes: 0,
  };
  const keeper = new IsolationKeeper(
    {
      startProbe: async ({ userNamespace }) => {
        if (cluster.refused) throw cluster.refused;
        const name = `probe-${cluster.started.length}`;
        cluster.started.push({ name, userNamespace });
        return name;
      },
      podOfProbe: (name) => cluster.pods.get(name),
      fault: () => cluster.fault,
      now: () => cluster.now,
      changed: () => (cluster.changes += 1),
    },
    PROOF_SECONDS,
  );
  return {
    keeper,
    cluster,
    after: async (seconds: number) => {
      cluster.now += seconds * SECONDS;
      await keeper.tick();
    },
    /** The newest probe of a kind ends. */
    end: async (exitCode: number, { userNamespace = false, message = '' } = {}) => {
      const probe = cluster.started.findLast((one) => one.userNamespace === userNamespace);
      cluster.pods.set(probe?.name ?? '', aPod({ terminated: terminated({ exitCode, message }) }));
      await keeper.tick();
    },
  };
}
const plain = aClass({ userNamespaces: 'Disabled' });
const auto = aClass({ userNamespaces: 'Auto' });
const required = aClass({ userNamespaces: 'Required' });

describe('the isolation', () => {
  test('is unproven until a probe has ended, and one probe is enough', async () => {
    const { keeper, cluster, after, end } = aKeeper();
    expect(keeper.of(plain)).toMatchObject({ proven: false, reason: 'ProbePending' });
    await after(0);
    await after(1);
    expect(cluster.started).toHaveLength(1);
    expect(keeper.of(plain)).toMatchObject({ proven: false, reason: 'ProbePending' });
    expect(keeper.isProven()).toBe(false);
    await end(PROBE_CLOSED);
    expect(keeper.of(plain)).toEqual({
      proven: true,
      shape: { runtimeClassName: undefined, userNamespace: false },
    });
    expect([keeper.isProven(), cluster.changes]).toEqual([true, 1]);
  });

  test('is proven for each runtime by itself', async () => {
    const { keeper, after, end } = aKeeper();
    keeper.of(plain);
    await after(0);
    await end(PROBE_CLOSED);
    const gvisor = aClass({ userNamespaces: 'Disabled', runtimeClassName: 'gvisor' });
    expect(keeper.of(gvisor)).toMatchObject({ proven: false, reason: 'ProbePending' });
  });

  test('is renewed before its proof expires, so that nobody waits', async () => {
    const { keeper, cluster, after, end } = aKeeper();
    keeper.of(plain);
    await after(0);
    await end(PROBE_CLOSED);
    await after(79);
    expect(cluster.started).toHaveLength(1);
    await after(1);
    expect(cluster.started).toHaveLength(2);
    expect(keeper.of(plain).proven).toBe(true);
    await end(PROBE_CLOSED);
    await after(60);
    expect(keeper.of(plain).proven).toBe(true);
  });

  test('expires to the second when no probe ends', async () => {
    const { keeper, after, end } = aKeeper();
    keeper.of(plain);
    await after(0);
    await end(PROBE_CLOSED);
    await after(99.999);
    expect(keeper.of(plain).proven).toBe(true);
    await after(0.001);
    expect(keeper.of(plain)).toMatchObject({ proven: false, reason: 'ProbePending' });
  });

  test('is let go when nobody asks for it', async () => {
    const { keeper, cluster, after, end } = aKeeper();
    keeper.of(plain);
    await after(0);
    await end(PROBE_CLOSED);
    await after(101);
    await after(1000);
    expect(cluster.started).toHaveLength(1);
  });

  test('ends at once when a probe gets through, though the proof would last', async () => {
    const { keeper, cluster, after, end } = aKeeper();
    keeper.of(plain);
    await after(0);
    await end(PROBE_CLOSED);
    await after(80);
    await end(PROBE_REACHED, { message: '10.96.0.1:443 answered' });
    expect(keeper.of(plain)).toEqual({
      proven: false,
      reason: 'NetworkOpen',
      message: '10.96.0.1:443 answered',
    });
    expect(cluster.changes).toBe(2);
  });

  test.each([
    { reason: 'PolicyMissing', message: 'm' },
    { reason: 'ForeignPolicy', message: 'm' },
  ] as const)(
    'is unproven for $reason, whatever was proven, and proven again when that is mended',
    async (fault) => {
      const { keeper, cluster, after, end } = aKeeper();
      keeper.of(plain);
      await after(0);
      await end(PROBE_CLOSED);
      cluster.fault = fault;
      expect(keeper.of(plain)).toEqual({ proven: false, ...fault });
      expect(keeper.isProven()).toBe(false);
      cluster.fault = undefined;
      expect(keeper.of(plain).proven).toBe(true);
    },
  );
});

describe('a user namespace', () => {
  test('is preferred where it works', async () => {
    const { keeper, after, end } = aKeeper();
    keeper.of(auto);
    await after(0);
    await end(PROBE_CLOSED, { userNamespace: false });
    expect(keeper.of(auto)).toMatchObject({ proven: false, reason: 'ProbePending' });
    await end(PROBE_CLOSED, { userNamespace: true });
    expect(keeper.of(auto)).toMatchObject({ proven: true, shape: { userNamespace: true } });
  });

  test('is done without after thirty seconds where it is optional', async () => {
    const { keeper, after, end } = aKeeper();
    keeper.of(auto);
    await after(0);
    await end(PROBE_CLOSED, { userNamespace: false });
    await after(30);
    expect(keeper.of(auto)).toMatchObject({ proven: false, reason: 'ProbePending' });
    await after(0.001);
    expect(keeper.of(auto)).toMatchObject({ proven: true, shape: { userNamespace: false } });
  });

  test('is never done without where it is required', async () => {
    const { keeper, cluster, after, end } = aKeeper();
    keeper.of(required);
    keeper.of(plain);
    await after(0);
    await end(PROBE_CLOSED, { userNamespace: false });
    await after(31);
    expect(keeper.of(required)).toMatchObject({ proven: false, reason: 'IsolationUnavailable' });
    expect(cluster.started.map(({ userNamespace }) => userNamespace)).toEqual([true, false]);
  });

  test('with an open network is no reason to do without it', async () => {
    const { keeper, after, end } = aKeeper();
    keeper.of(auto);
    await after(0);
    await end(PROBE_CLOSED, { userNamespace: false });
    await end(PROBE_REACHED, { userNamespace: true });
    expect(keeper.of(auto)).toMatchObject({ proven: false, reason: 'NetworkOpen' });
  });
});

describe('a probe', () => {
  test('that fails is tried again after 2, 4, 8 … at most 60 seconds', async () => {
    const { keeper, cluster, after, end } = aKeeper();
    keeper.of(plain);
    await after(0);
    for (const [index, seconds] of [2, 4, 8, 16, 32, 60, 60].entries()) {
      await end(PROBE_REACHED);
      keeper.of(plain);
      await after(seconds - 0.001);
      expect(cluster.started).toHaveLength(index + 1);
      await after(0.001);
      expect(cluster.started).toHaveLength(index + 2);
    }
    await end(PROBE_CLOSED);
    keeper.of(plain);
    await after(80);
    await end(PROBE_REACHED);
    const before = cluster.started.length;
    await after(2);
    expect(cluster.started).toHaveLength(before + 1);
  });

  test('that cannot be created says why, and is tried again', async () => {
    const { keeper, cluster, after, end } = aKeeper();
    cluster.refused = new Error('exceeded quota');
    keeper.of(plain);
    await after(0);
    expect(keeper.of(plain)).toEqual({
      proven: false,
      reason: 'IsolationUnavailable',
      message: 'The probe could not be created: exceeded quota',
    });
    cluster.refused = undefined;
    await after(2);
    await end(PROBE_CLOSED);
    expect(keeper.of(plain).proven).toBe(true);
  });

  test('whose pod does not start says why', async () => {
    const { keeper, cluster, after } = aKeeper();
    keeper.of(plain);
    await after(0);
    cluster.pods.set(
      'probe-0',
      aPod({ phase: 'Pending', waiting: { reason: 'ErrImagePull', message: 'denied' } }),
    );
    await after(180);
    expect(keeper.of(plain)).toMatchObject({ reason: 'ProbePending' });
    await after(1);
    expect(keeper.of(plain)).toMatchObject({
      reason: 'IsolationUnavailable',
      message: 'The probe did not run (ErrImagePull: denied).',
    });
  });

  test('that ends in an unknown way proves nothing', async () => {
    const { keeper, after, end } = aKeeper();
    keeper.of(plain);
    await after(0);
    await end(1, { message: 'bad flag' });
    expect(keeper.of(plain)).toMatchObject({
      proven: false,
      reason: 'IsolationUnavailable',
      message: 'The probe ended with exit code 1. bad flag',
    });
  });
});
