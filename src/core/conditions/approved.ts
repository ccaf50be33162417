import type { ExecutionApproval } from '../../api/parse.ts';
import type { Standing } from '../approval/standing.ts';
import { defineCondition } from './condition.ts';
import type { ConditionAnswer, Facts } from './condition.ts';

const REASONS = {
  NotRequired: 'Role and policy ask for no approval.',
  AwaitingApproval: 'A person must approve before the program runs.',
  ApprovalInvalidated:
    'What would run has changed since somebody approved it: the approval counts no more. Look at it again and approve the new digest.',
  Approved: 'Enough people have approved exactly what runs.',
  BreakGlass:
    'Somebody broke the glass: it runs without all the approvals that the role asks for, in the same sandbox as ever.',
  ApprovalDenied: 'A person denied the run.',
  ApprovalExpired: 'The time for it ran out. Create a new request.',
  Denied: 'The program is denied; approval cannot change that.',
} as const;
type Answer = ConditionAnswer<keyof typeof REASONS>;

const CLOCKS = {
  approveBy: 'Too few people approved in the time that the role gives (spec.approval.approveBySeconds).',
  runBy: 'It was approved, but could not start in the time that the role gives (spec.approval.runBySeconds).',
} as const;

const people = (standing: Standing): string =>
  standing.counting.map(({ spec }) => spec.approver?.username ?? '').join(', ');

function wanting(standing: Extract<Standing, { kind: 'Missing' }>, why: string): Answer {
  const { required, counting, invalidated } = standing;
  const count = `${counting.length} of ${required} approvals are given${counting.length > 0 ? ` (${people(standing)})` : ''}.`;
  return invalidated
    ? { status: 'False', reason: 'ApprovalInvalidated', detail: count }
    : { status: 'Unknown', reason: 'AwaitingApproval', detail: `${count} ${why}`.trim() };
}

const inEmergency = ({ approver, ticket, reason }: ExecutionApproval['spec']): Answer => ({
  status: 'True',
  reason: 'BreakGlass',
  detail: `${approver?.username ?? ''} (${ticket ?? ''}): ${reason}`,
});

function answerOf(standing: Standing, why: string): Answer {
  switch (standing.kind) {
    case 'Missing':
      return wanting(standing, why);
    case 'Given':
      if (standing.breakGlass) return inEmergency(standing.breakGlass.spec);
      return { status: 'True', reason: 'Approved', detail: `Approved by ${people(standing)}.` };
    case 'Denied': {
      const { approver, reason } = standing.by.spec;
      return { status: 'False', reason: 'ApprovalDenied', detail: `${approver?.username ?? ''}: ${reason}` };
    }
    case 'Expired':
      return { status: 'False', reason: 'ApprovalExpired', detail: CLOCKS[standing.clock] };
  }
}

/** Where the approval stands, where one is wanted. */
export const approvalOfPlan = ({ plan }: Pick<Facts, 'plan'>): Standing | undefined =>
  'approval' in plan ? plan.approval : undefined;

export const approved = defineCondition({
  type: 'Approved',
  meaning: 'Whether the run is approved, by policy or by people.',
  reasons: REASONS,
  compute: (facts) => {
    const { judgement } = facts.seen;
    if (judgement?.verdict.decision === 'Allow') return { status: 'True', reason: 'NotRequired' };
    if (judgement?.verdict.decision === 'Deny') return { status: 'False', reason: 'Denied' };
    const standing = approvalOfPlan(facts);
    const why = judgement?.verdict.reasons?.map(({ message }) => message).join(' ') ?? '';
    return standing && answerOf(standing, why);
  },
});
