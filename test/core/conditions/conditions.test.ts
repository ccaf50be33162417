import { describe, expect, test } from '@jest/globals';
import { resultReason } from '../../../src/api/v1alpha1/code-execution-request.ts';
import { CONDITIONS, computeConditions } from '../../../src/core/conditions/index.ts';
import type { Facts } from '../../../src/core/conditions/condition.ts';
import { decide } from '../../../src/core/decide.ts';
import type { IsolationProblem, Observed, Plan } from '../../../src/core/observed.ts';
import type { Obstacle } from '../../../src/core/queue/run-queue.ts';
import { judge } from '../../../src/core/verdict/judge.ts';
import {
  aCase,
  anApproval,
  anObserved,
  aPod,
  approvalJudgement,
  aReport,
  aRequest,
  aRun,
  deniedJudgement,
  inEmergency,
  NOW,
  PROVEN,
  TIME,
  UNPROVEN,
} from '../../support/build.ts';

const facts = (given: Partial<Observed> = {}, more: Partial<Facts> = {}): Facts => {
  const seen = anObserved(given);
  return { seen, plan: more.plan ?? decide(seen, NOW), problem: more.problem };
};
const find = (given: Facts, type: string) => computeConditions(given, TIME).find((one) => one.type === type);
const finish = (reason: (typeof resultReason.options)[number], exitCode?: number): Plan => ({
  kind: 'Finish',
  result: { reason, ...(exitCode === undefined ? {} : { exitCode }) },
});

const PROBLEMS: readonly IsolationProblem[] = [
  'ProbePending',
  'NetworkOpen',
  'PolicyMissing',
  'ForeignPolicy',
  'AdmissionLoosened',
  'IsolationUnavailable',
];
const start = facts();
const running = facts({ run: aRun({ pod: aPod({ runningSince: NOW }) }) });
const waiting = facts({
  run: aRun({ pod: aPod({ waiting: { reason: 'ErrImagePull', message: 'no such image' } }) }),
});
const unread = facts({ judgement: judge(aCase({ report: aReport({ parsed: false }) })) });
const notHeld = facts({ judgement: judge(aCase({ holdsRole: false })) });

const deciding = (...approvals: readonly Observed['approvals'][number]['approval'][]) =>
  facts({
    judgement: approvalJudgement(),
    approvals: approvals.map((approval) => ({ approval, mayApprove: true })),
  });
const approvedBy = deciding(anApproval());
const emergency = facts(inEmergency());
const deniedBy = deciding(anApproval({ decision: 'Deny', reason: 'Not on a Friday.' }));
const invalidated = deciding(anApproval({ digest: `sha256:${'0'.repeat(64)}` }));
const expired = facts({
  request: aRequest({ metadata: { creationTimestamp: '2026-11-22T11:59:59Z' } }),
  judgement: approvalJudgement(),
});
const tooLate = facts({
  request: aRequest({ metadata: { creationTimestamp: '2026-11-23T10:00:00Z' } }),
  judgement: approvalJudgement(),
  approvals: [{ approval: anApproval({}, { creationTimestamp: '2026-11-23T10:59:59Z' }), mayApprove: true }],
});

/** Every condition, every reason: the facts that give it, and its status. */
const EVERY: Readonly<
  Record<string, Readonly<Record<string, readonly [Facts, 'True' | 'False' | 'Unknown']>>>
> = {
  Succeeded: {
    Queued: [facts({ isolation: UNPROVEN }), 'Unknown'],
    AwaitingApproval: [facts({ judgement: approvalJudgement() }), 'Unknown'],
    Running: [running, 'Unknown'],
    Cancelling: [
      facts({
        request: aRequest({ spec: { cancel: true } }),
        run: aRun({ pod: aPod({ runningSince: NOW }) }),
      }),
      'Unknown',
    ],
    Denied: [facts({ judgement: deniedJudgement() }), 'False'],
    ApprovalDenied: [deniedBy, 'False'],
    ApprovalExpired: [expired, 'False'],
    ...Object.fromEntries(
      resultReason.options.map(
        (reason) =>
          [reason, [facts({}, { plan: finish(reason) }), reason === 'Completed' ? 'True' : 'False']] as const,
      ),
    ),
  },
  Analysed: { Analysed: [start, 'True'], NotParsed: [unread, 'False'] },
  Authorized: { RoleHeld: [start, 'True'], NotAllowed: [notHeld, 'False'] },
  Approved: {
    NotRequired: [start, 'True'],
    AwaitingApproval: [facts({ judgement: approvalJudgement() }), 'Unknown'],
    ApprovalInvalidated: [invalidated, 'False'],
    Approved: [approvedBy, 'True'],
    BreakGlass: [emergency, 'True'],
    ApprovalDenied: [deniedBy, 'False'],
    ApprovalExpired: [expired, 'False'],
    Denied: [facts({ judgement: deniedJudgement() }), 'False'],
  },
  Isolated: {
    Proven: [start, 'True'],
    ...Object.fromEntries(
      PROBLEMS.map((reason) => [reason, [facts({ isolation: { ...UNPROVEN, reason } }), 'False']] as const),
    ),
  },
  Started: {
    Starting: [start, 'Unknown'],
    NotStarted: [facts({}, { problem: 'The API server refused the Job: quota' }), 'Unknown'],
    WaitingForPod: [waiting, 'Unknown'],
    Running: [running, 'True'],
    Ran: [facts({ start: 'Created' }, { plan: finish('Completed', 0) }), 'True'],
    NeverRan: [facts({ start: 'Created' }, { plan: finish('StartFailed') }), 'False'],
  },
};
const ROWS = Object.entries(EVERY).flatMap(([type, reasons]) =>
  Object.entries(reasons).map(([reason, [given, status]]) => ({ type, reason, given, status })),
);

