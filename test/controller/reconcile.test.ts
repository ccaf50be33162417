import { describe, expect, test } from '@jest/globals';
import { reconcile } from '../../src/controller/reconcile.ts';
import type { Ports } from '../../src/controller/reconcile.ts';
import { decide } from '../../src/core/decide.ts';
import { StartLog } from '../../src/controller/starts.ts';
import type { Observed } from '../../src/core/observed.ts';
import { anObserved, aPod, aRequest, aRun, deniedJudgement, NOW, UID, UNPROVEN } from '../support/build.ts';

const KEY = 'team-a/weekly';

/** Ports that keep a list of what was done. */
function aWorld(seen: Observed | undefined, given: Partial<Ports> = {}) {
  const done: string[] = [];
  const starts = new StartLog();
  const ports: Ports = {
    line: { plan: (observed) => decide(observed, NOW), leave: (key) => void done.push(`leave ${key}`) },
    audit: (_seen, plan) => {
      if (plan.kind === 'Start') done.push('audit Start');
      return undefined;
    },
    gather: async () => seen,
    apply: async (_seen, plan) => void done.push(`apply ${plan.kind}, ${starts.attemptOf(aRequest())}`),
    report: async ({ plan, problem }) =>
      void done.push(`report ${plan.kind}${problem ? `: ${problem}` : ''}`),
    sweep: async (key, uid) => void done.push(`sweep ${key} ${uid ?? 'nobody'}`),
    finished: (uid) => void done.push(`finished ${uid}`),
    starts,
    describe: (error) => (error instanceof RangeError ? 'over quota' : undefined),
    now: () => NOW,
    ...given,
  };
  return { ports, done, starts };
}
const refusing = (error: Error): Partial<Ports> => ({
  apply: async () => {
    throw error;
  },
});

describe('a pass over a request', () => {
  test('writes status before it creates the Job, and knows of the intention by then', async () => {
    const { ports, done } = aWorld(anObserved());
    expect(await reconcile(KEY, ports)).toEqual({ requeueAfterMilliseconds: 5000 });
    expect(done).toEqual([`sweep ${KEY} ${UID}`, 'audit Start', 'report Start', 'apply Start, Intended']);
  });

  test('creates nothing when status cannot be written', async () => {
    const { ports, done } = aWorld(anObserved(), { report: () => Promise.reject(new Error('conflict')) });
    await expect(reconcile(KEY, ports)).rejects.toThrow('conflict');
    expect(done).toEqual([`sweep ${KEY} ${UID}`, 'audit Start']);
  });

  test('neither says nor starts what could not be recorded', async () => {
    const audit = () => {
      throw new Error('no record');
    };
    const { ports, done, starts } = aWorld(anObserved(), { audit });
    await expect(reconcile(KEY, ports)).rejects.toThrow('no record');
    expect([done, starts.attemptOf(aRequest())]).toEqual([[`sweep ${KEY} ${UID}`], 'None']);
  });

  test('tells the requester why the Job was refused, and fails so that it is tried again', async () => {
    const { ports, done } = aWorld(anObserved(), refusing(new RangeError('quota')));
    await expect(reconcile(KEY, ports)).rejects.toThrow('quota');
    expect(done).toEqual([`sweep ${KEY} ${UID}`, 'audit Start', 'report Start', 'report Start: over quota']);
  });

  test('does not tell the requester of a fault that says nothing to them', async () => {
    const { ports, done } = aWorld(anObserved(), refusing(new Error('socket hang up')));
    await expect(reconcile(KEY, ports)).rejects.toThrow('socket hang up');
    expect(done).toEqual([`sweep ${KEY} ${UID}`, 'audit Start', 'report Start']);
  });

  test('only sweeps for a request that is gone', async () => {
    const { ports, done } = aWorld(undefined);
    expect(await reconcile(KEY, ports)).toEqual({});
    expect(done).toEqual([`sweep ${KEY} nobody`, `leave ${KEY}`]);
  });

  test('lets go of a request that is finished', async () => {
    const { ports, done } = aWorld(anObserved({ request: aRequest({ status: { state: 'Denied' } }) }));
    expect(await reconcile(KEY, ports)).toEqual({});
    expect(done).toEqual([`sweep ${KEY} ${UID}`, `finished ${UID}`]);
  });

  test('does not write of a short run, and looks again', async () => {
    const { ports, done } = aWorld(anObserved({ run: aRun({ pod: aPod({ runningSince: NOW }) }) }));
    expect(await reconcile(KEY, ports)).toEqual({ requeueAfterMilliseconds: 5000 });
    expect(done).not.toContain('report Follow');
  });

  test.each([
    [
      'Follow',
      { run: aRun({ pod: aPod({ runningSince: NOW - 5000 }) }) },
      { requeueAfterMilliseconds: 5000 },
    ],
    ['Hold', { isolation: UNPROVEN }, { requeueAfterMilliseconds: 10_000 }],
    ['Deny', { judgement: deniedJudgement() }, {}],
    ['Finish', { start: 'Unknown' as const }, {}],
  ])('reports %s, and comes back when it must', async (kind, given, outcome) => {
    const { ports, done } = aWorld(anObserved(given));
    expect(await reconcile(KEY, ports)).toEqual(outcome);
    expect(done).toContain(`report ${kind}`);
  });

  test('counts only a start as intended', async () => {
    const { ports, starts } = aWorld(anObserved({ isolation: UNPROVEN }));
    await reconcile(KEY, ports);
    expect(starts.attemptOf(aRequest())).toBe('None');
  });
});
