import type { CodeExecutionRequest, ExecutionApproval, ExecutionRole } from '../api/parse.ts';
import { ineligibility, ineligibleInEmergency } from '../core/approval/eligible.ts';
import type { Askers, Ineligibility } from '../core/approval/eligible.ts';
import type { Identity } from '../api/v1alpha1/identity.ts';
import type { ApproverRights } from './judge-request.ts';

/** What a decision of a person is checked against. A rejection means "could not tell". */
export interface ApprovalPorts extends ApproverRights {
  /** As stored now, not from a cache. */
  readonly request: (namespace: string, name: string) => Promise<CodeExecutionRequest | undefined>;
  readonly role: (name: string) => Promise<ExecutionRole | undefined>;
}

/** Why a decision is not taken. */
export interface ApprovalRefusal {
  /** The field that is wrong; undefined when it is the person who may not. */
  readonly path: string | undefined;
  readonly message: string;
}

const WORDS = {
  blank: {
    en: 'spec.reason is blank. Say in a few words why: it is kept for the record.',
    ja: 'spec.reason が空です。理由を短く書いてください。記録として残ります。',
  },
  noTicket: {
    en: 'spec.ticket is blank. Name the incident under which the glass is broken.',
    ja: 'spec.ticket が空です。緊急実行の理由となる障害番号などを書いてください。',
  },
  missing: {
    en: (name: string) =>
      `spec.requestRef.name is "${name}", but there is no such CodeExecutionRequest in this namespace. "kubectl get cer" lists them.`,
  },
  replaced: {
    en: (name: string, uid: string) =>
      `spec.requestRef.uid is "${uid}", but the request that is now called "${name}" is another one. Look at it and decide anew.`,
    ja: (name: string, uid: string) =>
      `spec.requestRef.uid は "${uid}" ですが、現在の "${name}" は別のリクエストです。内容を見て改めて判断してください。`,
  },
  settled: {
    en: (name: string, state: string) =>
      `spec.requestRef names "${name}", which waits for no approval: its state is ${state}.`,
    ja: (name: string, state: string) =>
      `spec.requestRef の "${name}" は承認待ちではありません。状態は ${state} です。`,
  },
  digest: {
    en: (digest: string, now: string) =>
      `spec.digest is ${digest}, but what would run now is ${now}. Look at the request again and decide about that.`,
    ja: (digest: string, now: string) =>
      `spec.digest は ${digest} ですが、現在実行される内容は ${now} です。リクエストを見直して判断してください。`,
  },
  OwnRequest: {
    en: (user: string) => `${user} made this request and may not decide about it. Ask somebody else.`,
    ja: (user: string) => `${user} はこのリクエストの作成者なので判断できません。別の人に依頼してください。`,
  },
  OwnBehalf: {
    en: (user: string) =>
      `this request is made on behalf of ${user}, who may not decide about it. Ask somebody else.`,
    ja: (user: string) =>
      `このリクエストは ${user} の代理で作成されたので、本人は判断できません。別の人に依頼してください。`,
  },
  ServiceAccount: {
    en: (user: string, role: string) =>
      `${user} is a ServiceAccount, and role "${role}" wants a person (spec.approval.allowServiceAccounts is false).`,
    ja: (user: string, role: string) =>
      `${user} は ServiceAccount です。ロール "${role}" は人の承認を求めます（spec.approval.allowServiceAccounts が false）。`,
  },
  NotInGroup: {
    en: (user: string, role: string) =>
      `${user} is in none of the groups that may approve for role "${role}" (spec.approval.approverGroups).`,
    ja: (user: string, role: string) =>
      `${user} はロール "${role}" の承認グループ（spec.approval.approverGroups）に属していません。`,
  },
  rbac: {
    en: (user: string, role: string) =>
      `${user} may not decide for role "${role}". An administrator grants it with RBAC: verb "approve" on executionroles "${role}" in group sekisho.dev.`,
    ja: (user: string, role: string) =>
      `${user} はロール "${role}" の判断を許可されていません。管理者が RBAC で executionroles "${role}"（グループ sekisho.dev）の動詞 "approve" を許可する必要があります。`,
  },
  noGlass: {
    en: (role: string) =>
      `spec.decision is BreakGlass, but role "${role}" lets nobody do that (spec.approval.breakGlass.enabled is false). Ask for approval.`,
    ja: (role: string) =>
      `spec.decision は BreakGlass ですが、ロール "${role}" では使えません（spec.approval.breakGlass.enabled が false）。承認を依頼してください。`,
  },
  robot: {
    en: (user: string) => `${user} is a ServiceAccount, and only a person may break the glass.`,
    ja: (user: string) => `${user} は ServiceAccount です。緊急実行（BreakGlass）は人だけが行えます。`,
  },
  glassRbac: {
    en: (user: string, role: string) =>
      `${user} may not break the glass for role "${role}". An administrator grants it with RBAC: verb "break-glass" on executionroles "${role}" in group sekisho.dev.`,
    ja: (user: string, role: string) =>
      `${user} はロール "${role}" の緊急実行を許可されていません。管理者が RBAC で executionroles "${role}"（グループ sekisho.dev）の動詞 "break-glass" を許可する必要があります。`,
  },
} as const satisfies Record<string, object> & Record<Ineligibility, object>;

