import { describe, expect, test } from '@jest/globals';
import { Reporter } from '../../src/controller/report.ts';
import type { ReportPorts } from '../../src/controller/report.ts';
import { decide } from '../../src/core/decide.ts';
import type { Observed } from '../../src/core/observed.ts';
import type { RequestStatus } from '../../src/api/v1alpha1/code-execution-request.ts';
import type { Notice } from '../../src/core/notice/notice.ts';
import { KubeError } from '../../src/kube/errors.ts';
import type { EventRecord } from '../../src/kube/events.ts';
import {
  anApproval,
  anObserved,
  approvalJudgement,
  aRequest,
  deniedJudgement,
  inEmergency,
  NOW,
  TIME,
  UID,
  UNPROVEN,
} from '../support/build.ts';

function aReporter() {
  const written: { metadata: object; status: RequestStatus }[] = [];
  const events: EventRecord[] = [];
  const counted: unknown[] = [];
  const notices: Notice[] = [];
  const world = { now: NOW, fail: false, room: Infinity };
  const client = {
    applyStatus: async (_resource: unknown, object: (typeof written)[number]) => {
      if (world.fail) throw new Error('conflict');
      if (JSON.stringify(object).length > world.room) throw new KubeError('TooLarge', 'request is too large');
      written.push(object);
      return object;
    },
  } as unknown as ReportPorts['client'];
  const reporter = new Reporter({
    client,
    events: { record: (event) => void events.push(event), stop: async () => undefined },
    metrics: {
      decided: (decision) => void counted.push(decision),
      found: (rule) => void counted.push(rule),
      glassBroken: () => void counted.push('glass'),
      ran: (seconds) => void counted.push(seconds),
    },
    notify: (notice) => void notices.push(notice),
    now: () => world.now,
  });
  const report = (given: Partial<Observed>) => {
    const seen = anObserved(given);
    return reporter.report({ seen, plan: decide(seen, NOW), problem: undefined });
  };
  return { reporter, report, written, events, counted, notices, world };
}

