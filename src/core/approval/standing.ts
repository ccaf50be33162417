import type { ExecutionApproval } from '../../api/parse.ts';
import type { RoleSpec } from '../../api/v1alpha1/execution-role.ts';
import { millisecondsOf } from '../time.ts';
import { ineligibility, ineligibleInEmergency } from './eligible.ts';
import type { Askers } from './eligible.ts';

/** A stored decision, and what RBAC says of its approver now. */
export interface ApprovalSeen {
  readonly approval: ExecutionApproval;
  /** Whether RBAC grants the approver the verb of the decision, "approve" or "break-glass", on the role at this moment. */
  readonly mayApprove: boolean;
}

/** What the approval of a run is measured by. */
export interface ApprovalCase {
  readonly askers: Askers;
  /** When the request was created, in epoch milliseconds. */
  readonly createdAt: number;
  /** Of what will run, as it stands now. */
  readonly digest: string;
  readonly rules: RoleSpec['approval'];
  readonly approvals: readonly ApprovalSeen[];
}

interface Asked {
  readonly required: number;
  /** The approvals that count, oldest first, one for each person. */
  readonly counting: readonly ExecutionApproval[];
  /** Epoch milliseconds. */
  readonly approveBy: number;
}

/** Where the approval of a run stands. Times are epoch milliseconds. */
export type Standing = Asked &
  (
    | {
        readonly kind: 'Missing';
        /** Somebody approved what would have run before role, policy, class or limits changed. */
        readonly invalidated: boolean;
      }
    | {
        readonly kind: 'Given';
        readonly runBy: number;
        /** The decision of who broke the glass, where too few have approved. */
        readonly breakGlass?: ExecutionApproval;
      }
    | { readonly kind: 'Denied'; readonly by: ExecutionApproval }
    | { readonly kind: 'Expired'; readonly clock: 'approveBy' | 'runBy' }
  );

const timeOf = ({ metadata }: ExecutionApproval): number => millisecondsOf(metadata.creationTimestamp);

/** Whether somebody may make this decision, by the rules of the role. */
function mayDecide({ decision, approver }: ExecutionApproval['spec'], given: ApprovalCase): boolean {
  const { askers, rules } = given;
  if (approver === undefined) return false;
  if (decision !== 'BreakGlass') return ineligibility(approver, askers, rules) === undefined;
  return rules.breakGlass.enabled && ineligibleInEmergency(approver, askers) === undefined;
}

/** Decisions of people who may decide, oldest first; equal times in the order of their names. */
function valid(given: ApprovalCase): readonly ExecutionApproval[] {
  return given.approvals
    .filter(({ approval: { spec }, mayApprove }) => mayApprove && mayDecide(spec, given))
    .map(({ approval }) => approval)
    .toSorted((a, b) => timeOf(a) - timeOf(b) || (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** The first approval of each person. */
function onePerPerson(approvals: readonly ExecutionApproval[]): readonly ExecutionApproval[] {
  const people = new Map<string, ExecutionApproval>();
  for (const approval of approvals) {
    const person = approval.spec.approver?.username ?? '';
    if (!people.has(person)) people.set(person, approval);
  }
  return [...people.values()];
}

/** The newest breaking of the glass for exactly this digest; one whose short life is over counts for nothing. */
function brokenGlass(
  approving: readonly ExecutionApproval[],
  { digest, rules }: ApprovalCase,
  now: number,
): { readonly breakGlass: ExecutionApproval; readonly runBy: number } | undefined {
  const breakGlass = approving.findLast(
    ({ spec }) => spec.decision === 'BreakGlass' && spec.digest === digest,
  );
  if (!breakGlass) return undefined;
  const runBy = timeOf(breakGlass) + rules.breakGlass.runBySeconds * 1000;
  return now > runBy ? undefined : { breakGlass, runBy };
}

/**
 * Whether enough different people have approved exactly what will run, in time. A denial counts whatever it was bound to: nobody
 * meant it to lapse. Breaking the glass stands for the approvals that are missing, for a short time. Pure; `now` in epoch milliseconds.
 */
export function standingOf(given: ApprovalCase, now: number): Standing {
  const { rules, digest, createdAt } = given;
  const approveBy = createdAt + rules.approveBySeconds * 1000;
  const decisions = valid(given);
  const approving = decisions.filter(
    (decision) => decision.spec.decision !== 'Deny' && timeOf(decision) <= approveBy,
  );
  const counting = onePerPerson(
    approving.filter(({ spec }) => spec.decision === 'Approve' && spec.digest === digest),
  );
  const asked: Asked = { required: rules.approvers, counting: counting.slice(0, rules.approvers), approveBy };
  const denial = decisions.find(({ spec }) => spec.decision === 'Deny');
  if (denial) return { ...asked, kind: 'Denied', by: denial };
  const last = asked.counting[rules.approvers - 1];
  if (last) {
    const runBy = timeOf(last) + rules.runBySeconds * 1000;
    return now > runBy ? { ...asked, kind: 'Expired', clock: 'runBy' } : { ...asked, kind: 'Given', runBy };
  }
  const emergency = brokenGlass(approving, given, now);
  if (emergency) return { ...asked, kind: 'Given', ...emergency };
  if (now > approveBy) return { ...asked, kind: 'Expired', clock: 'approveBy' };
  return { ...asked, kind: 'Missing', invalidated: approving.some(({ spec }) => spec.digest !== digest) };
}