/** Whether a program that runs waits for a decision about exactly this call. */
const waitsForCall = (
  { status }: CodeExecutionRequest,
  { digest, decision }: ExecutionApproval['spec'],
): boolean =>
  decision !== 'BreakGlass' &&
  status.state === 'Running' &&
  (status.pendingCalls ?? []).some((call) => call.digest === digest && call.state === 'Waiting');

/** Whether the request, or a call of its program, waits for a decision about exactly this digest. */
function aboutRequest(
  { spec }: ExecutionApproval,
  request: CodeExecutionRequest,
): ApprovalRefusal | undefined {
  const { requestRef, digest } = spec;
  const { locale } = request.spec;
  if (request.metadata.uid !== requestRef.uid)
    return { path: 'spec.requestRef.uid', message: WORDS.replaced[locale](requestRef.name, requestRef.uid) };
  if (waitsForCall(request, spec)) return undefined;
  const { state, verdict } = request.status;
  if (state !== 'AwaitingApproval' || !verdict)
    return { path: 'spec.requestRef', message: WORDS.settled[locale](requestRef.name, state ?? 'Analysing') };
  return verdict.digest === digest
    ? undefined
    : { path: 'spec.digest', message: WORDS.digest[locale](digest, verdict.digest) };
}

const askersOf = ({ requester = {}, onBehalfOf }: CodeExecutionRequest['spec']): Askers => ({
  requester,
  onBehalfOf,
});

/** Whether somebody may let a request run in an emergency: the role must say so, and RBAC, of a person. */
async function aboutEmergency(
  person: Identity,
  { spec }: CodeExecutionRequest,
  ports: ApprovalPorts,
): Promise<ApprovalRefusal | undefined> {
  const { locale, role: name } = spec;
  const who = person.username ?? '';
  const role = await ports.role(name);
  if (!role?.spec.approval.breakGlass.enabled)
    return { path: 'spec.decision', message: WORDS.noGlass[locale](name) };
  const why = ineligibleInEmergency(person, askersOf(spec));
  if (why === 'ServiceAccount') return { path: undefined, message: WORDS.robot[locale](who) };
  if (why) return { path: undefined, message: WORDS[why][locale](who, name) };
  return (await ports.mayBreakGlass(person, name))
    ? undefined
    : { path: undefined, message: WORDS.glassRbac[locale](who, name) };
}

async function aboutApprover(
  { approver = {}, decision }: ExecutionApproval['spec'],
  request: CodeExecutionRequest,
  ports: ApprovalPorts,
): Promise<ApprovalRefusal | undefined> {
  if (decision === 'BreakGlass') return aboutEmergency(approver, request, ports);
  const { spec } = request;
  const role = await ports.role(spec.role);
  const who = approver.username ?? '';
  const why = role && ineligibility(approver, askersOf(spec), role.spec.approval);
  if (why) return { path: undefined, message: WORDS[why][spec.locale](who, spec.role) };
  return (await ports.mayApprove(approver, spec.role))
    ? undefined
    : { path: undefined, message: WORDS.rbac[spec.locale](who, spec.role) };
}

/** Whether a decision may be stored: about a request that waits for it, about exactly what will run, by somebody who may. */
export async function checkApproval(
  approval: ExecutionApproval,
  namespace: string,
  ports: ApprovalPorts,
): Promise<ApprovalRefusal | undefined> {
  const { requestRef, reason, ticket } = approval.spec;
  const request = await ports.request(namespace, requestRef.name);
  if (!request) return { path: 'spec.requestRef.name', message: WORDS.missing.en(requestRef.name) };
  if (reason.trim() === '') return { path: 'spec.reason', message: WORDS.blank[request.spec.locale] };
  if (ticket?.trim() === '') return { path: 'spec.ticket', message: WORDS.noTicket[request.spec.locale] };
  return aboutRequest(approval, request) ?? (await aboutApprover(approval.spec, request, ports));
}
