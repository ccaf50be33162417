import type { CodeExecutionRequest } from '../../api/parse.ts';
import type { RequestStatus, State } from '../../api/v1alpha1/code-execution-request.ts';
import { canonicalJson, sha256 } from '../verdict/digest.ts';

/** What people are told about the approval of a run. */
export type NoticeEvent =
  /** People must look at it. */
  | 'ApprovalWanted'
  /** What would run has changed since somebody approved it: people must look again. */
  | 'ApprovalInvalidated'
  /** Enough have approved. */
  | 'ApprovalGiven'
  /** Somebody let it run in an emergency. */
  | 'BreakGlass'
  | 'ApprovalDenied'
  | 'ApprovalExpired';

/** One thing to tell, once: who asks for what and how far it has come. Never code, input or output. */
export interface Notice {
  /** The same for the same event, whichever process tells it and however often. */
  readonly id: string;
  readonly event: NoticeEvent;
  readonly request: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly requester: string;
  /** The person that the requester acts for. */
  readonly onBehalfOf?: string;
  readonly role: string;
  readonly actions: readonly string[];
  readonly riskScore: number;
  readonly digest: string;
  readonly state: State;
  readonly approval: {
    readonly required: number;
    readonly approvedBy: readonly string[];
    readonly deniedBy?: string;
    readonly approveBy: string;
    readonly runBy?: string;
    readonly breakGlass?: { readonly by: string; readonly ticket: string };
  };
}

/** By the reason of the Approved condition. */
const EVENTS: Readonly<Record<string, NoticeEvent>> = {
  AwaitingApproval: 'ApprovalWanted',
  ApprovalInvalidated: 'ApprovalInvalidated',
  Approved: 'ApprovalGiven',
  BreakGlass: 'BreakGlass',
  ApprovalDenied: 'ApprovalDenied',
  ApprovalExpired: 'ApprovalExpired',
};

/** Names are cut here, so that a notice has a bound. */
const NAME_CHARACTERS = 256;
const named = (name: string | undefined): string => [...(name ?? '')].slice(0, NAME_CHARACTERS).join('');

function approvalOf({
  required,
  approvedBy,
  deniedBy,
  approveBy,
  runBy,
  breakGlass,
}: NonNullable<RequestStatus['approval']>): Notice['approval'] {
  return {
    required,
    approvedBy: approvedBy.map(({ approver }) => named(approver)),
    ...(deniedBy ? { deniedBy: named(deniedBy.approver) } : {}),
    approveBy,
    ...(runBy === undefined ? {} : { runBy }),
    ...(breakGlass ? { breakGlass: { by: named(breakGlass.approver), ticket: breakGlass.ticket } } : {}),
  };
}

/** What a status says to people about its approval; undefined when it says nothing of the kind. Pure. */
export function noticeOf(
  { metadata, spec }: CodeExecutionRequest,
  { approval, verdict, state, conditions }: RequestStatus,
): Notice | undefined {
  const approved = conditions?.find(({ type }) => type === 'Approved');
  const event = EVENTS[approved?.reason ?? ''];
  if (!event || !approval || !verdict || !state) return undefined;
  const { digest, riskScore, actions = [] } = verdict;
  // The time tells apart what happens twice with the same digest: a glass whose time ran out.
  const occasion = [metadata.uid, event, digest, approved?.lastTransitionTime, approval.breakGlass?.name];
  return {
    id: sha256(canonicalJson(occasion)).slice(0, 32),
    event,
    request: { namespace: metadata.namespace ?? '', name: metadata.name, uid: metadata.uid },
    requester: named(spec.requester?.username),
    ...(spec.onBehalfOf ? { onBehalfOf: named(spec.onBehalfOf.username) } : {}),
    role: spec.role,
    actions,
    riskScore,
    digest,
    state,
    approval: approvalOf(approval),
  };
}
