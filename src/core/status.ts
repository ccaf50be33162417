import type { RequestStatus, ResultReason, State } from '../api/v1alpha1/code-execution-request.ts';
import type { ExecutionApproval } from '../api/parse.ts';
import type { Standing } from './approval/standing.ts';
import { approvalOfPlan } from './conditions/approved.ts';
import { computeConditions } from './conditions/index.ts';
import type { Facts } from './conditions/condition.ts';
import type { Plan, ProvenShape } from './observed.ts';
import type { PodSeen } from './run/seen.ts';
import { timeOf } from './time.ts';

/** The words for ends that are no failure. */
const ENDED: Partial<Record<ResultReason, State>> = { Completed: 'Succeeded', Cancelled: 'Cancelled' };

/** The one word for people, derived from the plan. */
function stateOf(plan: Plan): State | undefined {
  switch (plan.kind) {
    case 'Deny':
    case 'Refuse':
      return 'Denied';
    case 'AwaitApproval':
      return 'AwaitingApproval';
    case 'Hold':
    case 'Queue':
      return 'Queued';
    case 'Start':
    case 'Cancel':
    case 'Follow':
      return 'Running';
    case 'Finish':
      return ENDED[plan.result.reason] ?? 'Failed';
    case 'Rest':
      return undefined;
  }
}

const provenIsolation = (shape: ProvenShape): NonNullable<RequestStatus['isolation']> => ({
  runtime: shape.runtimeClassName ?? 'default',
  userNamespace: shape.userNamespace,
  network: 'Proven',
});

function isolationOf(
  plan: Plan,
  pod: PodSeen | undefined,
  before: RequestStatus['isolation'],
): RequestStatus['isolation'] {
  if (plan.kind === 'Start') return provenIsolation(plan.shape);
  if (plan.kind === 'Hold') return { network: 'Unproven' };
  if (!pod) return before;
  return {
    ...before,
    ...(pod.runtime ? { runtime: pod.runtime } : {}),
    userNamespace: pod.userNamespace,
    ...(pod.uid === undefined ? {} : { uid: pod.uid }),
    ...(pod.node ? { node: pod.node } : {}),
  };
}

const givenBy = ({ metadata, spec }: ExecutionApproval) => ({
  name: metadata.name,
  approver: spec.approver?.username ?? '',
  at: metadata.creationTimestamp,
});

const brokenBy = (decision: ExecutionApproval) => ({
  ...givenBy(decision),
  ticket: decision.spec.ticket ?? '',
});

const approvalOf = (standing: Standing): NonNullable<RequestStatus['approval']> => ({
  required: standing.required,
  approvedBy: standing.counting.map(givenBy),
  ...(standing.kind === 'Denied' ? { deniedBy: givenBy(standing.by) } : {}),
  approveBy: timeOf(standing.approveBy),
  ...(standing.kind === 'Given' ? { runBy: timeOf(standing.runBy) } : {}),
  ...(standing.kind === 'Given' && standing.breakGlass ? { breakGlass: brokenBy(standing.breakGlass) } : {}),
});

/** The whole status of a request after a pass: a pure function of what was seen, what is to be done, and the time (RFC 3339). */
export function statusOf(facts: Facts, time: string): RequestStatus {
  const { seen, plan } = facts;
  const before = seen.request.status;
  const verdict = seen.judgement?.verdict ?? before.verdict;
  const isolation = isolationOf(plan, seen.run?.pod, before.isolation);
  const standing = approvalOfPlan(facts);
  const approval = standing ? approvalOf(standing) : before.approval;
  const jobName = seen.run?.job.name ?? before.jobName;
  const auditRecord = facts.auditRecord ?? before.auditRecord;
  const state = stateOf(plan) ?? before.state;
  return {
    ...(state ? { state } : {}),
    observedGeneration: seen.request.metadata.generation,
    ...(verdict ? { verdict } : {}),
    ...(approval ? { approval } : {}),
    ...(isolation ? { isolation } : {}),
    ...(plan.kind === 'Queue' && plan.turn.kind === 'Waiting' ? { queuePosition: plan.turn.position } : {}),
    ...(jobName ? { jobName } : {}),
    ...(plan.kind === 'Finish' ? { result: plan.result } : before.result ? { result: before.result } : {}),
    ...(auditRecord ? { auditRecord } : {}),
    conditions: [...computeConditions(facts, time)],
  };
}
