import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/core/decide.ts';
import type { ResultReason } from '../../src/api/v1alpha1/code-execution-request.ts';
import type { Observed, Plan } from '../../src/core/observed.ts';
import {
  aClass,
  anApproval,
  aJob,
  aMessage,
  anObserved,
  aPod,
  approvalJudgement,
  aRequest,
  aRun,
  deniedJudgement,
  NOW,
  PROVEN,
  terminated,
  UNPROVEN,
} from '../support/build.ts';

const ended = aRun({ pod: aPod({ terminated: terminated({ message: aMessage({ stdout: 'hi' }) }) }) });
const runningFor = (milliseconds: number) => aRun({ pod: aPod({ runningSince: NOW - milliseconds }) });

const failing = () =>
  aRun({
    pod: aPod({
      terminated: terminated({ exitCode: 143, message: aMessage({ exit: 143, stdout: 'half' }) }),
    }),
  });
const CANCELLED = aRequest({ spec: { cancel: true } });
const finish = (reason: ResultReason): Partial<Plan> => ({
  kind: 'Finish',
  result: expect.objectContaining({ reason }) as never,
});

const CASES: readonly (readonly [string, Partial<Observed>, Partial<Plan>])[] = [
  [
    'rests on a result',
    { request: aRequest({ status: { result: { reason: 'Completed' } } }), run: ended },
    { kind: 'Rest' },
  ],
  ['rests on a denial', { request: aRequest({ status: { state: 'Denied' } }) }, { kind: 'Rest' }],
  [
    'ends in NameCollision on a Job of another request, even one that has ended',
    { run: { ...ended, job: aJob({ requestUid: 'other' }) } },
    { kind: 'Finish', result: { reason: 'NameCollision' } },
  ],
  [
    'ends in NameCollision on a Job that nobody claims',
    { run: aRun({ job: aJob({ requestUid: undefined }) }), start: 'Created' },
    { kind: 'Finish', result: { reason: 'NameCollision' } },
  ],
  [
    'follows a short run in silence',
    { run: runningFor(4999) },
    { kind: 'Follow', againSeconds: 5, tell: false },
  ],
  [
    'tells of a run after five seconds',
    { run: runningFor(5000) },
    { kind: 'Follow', againSeconds: 5, tell: true },
  ],
  [
    'waits in silence for a pod to start',
    { run: aRun({ pod: undefined, job: aJob({ createdAt: NOW - 19_999 }) }) },
    { kind: 'Follow', againSeconds: 5, tell: false },
  ],
  [
    'tells after twenty seconds, counted from the creation of the Job, that nothing runs yet',
    { run: aRun({ pod: undefined, job: aJob({ createdAt: NOW - 20_000 }) }) },
    { kind: 'Follow', againSeconds: 5, tell: true },
  ],
  [
    'follows what runs though it would be denied and held by now',
    { run: runningFor(0), judgement: deniedJudgement(), isolation: UNPROVEN },
    { kind: 'Follow', againSeconds: 5, tell: false },
  ],
  [
    'finishes what is over, without judgement or class',
    { run: ended, judgement: undefined, sandboxClass: undefined },
    { kind: 'Finish', result: expect.objectContaining({ reason: 'Completed', stdout: 'hi' }) as never },
  ],
  [
    'does not start again what an earlier process may have started',
    { start: 'Unknown' },
    { kind: 'Finish', result: { reason: 'Interrupted' } },
  ],
  [
    'waits for a Job that was created and is not seen yet',
    { start: 'Created', startedAt: NOW - 60_000 },
    { kind: 'Follow', againSeconds: 5, tell: false },
  ],
  [
    'gives up on a created Job after sixty seconds',
    { start: 'Created', startedAt: NOW - 60_001 },
    { kind: 'Finish', result: { reason: 'Interrupted' } },
  ],
  ['denies', { judgement: deniedJudgement() }, { kind: 'Deny' }],
  [
    'denies even where nothing is isolated',
    { judgement: deniedJudgement(), isolation: UNPROVEN },
    { kind: 'Deny' },
  ],
  ['waits for approval', { judgement: approvalJudgement() }, { kind: 'AwaitApproval' }],
  [
    'waits for approval rather than for the isolation',
    { judgement: approvalJudgement(), isolation: UNPROVEN },
    { kind: 'AwaitApproval' },
  ],
  [
    'looks again at a waiting request when its time to be approved is over',
    {
      judgement: approvalJudgement(),
      request: aRequest({ metadata: { creationTimestamp: '2026-11-22T12:00:30Z' } }),
    },
    { kind: 'AwaitApproval', againSeconds: 31 },
  ],
  [
    'starts what is approved',
    { judgement: approvalJudgement(), approvals: [{ approval: anApproval(), mayApprove: true }] },
    { kind: 'Start' },
  ],
  [
    'holds what is approved while the isolation is unproven',
    {
      judgement: approvalJudgement(),
      approvals: [{ approval: anApproval(), mayApprove: true }],
      isolation: UNPROVEN,
    },
    { kind: 'Hold' },
  ],
  [
    'waits on when the approver may approve no more',
    { judgement: approvalJudgement(), approvals: [{ approval: anApproval(), mayApprove: false }] },
    { kind: 'AwaitApproval' },
  ],
  [
    'refuses what a person denied',
    {
      judgement: approvalJudgement(),
      approvals: [{ approval: anApproval({ decision: 'Deny' }), mayApprove: true }],
    },
    { kind: 'Refuse' },
  ],
  [
    'denies what the rules deny, whoever approved it',
    { judgement: deniedJudgement(), approvals: [{ approval: anApproval(), mayApprove: true }] },
    { kind: 'Deny' },
  ],
  [
    'holds while the isolation is unproven',
    { isolation: UNPROVEN },
    { kind: 'Hold', isolation: UNPROVEN, againSeconds: 10 },
  ],
  [
    'starts what is allowed and isolated, in the proven shape',
    {},
    {
      kind: 'Start',
      shape: PROVEN.shape,
      sandboxClass: aClass(),
      limits: expect.objectContaining({ memory: '100Mi' }) as never,
    },
  ],
  ['ends a cancelled request that never started', { request: CANCELLED }, finish('Cancelled')],
  [
    'ends a cancelled request that waits for approval',
    { request: CANCELLED, judgement: approvalJudgement() },
    finish('Cancelled'),
  ],
  [
    'says of a run that is gone that it was cancelled, whoever started it',
    { request: CANCELLED, start: 'Unknown' },
    finish('Cancelled'),
  ],
  [
    'ends what runs when it is cancelled',
    { request: CANCELLED, run: runningFor(0) },
    { kind: 'Cancel', job: aJob(), againSeconds: 2 },
  ],
  [
    'keeps the result of a cancelled program that had ended',
    { request: CANCELLED, run: ended },
    finish('Completed'),
  ],
  [
    'keeps the failure of a cancelled program that had ended by itself',
    { request: CANCELLED, run: failing() },
    finish('Error'),
  ],
  [
    'says of a program that failed while it was being ended that it was cancelled, and keeps its output',
    { request: CANCELLED, run: { ...failing(), job: aJob({ deleting: true }) } },
    { kind: 'Finish', result: expect.objectContaining({ reason: 'Cancelled', stdout: 'half' }) as never },
  ],
  [
    'leaves a foreign Job alone though the request was cancelled',
    { request: CANCELLED, run: aRun({ job: aJob({ requestUid: 'other' }) }) },
    finish('NameCollision'),
  ],
  [
    'rests on the result of a cancelled request',
    { request: aRequest({ spec: { cancel: true }, status: { result: { reason: 'Cancelled' } } }) },
    { kind: 'Rest' },
  ],
  ['starts again what was only intended', { start: 'Intended', startedAt: NOW }, { kind: 'Start' }],
];

describe('decide', () => {
  test.each(CASES)('%s', (_title, seen, plan) => {
    expect(decide(anObserved(seen), NOW)).toMatchObject(plan);
  });

  test('keeps only what the class keeps of the output', () => {
    const stdout = 'x'.repeat(1500);
    const run = aRun({ pod: aPod({ terminated: terminated({ message: aMessage({ stdout }) }) }) });
    expect(decide(anObserved({ run, sandboxClass: aClass({ outputBytes: 1024 }) }), NOW)).toMatchObject({
      result: { stdout: 'x'.repeat(1024), truncated: true },
    });
  });

  test.each([
    ['the judgement', { judgement: undefined }],
    ['the class', { sandboxClass: undefined }],
  ])('throws rather than starts when %s is missing', (_title, seen) => {
    expect(() => decide(anObserved(seen), NOW)).toThrow(/no step decided about request/);
  });
});
