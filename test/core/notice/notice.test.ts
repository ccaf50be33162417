import { describe, expect, test } from '@jest/globals';
import { noticeOf } from '../../../src/core/notice/notice.ts';
import { decide } from '../../../src/core/decide.ts';
import type { Observed } from '../../../src/core/observed.ts';
import { statusOf } from '../../../src/core/status.ts';
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
} from '../../support/build.ts';

const decided = (spec: object, metadata: object = {}) => ({
  judgement: approvalJudgement(),
  approvals: [{ approval: anApproval(spec, metadata), mayApprove: true }],
});
function noticeFor(given: Partial<Observed>, time = TIME) {
  const seen = anObserved(given);
  return noticeOf(seen.request, statusOf({ seen, plan: decide(seen, NOW), problem: undefined }, time));
}
const old = aRequest({ metadata: { creationTimestamp: '2026-11-22T11:59:59Z' } });
const waiting = { judgement: approvalJudgement() };

describe('people are told', () => {
  test.each<readonly [string, Partial<Observed>]>([
    ['ApprovalWanted', waiting],
    ['ApprovalInvalidated', decided({ digest: `sha256:${'0'.repeat(64)}` })],
    ['ApprovalGiven', decided({})],
    ['ApprovalDenied', decided({ decision: 'Deny' })],
    ['ApprovalExpired', { ...waiting, request: old }],
    ['BreakGlass', inEmergency()],
  ])('%s', (event, given) => {
    expect(noticeFor(given)).toMatchObject({
      event,
      request: { uid: UID },
      requester: 'alice',
      role: 'user',
    });
  });

  test('nothing of what needs no approval, or is denied', () => {
    expect([noticeFor({}), noticeFor({ judgement: deniedJudgement() })]).toEqual([undefined, undefined]);
  });

  test('who asked for what, how risky it is, and who decided; never what is in the program', () => {
    const request = aRequest({ spec: { code: 'print("secret")', stdin: 'secret', args: ['secret'] } });
    const notice = noticeFor({ ...inEmergency(), request });
    expect(notice).toMatchObject({
      actions: ['send_email'],
      riskScore: 0,
      digest: approvalJudgement().verdict.digest,
      approval: { required: 1, approvedBy: [], breakGlass: { by: 'bob', ticket: 'INC-1' } },
    });
    expect(JSON.stringify(notice)).not.toContain('secret');
  });

  test('by an id that is the same for the same event, and another for what happens again', () => {
    const id = noticeFor(waiting)?.id;
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(noticeFor(waiting)?.id).toBe(id);
    expect(noticeFor(decided({}))?.id).not.toBe(id);
    expect(noticeFor(waiting, '2026-11-23T13:00:00Z')?.id).not.toBe(id);
  });

  test('in a bounded way, whatever the names are', () => {
    const username = '𝒜'.repeat(1024);
    const request = aRequest({ spec: { requester: { username }, onBehalfOf: { username } } });
    expect(Buffer.byteLength(JSON.stringify(noticeFor({ ...waiting, request })))).toBeLessThan(4096);
  });
});