const waitingFor = (obstacle: Obstacle): Facts =>
  facts({ turn: { kind: 'Waiting', position: 2, of: 3, obstacle, againSeconds: 10 } });
const limit = { most: 5, quota: 'tenants' };

describe('conditions', () => {
  test.each<readonly [Obstacle, string]>([
    [{ kind: 'Others' }, 'Others are first.'],
    [{ kind: 'Cluster', most: 100 }, '100 programs run in all namespaces together'],
    [{ kind: 'Namespace', amount: 'running', limit }, '"tenants" lets 5 programs of the namespace run'],
    [{ kind: 'Requester', amount: 'perHour', limit }, '5 programs of the requester start within an hour'],
  ])('tell the place in line and what holds it: %j', (obstacle, words) => {
    const { message } = find(waitingFor(obstacle), 'Succeeded') ?? {};
    expect(message).toContain('Place 2 of 3 in the line of the namespace.');
    expect(message).toContain(words);
    expect(find(waitingFor(obstacle), 'Started')).toMatchObject({ status: 'Unknown', reason: 'NotStarted' });
  });

  test.each(ROWS)(
    '$type can be $status for $reason, with its sentence',
    ({ type, reason, given, status }) => {
      const sentence = CONDITIONS.find((one) => one.type === type)?.reasons[reason];
      expect(find(given, type)).toMatchObject({
        status,
        reason,
        message: expect.stringMatching(/\.$|[.:] .+/),
      });
      expect(find(given, type)?.message.startsWith(sentence ?? '?')).toBe(true);
    },
  );

  test('have no reason that the table above does not produce', () => {
    const declared = CONDITIONS.map(({ type, reasons }) => [type, Object.keys(reasons).sort()]);
    const produced = Object.entries(EVERY).map(([type, reasons]) => [type, Object.keys(reasons).sort()]);
    expect(produced).toEqual(declared);
  });

  test.each([
    ['Succeeded', facts({ isolation: UNPROVEN }), '10.96.0.1:443 answered.'],
    ['Isolated', facts({ isolation: UNPROVEN }), '10.96.0.1:443 answered.'],
    ['Authorized', notHeld, 'alice does not hold role "user"'],
    ['Approved', facts({ judgement: approvalJudgement() }), 'Action "send_email"'],
    ['Approved', approvedBy, 'Approved by bob.'],
    ['Approved', emergency, 'bob (INC-1): The site is down.'],
    ['Approved', deniedBy, 'bob: Not on a Friday.'],
    ['Approved', invalidated, '0 of 1 approvals are given.'],
    ['Approved', expired, 'approveBySeconds'],
    ['Approved', tooLate, 'runBySeconds'],
    ['Started', waiting, 'ErrImagePull: no such image'],
    ['Started', facts({}, { problem: 'over quota' }), 'over quota'],
  ])('%s says in detail what is the matter', (type, given, detail) => {
    expect(find(given, type)?.message).toContain(detail);
  });

  test('Started is true after a run whose end nobody saw, for it may have run', () => {
    expect(find(facts({ start: 'Unknown' }), 'Started')).toMatchObject({ status: 'True', reason: 'Ran' });
  });

  test('Started is false for a run under a foreign name', () => {
    const given = facts({ start: 'Created' }, { plan: finish('NameCollision') });
    expect(find(given, 'Started')).toMatchObject({ status: 'False', reason: 'NeverRan' });
  });

  test('do not appear before they apply', () => {
    const types = computeConditions(facts({ judgement: deniedJudgement() }), TIME).map(({ type }) => type);
    expect(types).toEqual(['Succeeded', 'Analysed', 'Authorized', 'Approved']);
  });
});

describe('the time of a condition', () => {
  const old = (status: string, reason: string) =>
    aRequest({
      metadata: { generation: 2 },
      status: {
        conditions: [
          {
            type: 'Succeeded',
            status,
            observedGeneration: 1,
            lastTransitionTime: '2026-11-23T11:00:00Z',
            reason,
            message: 'Old.',
          },
        ],
      },
    });

  test('stays while the status does, though reason and message move', () => {
    const given = facts({ request: old('Unknown', 'Queued'), isolation: PROVEN });
    expect(find(given, 'Succeeded')).toEqual({
      type: 'Succeeded',
      status: 'Unknown',
      observedGeneration: 2,
      lastTransitionTime: '2026-11-23T11:00:00Z',
      reason: 'Running',
      message: 'The program runs.',
    });
  });

  test('moves with the status', () => {
    const given = facts({ request: old('Unknown', 'Running') }, { plan: finish('Completed', 0) });
    expect(find(given, 'Succeeded')).toMatchObject({ status: 'True', lastTransitionTime: TIME });
  });

  test('stays with everything else of a condition that does not apply', () => {
    const given = facts({ request: old('True', 'Completed') }, { plan: { kind: 'Rest' } });
    expect(find(given, 'Succeeded')).toEqual(given.seen.request.status.conditions?.[0]);
  });
});
