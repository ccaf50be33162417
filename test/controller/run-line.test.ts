import { describe, expect, test } from '@jest/globals';
import { RunLine } from '../../src/controller/run-line.ts';
import { StartLog } from '../../src/controller/starts.ts';
import type { Observed } from '../../src/core/observed.ts';
import { RunQueue } from '../../src/core/queue/run-queue.ts';
import { anObserved, aPod, aRequest, aRun, NOW, TIME, UNPROVEN } from '../support/build.ts';

/** As gather makes it: the turn is what the queue says. */
function aLine(most = 1) {
  const queue = new RunQueue(most);
  const woken: string[] = [];
  const line = new RunLine({ queue, wake: (key) => void woken.push(key), now: () => NOW });
  const named = (name: string, given: Partial<Observed> = {}): Observed =>
    anObserved({
      request: aRequest({ metadata: { name } }),
      turn: queue.turnOf(`team-a/${name}`),
      ...given,
    });
  return { queue, line, woken, named };
}

describe('the line', () => {
  test('lets start who has a place, and has the others told theirs', () => {
    const { line, named } = aLine();
    expect(line.plan(named('one')).kind).toBe('Start');
    expect(line.plan(named('two'))).toMatchObject({ kind: 'Queue', turn: { kind: 'Waiting', position: 1 } });
    expect(line.plan(named('one')).kind).toBe('Start');
  });

  test('wakes who is next when a run has ended', () => {
    const { line, named, woken } = aLine();
    line.plan(named('one'));
    line.plan(named('two'));
    const run = aRun({ pod: aPod({ runningSince: NOW }) });
    expect(line.plan(named('one', { run })).kind).toBe('Follow');
    expect(woken).toEqual([]);
    const over = aRequest({
      metadata: { name: 'one' },
      status: { result: { reason: 'Completed' } },
    });
    expect(line.plan(named('one', { request: over })).kind).toBe('Rest');
    expect(woken).toEqual(['team-a/two']);
    expect(line.plan(named('two')).kind).toBe('Start');
  });

  test('takes the place from a request that may not start any more, and from one that is gone', () => {
    const { line, named, woken } = aLine();
    line.plan(named('one'));
    line.plan(named('two'));
    line.plan(named('three'));
    expect(line.plan(named('one', { isolation: UNPROVEN })).kind).toBe('Hold');
    expect(woken).toEqual(['team-a/two']);
    line.leave('team-a/two');
    expect(woken).toEqual(['team-a/two', 'team-a/three']);
  });

  test('remembers after a restart what runs, and what has started within the hour', () => {
    const { line, queue, named } = aLine();
    const condition = {
      type: 'Started',
      status: 'True' as const,
      reason: 'Running',
      message: '',
      lastTransitionTime: TIME,
    };
    const running = aRequest({ metadata: { name: 'old' }, status: { conditions: [condition] } });
    const startedAt = new Date(NOW - 60_000).toISOString();
    const ended = aRequest({
      metadata: { name: 'ended' },
      status: { result: { reason: 'Completed', startedAt } },
    });
    line.recall([running, ended, aRequest({ metadata: { name: 'new' } })], new StartLog());
    expect(queue.running).toBe(1);
    const quota = {
      namespace: { running: undefined, perHour: { most: 2, quota: 'q' } },
      requester: { running: undefined, perHour: undefined },
    };
    line.leave('team-a/old');
    expect(line.plan(named('new', { quota }))).toMatchObject({
      turn: { obstacle: { amount: 'perHour' } },
    });
  });
});
