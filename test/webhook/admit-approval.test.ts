import { expect, test } from '@jest/globals';
import { createApprovalAdmission } from '../../src/webhook/admit-approval.ts';
import type { AdmitApprovalPorts } from '../../src/webhook/admit-approval.ts';
import { approvalJudgement, aRequest, aRole, UID } from '../support/build.ts';
import { anAdmission } from './support.ts';

const { verdict } = approvalJudgement();
const waiting = (spec: object = {}) =>
  aRequest({
    spec: { requester: { username: 'alice' }, ...spec },
    status: { state: 'AwaitingApproval', verdict },
  });
const BOB = { username: 'bob', groups: ['system:authenticated'] };

const ports = (given: Partial<AdmitApprovalPorts> = {}): AdmitApprovalPorts => ({
  request: async () => waiting(),
  role: async () => aRole(),
  mayApprove: async () => true,
  mayBreakGlass: async () => true,
  logger: { warn: () => undefined },
  ...given,
});

const GLASS = aRole({ approval: { breakGlass: { enabled: true }, allowServiceAccounts: true } });
const SPEC = {
  requestRef: { name: 'weekly', uid: UID },
  digest: verdict.digest,
  decision: 'Approve',
  reason: 'Looked at it.',
};
const admission = (spec: object = {}, userInfo: object = BOB) =>
  anAdmission({ ...SPEC, ...spec }, { resource: 'executionapprovals', name: 'ok', userInfo });

const answer = async (request = admission(), given: Partial<AdmitApprovalPorts> = {}) =>
  (await createApprovalAdmission(ports(given))(request)).response;

test('who decides is stamped, whatever was written', async () => {
  const { allowed, patch = '' } = await answer(admission({ approver: { username: 'carol' } }));
  expect(allowed).toBe(true);
  expect(JSON.parse(Buffer.from(patch, 'base64').toString('utf8'))).toEqual([
    { op: 'add', path: '/spec/approver', value: BOB },
  ]);
});

test.each<readonly [string, object, Partial<AdmitApprovalPorts>, number, string]>([
  [
    'of no such request',
    {},
    { request: async () => undefined },
    422,
    'there is no such CodeExecutionRequest',
  ],
  [
    'of a request that was replaced',
    { requestRef: { name: 'weekly', uid: 'old' } },
    {},
    422,
    'is another one',
  ],
  [
    'of a finished request',
    {},
    { request: async () => aRequest({ status: { state: 'Succeeded', verdict } }) },
    422,
    'its state is Succeeded',
  ],
  [
    'of a request that nobody judged yet',
    {},
    { request: async () => aRequest() },
    422,
    'its state is Analysing',
  ],
  ['of another digest', { digest: `sha256:${'0'.repeat(64)}` }, {}, 422, verdict.digest],
  ['without a reason', { reason: '  ' }, {}, 422, 'spec.reason is blank'],
  ['without a decision', { decision: 'Maybe' }, {}, 422, 'Approve'],
  ['by somebody without the right', {}, { mayApprove: async () => false }, 403, 'verb "approve"'],
  [
    'of a Japanese request by somebody without the right',
    {},
    { mayApprove: async () => false, request: async () => waiting({ locale: 'ja' }) },
    403,
    '許可されていません',
  ],
  [
    'in an emergency that the role does not know',
    { decision: 'BreakGlass', ticket: 'INC-1' },
    {},
    422,
    'spec.approval.breakGlass.enabled is false',
  ],
  [
    'in an emergency by somebody without that right',
    { decision: 'BreakGlass', ticket: 'INC-1' },
    { role: async () => GLASS, mayBreakGlass: async () => false },
    403,
    'verb "break-glass"',
  ],
  [
    'in an emergency without a ticket',
    { decision: 'BreakGlass', ticket: '  ' },
    { role: async () => GLASS },
    422,
    'spec.ticket',
  ],
  [
    'by somebody outside the groups',
    {},
    { role: async () => aRole({ approval: { approverGroups: ['security'] } }) },
    403,
    'approverGroups',
  ],
  [
    'while the API server does not answer',
    {},
    { request: () => Promise.reject(new Error('secret')) },
    503,
    'Try again',
  ],
])('a decision %s is refused', async (_what, spec, given, code, words) => {
  const { allowed, status } = await answer(admission(spec), given);
  expect(allowed).toBe(false);
  expect(status).toMatchObject({ code, message: expect.stringContaining(words) });
  expect(status?.message).not.toContain('secret');
});

test.each([
  ['the requester', { username: 'alice' }, 'made this request'],
  ['a ServiceAccount', { username: 'system:serviceaccount:team-a:robot' }, 'is a ServiceAccount'],
])('%s may not decide', async (_who, userInfo, words) => {
  const { allowed, status } = await answer(admission({}, userInfo));
  expect([allowed, status?.code, status?.message]).toEqual([false, 403, expect.stringContaining(words)]);
});

test.each([
  ['the requester', { username: 'alice' }, 'made this request'],
  ['the person acted for', { username: 'dave' }, 'on behalf of dave'],
  [
    'a ServiceAccount that may approve',
    { username: 'system:serviceaccount:team-a:robot' },
    'only a person may break the glass',
  ],
])('%s may not break the glass', async (_who, userInfo, words) => {
  const { allowed, status } = await answer(admission({ decision: 'BreakGlass', ticket: 'INC-1' }, userInfo), {
    role: async () => GLASS,
    request: async () => waiting({ onBehalfOf: { username: 'dave' } }),
  });
  expect([allowed, status?.code, status?.message]).toEqual([false, 403, expect.stringContaining(words)]);
});

test('who holds that right alone may break the glass, with a ticket, and not approve', async () => {
  const given = { role: async () => GLASS, mayApprove: async () => false };
  expect(await answer(admission({ decision: 'BreakGlass', ticket: 'INC-1' }), given)).toMatchObject({
    allowed: true,
  });
  expect(await answer(admission(), given)).toMatchObject({ allowed: false });
});
