/** The record of refused calls is bounded for each caller, and tells how many it left out. */
import { expect, test } from '@jest/globals';
import { verify } from '../../src/core/audit/verify.ts';
import { RECORDS_PER_MINUTE, RecordBound } from '../../src/gateway-cluster/record-bound.ts';
import { openRecorder } from '../../src/gateway-cluster/recorder.ts';
import type { CallEvent } from '../../src/gateway/contract.ts';
import { aRole, NOW } from '../support/build.ts';

const callerOf = (uid: string): NonNullable<CallEvent['caller']> => ({
  request: { namespace: 'team-a', name: uid, uid },
  podUid: 'pod-uid',
  requester: 'alice',
  role: aRole(),
  grants: [],
  until: NOW,
});

const refused = (uid: string, given: Partial<CallEvent> = {}): CallEvent => ({
  caller: callerOf(uid),
  outcome: 'Refused',
  code: 'BadTarget',
  ...given,
});

function scene() {
  let clock = NOW;
  const bound = new RecordBound(() => clock);
  const written: CallEvent[] = [];
  const write = (event: CallEvent): void => void written.push(event);
  const times = (count: number, event: CallEvent): number =>
    Array.from({ length: count }, () => bound.admits(event)).filter(Boolean).length;
  return { bound, written, write, times, pass: (milliseconds: number) => void (clock += milliseconds) };
}

test('a caller that is refused without end gets so many records in a minute, and one that counts the rest', () => {
  const { bound, written, write, times, pass } = scene();
  expect(times(1000, refused('a'))).toBe(RECORDS_PER_MINUTE);
  bound.tell(write);
  expect(written).toEqual([]);
  pass(60_000);
  bound.tell(write);
  bound.tell(write);
  expect(written).toEqual([refused('a', { others: 1000 - RECORDS_PER_MINUTE - 1 })]);
  expect(times(5, refused('a'))).toBe(5);
});

test('a single call that was kept back has a record as it would have had', () => {
  const { bound, written, write, times, pass } = scene();
  times(RECORDS_PER_MINUTE + 1, refused('a'));
  pass(60_000);
  bound.tell(write);
  expect(written).toEqual([refused('a')]);
});

test('callers do not take the place of each other, also those that nobody knows', () => {
  const { times } = scene();
  const from = (address: string) => refused('', { caller: undefined, address, code: 'Unauthenticated' });
  times(1000, refused('a'));
  times(1000, from('10.0.0.1'));
  expect([times(1, refused('b')), times(1, from('10.0.0.2')), times(1, from('10.0.0.1'))]).toEqual([1, 1, 0]);
});

test('what the pace of an operation bounds has always a record: that it begins, ends, or was refused later', () => {
  const { times } = scene();
  times(1000, refused('a'));
  expect(times(50, refused('a', { outcome: 'About' }))).toBe(50);
  expect(times(50, refused('a', { outcome: 'Done' }))).toBe(50);
  expect(times(50, refused('a', { code: 'InputInvalid', requestBytes: 2 }))).toBe(50);
});

test('many addresses do not fill the memory: beyond a number they count as one', () => {
  const { bound, written, write, times } = scene();
  const from = (n: number) => refused('', { caller: undefined, address: `10.0.${n >> 8}.${n & 255}` });
  let admitted = 0;
  for (let n = 0; n < 5000; n += 1) admitted += times(1, from(n));
  expect(admitted).toBeLessThanOrEqual(4096 + RECORDS_PER_MINUTE);
  expect(admitted).toBeGreaterThanOrEqual(4096);
  bound.tell(write, true);
  expect(written.map(({ others = 0 }) => others + 1).reduce((sum, one) => sum + one, admitted)).toBe(5000);
});

test('what cannot be written is kept', () => {
  const { bound, written, write, times, pass } = scene();
  times(RECORDS_PER_MINUTE + 3, refused('a'));
  pass(60_000);
  expect(() =>
    bound.tell(() => {
      throw new Error('no space');
    }),
  ).toThrow('no space');
  bound.tell(write);
  expect(written).toMatchObject([{ others: 2 }]);
});

test('the log stays a chain, and every call is counted, also those that share a record', () => {
  const lines: string[] = [];
  const counted: { readonly event: CallEvent; readonly known: boolean }[] = [];
  const errors: object[] = [];
  const output = { full: false };
  const recorder = openRecorder(
    {
      identity: 'gateway-1',
      now: () => NOW,
      write: (line) => {
        if (output.full) throw new Error('no space');
        lines.push(line);
      },
      logger: { error: (fields) => void errors.push(fields) },
    },
    { count: (event, known) => void counted.push({ event, known }) },
  );
  const caller = {
    ...callerOf('a'),
    grants: [{ name: 'calendar', uid: 'uid', revision: 'calendar@1', operations: ['read_events'] }],
  };
  const names = { plugin: 'calendar', operation: 'read_events' };
  for (let n = 0; n < 100; n += 1) recorder.record(refused('a', { caller, ...names, code: 'RateLimited' }));
  recorder.record(refused('a', { caller }));
  recorder.tell();
  expect(lines).toHaveLength(1 + RECORDS_PER_MINUTE);
  output.full = true;
  recorder.tell(true);
  expect(errors).toHaveLength(1);
  output.full = false;
  recorder.tell(true);
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    unmapped: { code: 'BadTarget', others: 100 - RECORDS_PER_MINUTE },
  });
  expect(counted.filter(({ known }) => known)).toHaveLength(100);
  expect(counted).toHaveLength(101);
  expect(verify(lines, [], NOW)).toMatchObject({ records: 2 + RECORDS_PER_MINUTE, problems: [] });
});
