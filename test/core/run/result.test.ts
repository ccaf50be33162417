import { describe, expect, test } from '@jest/globals';
import { isOver, needsLog, resultOf } from '../../../src/core/run/result.ts';
import type { JobSeen, PodSeen, TerminatedSeen } from '../../../src/core/run/seen.ts';
import { aJob, aMessage, aPod, aRun, NOW, terminated } from '../../support/build.ts';

const LIMIT = 1024;
const REFUSED = 'sekisho.dev/1 refused the input is not what was judged\n';

const ended = (state: Partial<TerminatedSeen>, pod: Partial<PodSeen> = {}, job: Partial<JobSeen> = {}) =>
  aRun({ job: aJob(job), pod: aPod({ terminated: terminated(state), ...pod }) });
const never = (pod: Partial<PodSeen> | undefined, job: Partial<JobSeen> = { finished: 'Failed' }) =>
  aRun({ job: aJob(job), pod: pod && aPod({ phase: 'Failed', ...pod }) });

const REASONS = [
  ['Completed', 'the program ended with 0', ended({ message: aMessage() })],
  ['Completed', 'it ended with 0 and left no message', ended({})],
  [
    'Completed',
    'it ended with 0 though a process of its was out of memory',
    ended({ message: aMessage(), reason: 'OOMKilled' }),
  ],
  ['Error', 'it ended with 1', ended({ exitCode: 1, message: aMessage({ exit: 1 }) })],
  ['Error', 'it ended with 124 by itself', ended({ exitCode: 124, message: aMessage({ exit: 124 }) })],
  ['Error', 'it ended with 1 and left no message', ended({ exitCode: 1 })],
  ['Error', 'its message is garbage', ended({ exitCode: 1, message: 'sekisho.dev/1 exit=0' })],
  [
    'DeadlineExceeded',
    'the supervisor ended it',
    ended({ exitCode: 137, message: aMessage({ exit: 137, deadline: 1 }) }),
  ],
  [
    'DeadlineExceeded',
    'it answered the end of its time with 0',
    ended({ message: aMessage({ deadline: 1 }) }),
  ],
  ['DeadlineExceeded', 'timeout ended the supervisor', ended({ exitCode: 124 })],
  ['DeadlineExceeded', 'the kubelet ended the pod', ended({ exitCode: 137 }, { reason: 'DeadlineExceeded' })],
  [
    'DeadlineExceeded',
    'the Job controller ended it',
    ended({ exitCode: 137 }, {}, { failedReason: 'DeadlineExceeded' }),
  ],
  [
    'DeadlineExceeded',
    'a pod that ran was ended and shows no container',
    never({ reason: 'DeadlineExceeded', runningSince: NOW }),
  ],
  ['OOMKilled', 'the kernel killed the supervisor', ended({ exitCode: 137, reason: 'OOMKilled' })],
  [
    'OOMKilled',
    'the kernel killed the program',
    ended({ exitCode: 137, reason: 'OOMKilled', message: aMessage({ exit: 137 }) }),
  ],
  ['TamperDetected', 'the supervisor refused', ended({ exitCode: 125, message: REFUSED })],
  [
    'TamperDetected',
    'it refused at the end of its time',
    ended({ exitCode: 125, message: REFUSED }, { reason: 'DeadlineExceeded' }),
  ],
  [
    'StorageExceeded',
    'the pod was evicted for an emptyDir',
    ended(
      { exitCode: 137 },
      { reason: 'Evicted', message: 'Usage of EmptyDir volume "scratch" exceeds the limit' },
    ),
  ],
  [
    'StorageExceeded',
    'it was evicted before its container was seen to end',
    never({ reason: 'Evicted', message: 'Pod ephemeral local storage usage exceeds' }),
  ],
  [
    'Interrupted',
    'the pod was evicted for lack of memory on the node',
    ended({ exitCode: 137 }, { reason: 'Evicted', message: 'The node was low on resource: memory.' }),
  ],
  ['Interrupted', 'somebody deleted the pod', ended({ exitCode: 137 }, { deleting: true })],
  [
    'Interrupted',
    'somebody deleted the pod, and the supervisor had the time to say that it was told to end',
    ended(
      { exitCode: 137, message: aMessage({ exit: 137, deadline: 1 }), lastedSeconds: 2 },
      { deleting: true, deadlineSeconds: 3 },
    ),
  ],
  [
    'DeadlineExceeded',
    'its time was over before somebody deleted the pod',
    ended(
      { exitCode: 137, message: aMessage({ exit: 137, deadline: 1 }), lastedSeconds: 3 },
      { deleting: true, deadlineSeconds: 3 },
    ),
  ],
  [
    'StorageExceeded',
    'the pod was evicted for an emptyDir, and the supervisor had the time to say that it was told to end',
    ended(
      { exitCode: 137, message: aMessage({ exit: 137, deadline: 1 }) },
      { reason: 'Evicted', message: 'Usage of EmptyDir volume "scratch" exceeds the limit' },
    ),
  ],
  ['Interrupted', 'the pod is gone', never(undefined)],
  ['Interrupted', 'the node is gone', never({ reason: 'NodeLost' })],
  ['StartFailed', 'the pod never ran within its deadline', never({ reason: 'DeadlineExceeded' })],
  [
    'StartFailed',
    'no pod came up within the deadline of the Job',
    never(undefined, { finished: 'Failed', failedReason: 'DeadlineExceeded' }),
  ],
] as const;

