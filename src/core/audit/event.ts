import type { Identity } from '../../api/v1alpha1/identity.ts';
import type { Person, Verdict } from '../../api/v1alpha1/code-execution-request.ts';
import type { ExecutionApproval } from '../../api/parse.ts';
import type { Standing } from '../approval/standing.ts';
import type { Observed, Plan } from '../observed.ts';

/** What may happen to a request. */
export type Activity =
  /** A verdict was given, or how far approval has come has changed. */
  | 'Judge'
  /** People refused it, or a clock ran out. */
  | 'Refuse'
  /** The Job is about to be created. */
  | 'Start'
  /** What runs is to be ended. */
  | 'Cancel'
  /** It is over. */
  | 'End';

interface Decision {
  readonly name: string;
  readonly approver: string;
  readonly digest: string;
  readonly at: string;
}

/** One event in the life of a request: identities, digests and answers, never code or output. */
export interface RequestEvent {
  readonly activity: Activity;
  readonly request: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly requester: Identity;
  /** The person that the requester acts for. */
  readonly onBehalfOf?: Person;
  readonly role: string;
  /** Whether the requester held the role and the role allowed what was asked; undefined where it was not asked anew. */
  readonly authorized?: boolean;
  readonly verdict?: Pick<
    Verdict,
    'decision' | 'riskScore' | 'digest' | 'ruleSetDigest' | 'policyRevision' | 'roleRevision' | 'actions'
  > & { readonly rules: readonly string[] };
  /** The decisions of people that count. */
  readonly approvals?: readonly Decision[];
  /** Somebody let it run in an emergency, without all the approvals that the role asks for. */
  readonly breakGlass?: Decision & { readonly ticket: string; readonly reason: string };
  readonly refusal?: { readonly reason: string; readonly by?: Decision };
  readonly job?: string;
  readonly result?: {
    readonly reason: string;
    readonly exitCode?: number | undefined;
    readonly durationMilliseconds?: number | undefined;
  };
}

const ACTIVITIES: Readonly<Record<Plan['kind'], Activity | undefined>> = {
  Deny: 'Judge',
  AwaitApproval: 'Judge',
  Hold: 'Judge',
  Queue: 'Judge',
  Refuse: 'Refuse',
  Start: 'Start',
  Cancel: 'Cancel',
  Finish: 'End',
  Follow: undefined,
  Rest: undefined,
};

const decisionOf = ({ metadata, spec }: ExecutionApproval): Decision => ({
  name: metadata.name,
  approver: spec.approver?.username ?? '',
  digest: spec.digest,
  at: metadata.creationTimestamp,
});

function verdictOf({ request, judgement }: Observed): RequestEvent['verdict'] {
  const verdict = judgement?.verdict ?? request.status.verdict;
  if (!verdict) return undefined;
  const { decision, riskScore, digest, ruleSetDigest, policyRevision, roleRevision, actions } = verdict;
  const rules = [...new Set((verdict.findings ?? []).map(({ rule }) => rule))];
  return { decision, riskScore, digest, ruleSetDigest, policyRevision, roleRevision, actions, rules };
}

type ApprovalParts = Pick<RequestEvent, 'approvals' | 'refusal' | 'breakGlass'>;

function approvalParts(standing: Standing | undefined): ApprovalParts {
  if (!standing) return {};
  const approvals = standing.counting.map(decisionOf);
  if (standing.kind === 'Denied')
    return { approvals, refusal: { reason: 'ApprovalDenied', by: decisionOf(standing.by) } };
  if (standing.kind === 'Given' && standing.breakGlass) {
    const { ticket = '', reason } = standing.breakGlass.spec;
    return { approvals, breakGlass: { ...decisionOf(standing.breakGlass), ticket, reason } };
  }
  return standing.kind === 'Expired' ? { approvals, refusal: { reason: 'ApprovalExpired' } } : { approvals };
}

/** The event that a plan is, if it is one. `job`: name of the Job that a run of the request has. */
export function eventOf(seen: Observed, plan: Plan, job: string): RequestEvent | undefined {
  const activity = ACTIVITIES[plan.kind];
  if (!activity) return undefined;
  const { metadata, spec } = seen.request;
  const verdict = verdictOf(seen);
  return {
    activity,
    request: { namespace: metadata.namespace ?? '', name: metadata.name, uid: metadata.uid },
    requester: spec.requester ?? {},
    ...(spec.onBehalfOf ? { onBehalfOf: spec.onBehalfOf } : {}),
    role: spec.role,
    ...(seen.judgement ? { authorized: seen.judgement.unauthorized.length === 0 } : {}),
    ...(verdict ? { verdict } : {}),
    ...approvalParts('approval' in plan ? plan.approval : undefined),
    ...(plan.kind === 'Start' || plan.kind === 'Cancel' ? { job } : {}),
    ...(plan.kind === 'Finish' ? { result: ended(plan.result) } : {}),
  };
}

const ended = ({
  reason,
  exitCode,
  durationMilliseconds,
}: Extract<Plan, { kind: 'Finish' }>['result']): NonNullable<RequestEvent['result']> => ({
  reason,
  ...(exitCode === undefined ? {} : { exitCode }),
  ...(durationMilliseconds === undefined ? {} : { durationMilliseconds }),
});
