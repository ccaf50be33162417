import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ExecutionQuota } from '../../../src/api/parse.ts';
import { limitsOf } from '../../../src/core/queue/quota.ts';
import { RunQueue } from '../../../src/core/queue/run-queue.ts';
import type { Applicant } from '../../../src/core/queue/run-queue.ts';
import { NOW, UNLIMITED } from '../../support/build.ts';

const HOUR = 3_600_000;

const quota = (name: string, spec: ExecutionQuota['spec']): ExecutionQuota => ({
  metadata: { name, uid: name, generation: 1, creationTimestamp: '' },
  spec,
});
const limits = (spec: ExecutionQuota['spec']) => limitsOf([quota('tenants', spec)], {});

/** `a/1` is the first request of namespace a, made in the first second, by the user of that namespace. */
const from = (key: string, given: Partial<Applicant> = {}): Applicant => {
  const [namespace = '', number = ''] = key.split('/');
  return {
    ...{
      key,
      namespace,
      requester: `user-${namespace}`,
      createdAt: Number(number) * 1000,
      limits: UNLIMITED,
    },
    ...given,
  };
};

describe('the limits of a namespace', () => {
  const quotas = [
    quota('all', { namespace: { running: 5, perHour: 100 } }),
    quota('small', { namespaceSelector: { matchLabels: { size: 's' } }, namespace: { running: 2 } }),
    quota('other', { namespaceSelector: { matchLabels: { size: 'm' } }, requester: { running: 0 } }),
  ];

  test('are the lowest of the quotas that select it, each by itself', () => {
    expect(limitsOf(quotas, { size: 's' })).toEqual({
      namespace: { running: { most: 2, quota: 'small' }, perHour: { most: 100, quota: 'all' } },
      requester: { running: undefined, perHour: undefined },
    });
    expect(limitsOf(quotas, { size: 'm' }).requester.running).toEqual({ most: 0, quota: 'other' });
  });

  test('are none without a quota', () => {
    expect(limitsOf([], {})).toEqual(UNLIMITED);
  });
});

