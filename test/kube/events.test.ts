/* oxlint-disable typescript/no-unsafe-type-assertion -- what a fake answers has the type that its caller asked for */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { KubeClient, Resource } from '../../src/kube/client.ts';
import { KubeError } from '../../src/kube/errors.ts';
import { createEventRecorder, type EventRecord } from '../../src/kube/events.ts';
import { recordingLogger } from '../support/recording-logger.ts';

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-11-01T00:00:00Z') });
});
afterEach(() => {
  jest.useRealTimers();
});

interface Written {
  metadata: { name: string; namespace: string };
  note: string;
  eventTime: string;
  series?: { count: number };
}

/** A recorder and what it wrote; `fail` may throw for a call. */
function aRecorder(fail: (call: 'create' | 'patch') => void = () => {}) {
  const created: Written[] = [];
  const patched: unknown[] = [];
  const client: Pick<KubeClient, 'create' | 'patch'> = {
    create: async <T extends object>(_resource: Resource, object: T) => {
      fail('create');
      created.push(object as unknown as Written);
      return object;
    },
    patch: async <T extends object>(_resource: Resource, ref: object, patch: object) => {
      fail('patch');
      patched.push({ ref, patch });
      return patch as T;
    },
  };
  const recorder = createEventRecorder({
    client,
    controller: 'sekisho.dev/operator',
    instance: 'operator-0',
    logger: recordingLogger(),
    random: () => 1,
  });
  return { recorder, created, patched };
}

const anEvent = (fields: Partial<EventRecord> & { name?: string } = {}): EventRecord => ({
  regarding: {
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'CodeExecutionRequest',
    name: fields.name ?? 'r',
    namespace: 'team-a',
    uid: fields.name ?? 'u',
  },
  type: 'Normal',
  reason: 'Started',
  action: 'Start',
  note: 'The sandbox was started.',
  ...fields,
});

const soon = () => jest.advanceTimersByTimeAsync(1);

describe('an event recorder', () => {
  test('writes what is needed, in the namespace of what it is about', async () => {
    const { recorder, created } = aRecorder();
    recorder.record(anEvent());
    expect(created).toEqual([]);
    await soon();
    expect(created).toEqual([
      {
        metadata: { name: expect.stringMatching(/^r\.[0-9a-f]{16}$/), namespace: 'team-a' },
        eventTime: '2026-11-01T00:00:00.000000Z',
        reportingController: 'sekisho.dev/operator',
        reportingInstance: 'operator-0',
        type: 'Normal',
        reason: 'Started',
        action: 'Start',
        note: 'The sandbox was started.',
        regarding: anEvent().regarding,
      },
    ]);
  });

  test('cuts a note at 1024 bytes, as the server counts, and not within a character', async () => {
    const { recorder, created } = aRecorder();
    const notes = ['x'.repeat(1024), 'x'.repeat(1025), '関'.repeat(1024), `${'x'.repeat(1019)}😀😀`];
    for (const [index, note] of notes.entries()) recorder.record(anEvent({ reason: `R${index}`, note }));
    await soon();
    const written = created.map(({ note }) => note);
    expect(written.map((note) => Buffer.byteLength(note))).toEqual([1024, 1024, 1023, 1022]);
    expect(written.every((note) => note.isWellFormed() && !note.includes('\ufffd'))).toBe(true);
    expect(written.map((note) => note.endsWith('…'))).toEqual([false, true, true, true]);
  });

  test('counts repeats in one event, and tells of them every half minute at most', async () => {
    const { recorder, created, patched } = aRecorder();
    for (let index = 0; index < 100; index += 1) {
      recorder.record(anEvent({ note: `time ${index}` }));
      await jest.advanceTimersByTimeAsync(1000);
    }
    expect(created).toHaveLength(1);
    expect(patched).toHaveLength(3);
    expect(patched[2]).toMatchObject({
      ref: { namespace: 'team-a', name: created[0]?.metadata.name },
      patch: { series: { count: 91, lastObservedTime: '2026-11-01T00:01:30.000000Z' } },
    });
  });

  test('begins a new event after minutes of silence, and for another reason', async () => {
    const { recorder, created } = aRecorder();
    recorder.record(anEvent());
    recorder.record(anEvent({ reason: 'Denied' }));
    await jest.advanceTimersByTimeAsync(6 * 60_000);
    recorder.record(anEvent());
    await soon();
    expect(created).toHaveLength(3);
  });

  test('an object in trouble cannot flood the server, and others are still heard', async () => {
    const { recorder, created } = aRecorder();
    for (let index = 0; index < 200; index += 1) recorder.record(anEvent({ reason: `Reason${index}` }));
    recorder.record(anEvent({ name: 'other' }));
    await soon();
    expect(created).toHaveLength(26);
  });

  test('all objects together cannot either', async () => {
    const { recorder, created } = aRecorder();
    for (let index = 0; index < 2000; index += 1) recorder.record(anEvent({ name: `r-${index}` }));
    await soon();
    expect(created).toHaveLength(300);
  });

  test('tries again what may succeed, lets go what may not, and never throws', async () => {
    const faults = [new KubeError('Retry', 'busy'), new KubeError('Retry', 'busy')];
    const { recorder, created } = aRecorder(() => {
      const fault = faults.shift();
      if (fault) throw fault;
    });
    recorder.record(anEvent());
    await jest.advanceTimersByTimeAsync(1000);
    expect(created).toHaveLength(1);
    faults.push(new KubeError('Forbidden', 'the namespace is being deleted'));
    recorder.record(anEvent({ name: 'a' }));
    recorder.record(anEvent({ name: 'b' }));
    await jest.advanceTimersByTimeAsync(1000);
    expect(created.map(({ metadata }) => metadata.name.slice(0, 2))).toEqual(['r.', 'b.']);
    expect(() => recorder.record({ ...anEvent(), regarding: undefined as never })).not.toThrow();
  });

  test('writes a series anew whose event has expired', async () => {
    const { recorder, created } = aRecorder((call) => {
      if (call === 'patch') throw new KubeError('NotFound', 'gone');
    });
    recorder.record(anEvent());
    await jest.advanceTimersByTimeAsync(31_000);
    recorder.record(anEvent());
    await soon();
    expect(created).toHaveLength(2);
    expect(created[1]?.series?.count).toBe(2);
  });

  test('stopping writes what is still to be written, but does not wait for ever', async () => {
    const good = aRecorder();
    good.recorder.record(anEvent());
    await good.recorder.stop();
    good.recorder.record(anEvent({ name: 'late' }));
    await soon();
    expect(good.created).toHaveLength(1);

    const bad = aRecorder(() => {
      throw new KubeError('Retry', 'down', { retryAfterSeconds: 100 });
    });
    bad.recorder.record(anEvent());
    const stopping = bad.recorder.stop();
    await jest.advanceTimersByTimeAsync(2001);
    await stopping;
  });
});