describe('a report', () => {
  test('writes the status of this very request', async () => {
    const { report, written } = aReporter();
    await report({});
    expect(written).toMatchObject([
      {
        metadata: { name: 'weekly', namespace: 'team-a', uid: UID },
        status: {
          state: 'Running',
          conditions: expect.arrayContaining([expect.objectContaining({ lastTransitionTime: TIME })]),
        },
      },
    ]);
  });

  test('that says nothing new is not written, though time went by and the cache is behind', async () => {
    const { report, written, world, counted } = aReporter();
    await report({});
    world.now += 9000;
    await report({});
    expect([written.length, counted]).toEqual([1, ['Allow']]);
  });

  test('that somebody else wrote over is written again, once the cache had shown it', async () => {
    const { report, written, world } = aReporter();
    await report({});
    const [first] = written;
    await report({ request: aRequest({ status: first?.status ?? {} }) });
    await report({ request: aRequest({ status: { ...first?.status, state: 'AwaitingApproval' } }) });
    expect(written).toHaveLength(2);
    // What the cache never showed counts as lost after a while.
    world.now += 10_000;
    await report({});
    expect(written).toHaveLength(3);
  });

  test('that says what the request says already is not written', async () => {
    const first = aReporter();
    await first.report({});
    const second = aReporter();
    await second.report({ request: aRequest({ status: first.written[0]?.status ?? {} }) });
    expect(second.written).toEqual([]);
  });

  test('that says something new is written', async () => {
    const { report, written } = aReporter();
    await report({ isolation: UNPROVEN });
    await report({ isolation: { ...UNPROVEN, message: 'Another address answered.' } });
    await report({});
    expect(written).toHaveLength(3);
  });

  test('that could not be written is written the next time', async () => {
    const { report, written, world, events } = aReporter();
    world.fail = true;
    await expect(report({ judgement: deniedJudgement() })).rejects.toThrow('conflict');
    expect(events).toEqual([]);
    world.fail = false;
    await report({ judgement: deniedJudgement() });
    expect([written.length, events.length]).toEqual([1, 1]);
  });

  test('that is too large to be stored is written as far as there is room, once, and stands', async () => {
    const { report, written, world, events } = aReporter();
    const judgement = deniedJudgement();
    const [one] = judgement.verdict.findings ?? [];
    const findings = one ? [one, one, one] : [];
    const request = aRequest();
    const given = { request, judgement: { ...judgement, verdict: { ...judgement.verdict, findings } } };
    world.room = JSON.stringify({ ...request, status: {} }).length + 1500;
    await report(given);
    expect(written).toMatchObject([{ status: { state: 'Denied', verdict: { truncatedFindings: 3 } } }]);
    expect(written[0]?.status.verdict?.findings).toBeUndefined();
    expect(events).toHaveLength(1);
    const stored = aRequest({ status: written[0]?.status ?? {} });
    world.now += 20_000;
    await report({ ...given, request: stored });
    expect(written).toHaveLength(1);
  });

  test('that is too large at any size is an error, tried again later', async () => {
    const { report, written, world } = aReporter();
    world.room = 10;
    await expect(report({})).rejects.toThrow('too large');
    expect(written).toEqual([]);
  });

  test('is kept for each request by itself, until it is forgotten', async () => {
    const { reporter, report, written } = aReporter();
    await report({});
    reporter.forget('other');
    await report({});
    expect(written).toHaveLength(1);
    reporter.forget(UID);
    await report({});
    expect(written).toHaveLength(2);
  });

  test('of a denial is an event and counts decision and rules', async () => {
    const { report, events, counted } = aReporter();
    await report({ judgement: deniedJudgement() });
    expect(events).toMatchObject([
      { type: 'Warning', reason: 'Denied', note: expect.stringContaining('PY-FORK') },
    ]);
    expect(counted).toEqual(['Deny', 'PY-FORK']);
  });

  test('of an approval that is wanted, then given, tells people each thing once', async () => {
    const approvals = [{ approval: anApproval(), mayApprove: true }];
    const { report, written, events, notices } = aReporter();
    await report({ judgement: approvalJudgement() });
    await report({ judgement: approvalJudgement(), approvals, isolation: UNPROVEN });
    await report({ judgement: approvalJudgement(), approvals });
    expect(notices.map(({ event }) => event)).toEqual(['ApprovalWanted', 'ApprovalGiven']);
    expect(events.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      'Warning AwaitingApproval',
      'Warning NetworkOpen',
      'Normal Approved',
    ]);
    const next = aReporter();
    const request = aRequest({ status: written[1]?.status ?? {} });
    await next.report({ judgement: approvalJudgement(), approvals, request });
    expect([next.written.length, next.notices]).toEqual([1, []]);
  });

  test('of a broken glass is loud, and once, also after the next process has taken over', async () => {
    const broken = inEmergency();
    const { report, written, events, counted } = aReporter();
    await report({ ...broken, isolation: UNPROVEN });
    await report(broken);
    expect(events.filter(({ reason }) => reason === 'BreakGlass')).toMatchObject([
      { type: 'Warning', note: expect.stringContaining('bob (INC-1): The site is down.') },
    ]);
    expect(counted.filter((one) => one === 'glass')).toHaveLength(1);
    const next = aReporter();
    await next.report({ ...broken, request: aRequest({ status: written[0]?.status ?? {} }) });
    expect([next.written.length, next.counted.includes('glass')]).toEqual([1, false]);
  });

  test.each([
    ['an open network', { isolation: UNPROVEN }, ['NetworkOpen']],
    ['a probe that has not ended', { isolation: { ...UNPROVEN, reason: 'ProbePending' as const } }, []],
    ['a lost run', { start: 'Unknown' as const }, ['Interrupted']],
    ['a start', {}, []],
  ])('of %s makes the events it should', async (_title, given, reasons) => {
    const { report, events } = aReporter();
    await report(given);
    expect(events.map(({ reason }) => reason)).toEqual(reasons);
  });
});