describe('a run queue', () => {
  test('gives a place at once where there is one, and the same answer again', () => {
    const queue = new RunQueue(1);
    expect(queue.ask(from('a/1'), NOW)).toEqual({ kind: 'Granted' });
    expect(queue.ask(from('a/1'), NOW)).toEqual({ kind: 'Granted' });
    expect([queue.running, queue.waiting]).toEqual([1, 0]);
  });

  test('lets the others wait, and tells place and cause', () => {
    const queue = new RunQueue(1);
    queue.ask(from('a/1'), NOW);
    queue.ask(from('b/5'), NOW);
    queue.ask(from('a/3'), NOW);
    expect(queue.ask(from('a/2'), NOW)).toEqual({
      kind: 'Waiting',
      position: 1,
      of: 2,
      obstacle: { kind: 'Cluster', most: 1 },
      againSeconds: 10,
    });
  });

  test('serves a namespace by age, though the younger asked first', () => {
    const queue = new RunQueue(1);
    queue.ask(from('a/1'), NOW);
    queue.ask(from('a/3'), NOW);
    queue.ask(from('a/2'), NOW);
    expect(queue.leave('a/1')).toBe(true);
    expect([...queue.next(NOW)]).toEqual(['a/2']);
    expect(queue.ask(from('a/3'), NOW)).toMatchObject({
      kind: 'Waiting',
      position: 2,
      obstacle: { kind: 'Others' },
    });
    expect(queue.ask(from('a/2'), NOW)).toEqual({ kind: 'Granted' });
  });

  test('serves the namespace with the fewest runs, and of equals the one served longest ago', () => {
    const queue = new RunQueue(3);
    for (const key of ['a/1', 'a/2', 'a/3']) queue.ask(from(key), NOW);
    for (const key of ['a/4', 'a/5', 'b/6', 'c/7']) queue.ask(from(key), NOW);
    const served = ['a/1', 'a/2', 'a/3'].map((key) => {
      queue.leave(key);
      const [next = ''] = queue.next(NOW);
      queue.ask(from(next), NOW);
      return next;
    });
    expect(served).toEqual(['b/6', 'c/7', 'a/4']);
  });

  test('holds a namespace to its limit while another is served', () => {
    const queue = new RunQueue(100);
    const two = limits({ namespace: { running: 2 } });
    const turns = ['a/1', 'a/2', 'a/3'].map((key) => queue.ask(from(key, { limits: two }), NOW).kind);
    expect(turns).toEqual(['Granted', 'Granted', 'Waiting']);
    expect(queue.ask(from('b/9', { limits: two }), NOW)).toEqual({ kind: 'Granted' });
    expect(queue.ask(from('a/3', { limits: two }), NOW)).toMatchObject({
      obstacle: { kind: 'Namespace', amount: 'running', limit: { most: 2, quota: 'tenants' } },
    });
  });

  test('holds a requester to the limit in all namespaces, and lets another of the same namespace pass', () => {
    const queue = new RunQueue(100);
    const given = { requester: 'robot', limits: limits({ requester: { running: 1 } }) };
    queue.ask(from('a/1', given), NOW);
    expect(queue.ask(from('b/2', given), NOW)).toMatchObject({ obstacle: { kind: 'Requester' } });
    expect(queue.ask(from('b/3', { ...given, requester: 'person' }), NOW)).toEqual({ kind: 'Granted' });
  });

  test('counts the starts of an hour, also of runs that have ended, and says when to look again', () => {
    const queue = new RunQueue(100);
    const given = { limits: limits({ namespace: { perHour: 2 } }) };
    queue.remember(from('a/0'), NOW - HOUR + 5000);
    queue.ask(from('a/1', given), NOW);
    queue.leave('a/1');
    expect(queue.ask(from('a/2', given), NOW)).toMatchObject({
      obstacle: { kind: 'Namespace', amount: 'perHour' },
      againSeconds: 5,
    });
    expect(queue.ask(from('a/2', given), NOW + 5000)).toEqual({ kind: 'Granted' });
  });

  test('stops every start at a limit of nothing', () => {
    const queue = new RunQueue(100);
    const none = limits({ namespace: { running: 0 } });
    expect(queue.ask(from('a/1', { limits: none }), NOW).kind).toBe('Waiting');
    expect(queue.next(NOW).size).toBe(0);
  });

  test('keeps the place of what has begun, beyond every limit', () => {
    const queue = new RunQueue(1);
    queue.hold(from('a/1'));
    queue.hold(from('a/2'));
    queue.hold(from('a/2'));
    expect([queue.running, queue.turnOf('a/2').kind, queue.turnOf('a/3').kind]).toEqual([
      2,
      'Granted',
      'NotAsked',
    ]);
  });

  test('tells places the more seldom the more wait', () => {
    const queue = new RunQueue(1);
    queue.hold(from('z/0'));
    for (let number = 1; number <= 500; number += 1) queue.ask(from(`a/${number}`), NOW);
    expect(queue.ask(from('a/500'), NOW)).toMatchObject({ position: 500, of: 500, againSeconds: 50 });
  });

  test('whoever gives up waiting lets the next pass; who was never there changes nothing', () => {
    const queue = new RunQueue(1);
    queue.ask(from('a/1'), NOW);
    queue.ask(from('a/2'), NOW);
    queue.ask(from('a/3'), NOW);
    expect(queue.leave('nobody/1')).toBe(false);
    expect(queue.leave('a/2')).toBe(true);
    queue.leave('a/1');
    expect([...queue.next(NOW)]).toEqual(['a/3']);
  });

  test('never runs more than it may, serves everybody in the end, and differs by one at most between equals', () => {
    const most = 3;
    const crowd = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(crowd, fc.infiniteStream(fc.nat()), (namespaces, random) => {
        const queue = new RunQueue(most);
        const waiting = new Map(namespaces.map((namespace, index) => [`${namespace}/${index}`, namespace]));
        const running: string[] = [];
        const admit = () => {
          for (const key of waiting.keys()) {
            if (queue.ask(from(key), NOW).kind !== 'Granted') continue;
            waiting.delete(key);
            running.push(key);
          }
        };
        admit();
        for (let served = 0; served < namespaces.length; served += 1) {
          expect(running.length).toBeLessThanOrEqual(most);
          const index = (random.next().value ?? 0) % running.length;
          queue.leave(running.splice(index, 1)[0] ?? '');
          admit();
          const counts = [...new Set(waiting.values())].map(
            (namespace) => running.filter((key) => key.startsWith(`${namespace}/`)).length,
          );
          // Whoever still waits has as many runs as any other who waits, but for one.
          if (counts.length > 1 && served > most)
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
        }
        expect([waiting.size, queue.running, queue.waiting]).toEqual([0, 0, 0]);
      }),
    );
  });
});
