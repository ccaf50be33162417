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

const GLASS = {
  approvers: 2,
  approveBySeconds: 600,
  runBySeconds: 300,
  breakGlass: { enabled: true, runBySeconds: 60 },
};
/** Breaks the glass, so many seconds after the request. */
const breaking = (username: string, spec: object = {}, seconds = 60) =>
  decision(username, { decision: 'BreakGlass', ticket: 'INC-1', ...spec }, seconds);
const emergency = (...approvals: ApprovalCase['approvals']): Partial<ApprovalCase> => ({
  rules: rules(GLASS),
  approvals,
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
  // Clocks: times of objects are the API server's, `now` is the controller's, and of several API servers each has its own.
  [
    'both, in the same millisecond',
    { approvals: [decision('bob', {}, 60), decision('carol', {}, 60)] },
    60,
    { kind: 'Given', runBy: NOW + 360_000 },
  ],
  [
    'the same person twice in the same millisecond',
    { approvals: [decision('bob', {}, 60), decision('bob', {}, 60)] },
    60,
    { kind: 'Missing' },
  ],
  [
    'both, the one before the request by the clock of another API server',
    { approvals: [decision('bob', {}, -2), CAROL] },
    120,
    { kind: 'Given', runBy: NOW + 420_000 },
  ],
  [
    'both, before the clock of the controller',
    { approvals: [BOB, CAROL] },
    30,
    { kind: 'Given', runBy: NOW + 420_000 },
  ],
  [
    'the second one too late, though the clock of the controller is behind',
    { approvals: [BOB, decision('carol', {}, 601)] },
    590,
    { kind: 'Missing' },
  ],
  [
    'nobody, and the clock of the controller an hour ahead',
    {},
    3600,
    { kind: 'Expired', clock: 'approveBy' },
  ],
  ['somebody who broke the glass', emergency(breaking('eve')), 60, { kind: 'Given', runBy: NOW + 120_000 }],
  [
    'one of two, and somebody who broke the glass',
    emergency(BOB, breaking('eve', {}, 90)),
    90,
    { kind: 'Given', runBy: NOW + 150_000 },
  ],
  ['a glass that was broken too long ago', emergency(breaking('eve')), 121, { kind: 'Missing' }],
  ['a glass in its last second', emergency(breaking('eve')), 120, { kind: 'Given' }],
  [
    'a glass that was broken anew',
    emergency(breaking('eve'), breaking('eve', {}, 200)),
    201,
    { kind: 'Given', runBy: NOW + 260_000 },
  ],
  [
    'a glass that was broken after all time was up',
    emergency(breaking('eve', {}, 601)),
    601,
    { kind: 'Expired' },
  ],
  [
    'a glass that the role does not know',
    { ...emergency(breaking('eve')), rules: rules({ breakGlass: { enabled: false } }) },
    60,
    { kind: 'Missing' },
  ],
  [
    'who broke it and lost the right',
    emergency({ ...breaking('eve'), mayApprove: false }),
    60,
    { kind: 'Missing' },
  ],
  ['the requester, who broke the glass', emergency(breaking('alice')), 60, { kind: 'Missing' }],
  [
    'a ServiceAccount that may approve, and broke the glass',
    {
      ...emergency(breaking('system:serviceaccount:team-a:robot')),
      rules: rules({ ...GLASS, allowServiceAccounts: true }),
    },
    60,
    { kind: 'Missing' },
  ],
  [
    'a glass that was broken for what would have run before',
    emergency(breaking('eve', { digest: OTHER })),
    60,
    { kind: 'Missing', invalidated: true },
  ],
  [
    'a denial beside a broken glass',
    emergency(breaking('eve'), decision('bob', { decision: 'Deny' })),
    60,
    { kind: 'Denied' },
  ],
];

describe('where an approval stands', () => {
  test.each(ROWS)('%s', (_who, given, seconds, standing) => {
    expect(standingOf(aCase(given), NOW + seconds * 1000)).toMatchObject(standing);
  });

  test('enough approvals need no glass, whoever broke it', () => {
    const standing = standingOf(aCase(emergency(BOB, CAROL, breaking('eve', {}, 90))), NOW + 120_000);
    expect(standing).toEqual(expect.not.objectContaining({ breakGlass: expect.anything() }));
    expect(standing).toMatchObject({ kind: 'Given', runBy: NOW + 420_000 });
  });

  test('who breaks the glass is no approver, and is told', () => {
    expect(standingOf(aCase(emergency(breaking('eve'))), NOW + 60_000)).toMatchObject({
      counting: [],
      breakGlass: { spec: { approver: { username: 'eve' }, ticket: 'INC-1' } },
    });
  });

  test('the order in which approvals are read does not matter', () => {
    const approvals = [BOB, CAROL, decision('dave', {}, 400), decision('alice')];
    const now = NOW + 400_000;
    expect(standingOf(aCase({ approvals: approvals.toReversed() }), now)).toEqual(
      standingOf(aCase({ approvals }), now),
    );
  });
});
