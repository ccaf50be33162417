import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createWorkQueue, type WorkQueueOptions } from '../../src/kube/work-queue.ts';
import { recordingLogger } from '../support/recording-logger.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const aQueue = (handle: WorkQueueOptions['handle'], options: Partial<WorkQueueOptions> = {}) =>
  createWorkQueue({
    name: 'test',
    concurrency: 2,
    handle,
    logger: recordingLogger(),
    random: () => 1,
    ...options,
  });

/** A handler whose calls end when told. */
function heldHandler() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    started,
    handle: (key: string) => {
      started.push(key);
      return new Promise<void>((resolve) => {
        ends.set(key, resolve);
      });
    },
    end: async (key: string) => {
      ends.get(key)?.();
      await jest.advanceTimersByTimeAsync(0);
    },
  };
}

describe('a work queue', () => {
  test('works on a key once, however often it was added before', async () => {
    const handle = jest.fn(async () => {});
    const queue = aQueue(handle);
    for (const key of ['a', 'a', 'b', 'a']) queue.add(key);
    expect(queue.size()).toBe(2);
    queue.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(handle.mock.calls).toEqual([['a'], ['b']]);
  });

  test('never works on one key twice at a time, and again when it was added meanwhile', async () => {
    const held = heldHandler();
    const queue = aQueue(held.handle, { concurrency: 5 });
    queue.start();
    queue.add('a');
    queue.add('a');
    queue.add('a');
    expect(held.started).toEqual(['a']);
    expect(queue.size()).toBe(0);
    await held.end('a');
    expect(held.started).toEqual(['a', 'a']);
    await held.end('a');
    expect(held.started).toEqual(['a', 'a']);
  });

  test('works on as many keys at once as allowed, the oldest first', async () => {
    const held = heldHandler();
    const queue = aQueue(held.handle);
    queue.start();
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key);
    expect(held.started).toEqual(['a', 'b']);
    await held.end('b');
    expect(held.started).toEqual(['a', 'b', 'c']);
  });

  test('tries a key again that failed, each time after twice the time, up to a minute', async () => {
    const times: number[] = [];
    const queue = aQueue(async () => {
      times.push(Date.now());
      throw new Error('not yet');
    });
    queue.start();
    queue.add('a');
    await jest.advanceTimersByTimeAsync(600_000);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waits.slice(0, 5)).toEqual([5, 10, 20, 40, 80]);
    expect(Math.max(...waits)).toBe(60_000);
  });

  test('spreads the waits by up to a half', async () => {
    const times: number[] = [];
    const queue = aQueue(
      async () => {
        times.push(Date.now());
        if (times.length === 1) throw new Error('not yet');
      },
      { random: () => 0 },
    );
    queue.start();
    queue.add('a');
    await jest.advanceTimersByTimeAsync(4);
    // 2.5 ms, which timers cut.
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(2);
  });

  test('a key in trouble does not hold up others', async () => {
    const done: string[] = [];
    const queue = aQueue(
      async (key) => {
        if (key === 'poison') throw new Error('poison');
        done.push(key);
      },
      { concurrency: 1 },
    );
    queue.start();
    queue.add('poison');
    for (let index = 0; index < 50; index += 1) queue.add(`key-${index}`);
    await jest.advanceTimersByTimeAsync(0);
    expect(done).toHaveLength(50);
  });

  test('forgets the failures of a key that succeeded', async () => {
    const times: number[] = [];
    let failing = true;
    const queue = aQueue(async () => {
      times.push(Date.now());
      if (failing) throw new Error('not yet');
    });
    queue.start();
    queue.add('a');
    await jest.advanceTimersByTimeAsync(1000);
    failing = false;
    await jest.advanceTimersByTimeAsync(60_000);
    failing = true;
    times.length = 0;
    queue.add('a');
    await jest.advanceTimersByTimeAsync(5);
    expect(times).toHaveLength(2);
  });

  test('a handler that throws before its first await is retried too', async () => {
    const handle = jest.fn((): Promise<void> => {
      throw new Error('at once');
    });
    const queue = aQueue(handle);
    queue.start();
    expect(() => queue.add('a')).not.toThrow();
    await jest.advanceTimersByTimeAsync(5);
    expect(handle).toHaveBeenCalledTimes(2);
  });

  test('of several times for one key the soonest counts', async () => {
    const handle = jest.fn(async () => {});
    const queue = aQueue(handle);
    queue.start();
    queue.addAfter('a', 500);
    queue.addAfter('a', 100);
    queue.addAfter('a', 900);
    await jest.advanceTimersByTimeAsync(99);
    expect(handle).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(handle).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(1000);
    expect(handle).toHaveBeenCalledTimes(1);
  });

  test('a wait of months does not become none', async () => {
    const handle = jest.fn(async () => {});
    const queue = aQueue(handle);
    queue.start();
    queue.addAfter('a', 90 * 24 * 3600 * 1000);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(handle).not.toHaveBeenCalled();
    await queue.stop();
  });

  test('adds a key again when its handler asks for it', async () => {
    const handle = jest
      .fn<WorkQueueOptions['handle']>()
      .mockResolvedValueOnce({ requeueAfterMilliseconds: 300 })
      .mockResolvedValue(undefined);
    const queue = aQueue(handle);
    queue.start();
    queue.add('a');
    await jest.advanceTimersByTimeAsync(299);
    expect(handle).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(1000);
    expect(handle).toHaveBeenCalledTimes(2);
  });

  test('stopping waits for what is under way and begins nothing', async () => {
    const held = heldHandler();
    const queue = aQueue(held.handle, { concurrency: 1 });
    queue.start();
    queue.add('a');
    queue.add('a');
    queue.add('b');
    let stopped = false;
    const stopping = (async () => {
      await queue.stop();
      stopped = true;
    })();
    queue.add('c');
    await jest.advanceTimersByTimeAsync(1000);
    expect(stopped).toBe(false);
    await held.end('a');
    await stopping;
    await jest.advanceTimersByTimeAsync(1000);
    expect(held.started).toEqual(['a']);
  });

  test('tells its metrics', async () => {
    const seen: unknown[] = [];
    const metrics = {
      depth: () => {},
      added: (queue: string) => void seen.push(['added', queue]),
      retried: (queue: string) => void seen.push(['retried', queue]),
      waited: () => {},
      worked: (queue: string, result: string) => void seen.push([queue, result]),
    };
    const handle = jest
      .fn<WorkQueueOptions['handle']>()
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValueOnce({ requeueAfterMilliseconds: 10 })
      .mockResolvedValue(undefined);
    const queue = aQueue(handle, { metrics });
    queue.start();
    queue.add('a');
    await jest.advanceTimersByTimeAsync(100);
    expect(seen).toEqual([
      ['added', 'test'],
      ['test', 'error'],
      ['retried', 'test'],
      ['added', 'test'],
      ['test', 'requeue_after'],
      ['added', 'test'],
      ['test', 'success'],
    ]);
  });
});

test('whatever is added when: every key is handled after its last addition, and none twice at once', async () => {
  const action = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    wait: fc.nat(20),
    fails: fc.boolean(),
    takes: fc.nat(15),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      const addedAt = new Map<string, number>();
      const handledAt = new Map<string, number>();
      const busy = new Set<string>();
      let step = 0;
      let current = actions[0];
      const queue = aQueue(async (key) => {
        expect(busy.has(key)).toBe(false);
        busy.add(key);
        const { fails, takes } = current ?? { fails: false, takes: 0 };
        handledAt.set(key, (step += 1));
        await new Promise((resolve) => {
          setTimeout(resolve, takes);
        });
        busy.delete(key);
        if (fails) throw new Error('chance');
      });
      queue.start();
      for (const next of actions) {
        current = next;
        addedAt.set(next.key, (step += 1));
        queue.add(next.key);
        await jest.advanceTimersByTimeAsync(next.wait);
      }
      current = undefined;
      await jest.advanceTimersByTimeAsync(200_000);
      for (const [key, at] of addedAt) expect(handledAt.get(key)).toBeGreaterThan(at);
      expect(queue.size()).toBe(0);
    }),
    { numRuns: 60 },
  );
});