describe('the reason of a result', () => {
  test.each(REASONS)('is %s when %s', (reason, _when, run) => {
    expect(isOver(run)).toBe(true);
    expect(resultOf(run, LIMIT).reason).toBe(reason);
  });

  test('is never made up: the table names each that a run can have', () => {
    expect([...new Set(REASONS.map(([reason]) => reason))].sort()).toEqual([
      'Completed',
      'DeadlineExceeded',
      'Error',
      'Interrupted',
      'OOMKilled',
      'StartFailed',
      'StorageExceeded',
      'TamperDetected',
    ]);
  });
});

describe('a run', () => {
  test.each([
    ['a running pod', aRun()],
    ['no pod yet', aRun({ pod: undefined })],
    [
      'a pending pod',
      aRun({ pod: aPod({ phase: 'Pending', waiting: { reason: 'ErrImagePull', message: '' } }) }),
    ],
  ])('with %s is not over', (_title, run) => expect(isOver(run)).toBe(false));

  test.each([
    ['a Job that is complete', aRun({ pod: undefined, job: aJob({ finished: 'Complete' }) })],
    ['a pod that succeeded', aRun({ pod: aPod({ phase: 'Succeeded' }) })],
  ])('with %s is over', (_title, run) => expect(isOver(run)).toBe(true));
});

describe('the output of a result', () => {
  test('comes with exit code, times and duration', () => {
    const message = aMessage({ exit: 3, stdout: 'out\n', stderr: '\u001b[1m' });
    expect(resultOf(ended({ exitCode: 3, message }), LIMIT)).toEqual({
      reason: 'Error',
      exitCode: 3,
      stdout: 'out\n',
      stderr: '\\u001b[1m',
      truncated: false,
      startedAt: '2026-11-23T12:00:01Z',
      finishedAt: '2026-11-23T12:00:02Z',
      durationMilliseconds: 120,
    });
  });

  const inLog = 'sekisho.dev/1 exit=0 deadline=0 stdout=5000 stderr=0 ms=9 in=log\n';

  test('comes from the log when the message says so', () => {
    const run = ended({ message: inLog });
    expect(needsLog(run.pod)).toBe(true);
    expect(resultOf({ ...run, log: '\nsekisho.dev/1 output\naGVsbG8=\n\n' }, 8192)).toMatchObject({
      reason: 'Completed',
      stdout: 'hello',
      stderr: '',
      truncated: false,
    });
  });

  test('counts as cut when more was written than is kept', () => {
    const run = { ...ended({ message: inLog }), log: 'sekisho.dev/1 output\naGVsbG8=\n\n' };
    expect(resultOf(run, LIMIT)).toMatchObject({ stdout: 'hello', truncated: true });
  });

  test.each([
    ['is gone', undefined],
    ['holds no output', 'program noise'],
  ])('is left out and counts as cut when the log %s', (_title, log) => {
    const result = resultOf({ ...ended({ message: inLog }), log }, LIMIT);
    expect(result).toMatchObject({ reason: 'Completed', truncated: true });
    expect(result).not.toHaveProperty('stdout');
  });

  test.each([
    ['a message that holds it', aMessage()],
    ['a refusal', REFUSED],
    ['no message', undefined],
  ])('is not looked for in the log with %s', (_title, message) => {
    expect(needsLog(aPod({ terminated: terminated({ message }) }))).toBe(false);
  });

  test('has no more of the program where nothing is known', () => {
    expect(resultOf(ended({ exitCode: 137, startedAt: undefined, finishedAt: undefined }), LIMIT)).toEqual({
      reason: 'Error',
      exitCode: 137,
    });
  });
});
