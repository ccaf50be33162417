import { describe, expect, test } from '@jest/globals';
import { standingOf } from '../../../src/core/approval/standing.ts';
import type { ApprovalCase, Standing } from '../../../src/core/approval/standing.ts';
import { anApproval, aRole, NOW } from '../../support/build.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const ALICE = { username: 'alice', uid: 'u-alice' };

const at = (seconds: number) => ({ creationTimestamp: new Date(NOW + seconds * 1000).toISOString() });
const rules = (given: object) => aRole({ approval: given }).spec.approval;

/** A decision so many seconds after the request. */
const decision = (username: string, spec: object = {}, seconds = 60) => ({
  approval: anApproval(
    { digest: DIGEST, approver: { username }, ...spec },
    { name: `${username}-${seconds}`, ...at(seconds) },
  ),
  mayApprove: true,
});

const aCase = (given: Partial<ApprovalCase>): ApprovalCase => ({
  askers: { requester: ALICE, onBehalfOf: undefined },
  createdAt: NOW,
  digest: DIGEST,
  rules: rules({ approvers: 2, approveBySeconds: 600, runBySeconds: 300 }),
  approvals: [],
  ...given,
});

const BOB = decision('bob');
const CAROL = decision('carol', {}, 120);

const ROWS: readonly (readonly [string, Partial<ApprovalCase>, number, Partial<Standing>])[] = [
  ['nobody', {}, 0, { kind: 'Missing', invalidated: false }],
  ['one of two', { approvals: [BOB] }, 60, { kind: 'Missing' }],
  ['both', { approvals: [CAROL, BOB] }, 120, { kind: 'Given', runBy: NOW + 420_000 }],
  ['the same person twice', { approvals: [BOB, decision('bob', {}, 61)] }, 120, { kind: 'Missing' }],
  ['the requester and another', { approvals: [BOB, decision('alice')] }, 120, { kind: 'Missing' }],
  [
    'the requester under another name',
    { approvals: [BOB, decision('al', { approver: { username: 'al', uid: 'u-alice' } })] },
    120,
    { kind: 'Missing' },
  ],
  [
    'the person that the requester acts for, and another',
    {
      approvals: [BOB, decision('dave')],
      askers: { requester: ALICE, onBehalfOf: { username: 'dave' } },
    },
    120,
    { kind: 'Missing' },
  ],
  [
    'a ServiceAccount and another',
    { approvals: [BOB, decision('system:serviceaccount:team-a:robot')] },
    120,
    { kind: 'Missing' },
  ],
  [
    'a ServiceAccount, where the role lets it',
    {
      approvals: [decision('system:serviceaccount:team-a:robot')],
      rules: rules({ allowServiceAccounts: true }),
    },
    60,
    { kind: 'Given' },
  ],
  ['one who lost the right', { approvals: [BOB, { ...CAROL, mayApprove: false }] }, 120, { kind: 'Missing' }],
  [
    'nobody of the groups of the role',
    { approvals: [BOB, CAROL], rules: rules({ approvers: 1, approverGroups: ['security'] }) },
    120,
    { kind: 'Missing' },
  ],
  [
    'somebody of the groups of the role',
    {
      approvals: [decision('dave', { approver: { username: 'dave', groups: ['security'] } })],
      rules: rules({ approvers: 1, approverGroups: ['security'] }),
    },
    120,
    { kind: 'Given' },
  ],
  [
    'one of them of what would have run before',
    { approvals: [BOB, decision('carol', { digest: OTHER })] },
    120,
    { kind: 'Missing', invalidated: true },
  ],
  [
    'an approval without a stamp',
    { approvals: [BOB, decision('', { approver: undefined })] },
    120,
    { kind: 'Missing' },
  ],
  [
    'one denial beside two approvals',
    { approvals: [BOB, CAROL, decision('dave', { decision: 'Deny' }, 130)] },
    130,
    { kind: 'Denied' },
  ],
  [
    'a denial of what would have run before',
    { approvals: [decision('dave', { decision: 'Deny', digest: OTHER })] },
    130,
    { kind: 'Denied' },
  ],
  [
    'a denial by the requester',
    { approvals: [BOB, CAROL, decision('alice', { decision: 'Deny' })] },
    130,
    { kind: 'Given' },
  ],
  ['nobody in time', {}, 601, { kind: 'Expired', clock: 'approveBy' }],
  ['nobody, in the last second', {}, 600, { kind: 'Missing' }],
  ['the second one too late', { approvals: [BOB, decision('carol', {}, 601)] }, 601, { kind: 'Expired' }],
  [
    'both, but it did not start in time',
    { approvals: [BOB, CAROL] },
    421,
    { kind: 'Expired', clock: 'runBy' },
  ],
  ['both, in the last second to start', { approvals: [BOB, CAROL] }, 420, { kind: 'Given' }],
  [
    'a third person, which does not move the clock',
    { approvals: [BOB, CAROL, decision('dave', {}, 400)] },
    400,
    { kind: 'Given', runBy: NOW + 420_000 },
  ],
];

describe('where an approval stands', () => {
  test.each(ROWS)('%s', (_who, given, seconds, standing) => {
    expect(standingOf(aCase(given), NOW + seconds * 1000)).toMatchObject(standing);
  });

  test('the order in which approvals are read does not matter', () => {
    const approvals = [BOB, CAROL, decision('dave', {}, 400), decision('alice')];
    const now = NOW + 400_000;
    expect(standingOf(aCase({ approvals: approvals.toReversed() }), now)).toEqual(
      standingOf(aCase({ approvals }), now),
    );
  });
});
