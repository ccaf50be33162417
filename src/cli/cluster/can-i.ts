import { parseRole } from '../../api/parse.ts';
import type { ExecutionRole } from '../../api/parse.ts';
import type { Identity } from '../../api/v1alpha1/identity.ts';
import { GROUP } from '../../api/v1alpha1/group.ts';
import {
  EXECUTION_APPROVALS,
  EXECUTION_ROLES,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_REVIEWS,
  SUBJECT_ACCESS_REVIEWS,
} from '../../kube/resources.ts';
import { isKube } from '../../kube/errors.ts';
import { plainly } from '../../core/view/hidden.ts';
import { ineligibility, ineligibleInEmergency } from '../../core/approval/eligible.ts';
import type { CanIOrder } from '../cluster-arguments.ts';
import type { Output } from '../output.ts';
import { printed } from './print.ts';
import { within } from './session.ts';
import type { Session } from './session.ts';
import { CLUSTER_WORDS } from './words.ts';

/** One thing that was asked, and what came out. */
interface Answer {
  readonly answer: 'yes' | 'no' | 'approval' | 'unknown';
  readonly message: string;
}

interface AccessReview {
  readonly status?: { readonly allowed?: boolean; readonly reason?: string };
}
interface SelfReview {
  readonly status?: { readonly userInfo?: Identity };
}

type Words = (typeof CLUSTER_WORDS)['en' | 'ja'];
type Role = ExecutionRole | 'Unreadable';

/** RBAC's own answer; its reason names the binding that grants it. */
async function rbacSays(
  { client }: Session,
  { as, asGroup }: CanIOrder,
  resourceAttributes: object,
): Promise<NonNullable<AccessReview['status']>> {
  const resource = as === undefined ? SELF_SUBJECT_ACCESS_REVIEWS : SUBJECT_ACCESS_REVIEWS;
  const spec =
    as === undefined ? { resourceAttributes } : { resourceAttributes, user: as, groups: asGroup ?? [] };
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: resource.kind, metadata: {}, spec };
  return (await client.create<AccessReview & object>(resource, review)).status ?? {};
}

/** Who is asked about. */
async function subjectOf({ client }: Session, { as, asGroup }: CanIOrder): Promise<Identity> {
  if (as !== undefined) return { username: as, groups: [...(asGroup ?? [])] };
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: SELF_SUBJECT_REVIEWS.kind, metadata: {} };
  return (await client.create<SelfReview & object>(SELF_SUBJECT_REVIEWS, review)).status?.userInfo ?? {};
}

/** The role; undefined when there is none, Unreadable when the caller may not read it: roles belong to the whole cluster. */
async function readRole({ client }: Session, name: string): Promise<Role | undefined> {
  try {
    const parsed = parseRole(await client.get<object>(EXECUTION_ROLES, { name }));
    return parsed.ok ? parsed.value : undefined;
  } catch (error) {
    if (isKube(error, 'Forbidden')) return 'Unreadable';
    throw error;
  }
}

function aboutAction(action: string, role: Role, name: string, words: Words): Answer {
  if (role === 'Unreadable') return { answer: 'unknown', message: words.actionUnknown(action, name) };
  const { spec } = role;
  if (spec.approvalActions?.includes(action))
    return { answer: 'approval', message: words.actionApproval(action) };
  return spec.allowedActions?.includes(action)
    ? { answer: 'yes', message: words.actionAllowed(action) }
    : { answer: 'no', message: words.actionDenied(action, name) };
}

/** Whether the role itself lets somebody decide about a request of others. */
function aboutRules(subject: Identity, role: Role, { verb, role: name }: CanIOrder, words: Words): Answer {
  if (role === 'Unreadable') return { answer: 'unknown', message: words.rulesUnknown(name) };
  const { approval } = role.spec;
  if (verb === 'break-glass' && !approval.breakGlass.enabled)
    return { answer: 'no', message: words.noGlass(name) };
  const nobody = { requester: {}, onBehalfOf: undefined };
  const why =
    verb === 'approve' ? ineligibility(subject, nobody, approval) : ineligibleInEmergency(subject, nobody);
  return why
    ? {
        answer: 'no',
        message: words.rulesRefuse(name, why === 'NotInGroup' ? 'approverGroups' : 'allowServiceAccounts'),
      }
    : { answer: 'yes', message: words.rulesAllow(name) };
}

async function aboutDeciding(
  session: Session,
  order: CanIOrder,
  role: Role,
  words: Words,
): Promise<readonly Answer[]> {
  const { namespace } = session;
  const { group, plural } = EXECUTION_APPROVALS;
  const create = { group, resource: plural, verb: 'create', namespace };
  const { allowed = false } = await rbacSays(session, order, create);
  const inNamespace: Answer = allowed
    ? { answer: 'yes', message: words.mayDecide(namespace) }
    : { answer: 'no', message: words.mayNotDecide(namespace) };
  return [inNamespace, aboutRules(await subjectOf(session, order), role, order, words)];
}

async function answersTo(
  session: Session,
  order: CanIOrder,
  role: Role,
  words: Words,
): Promise<readonly Answer[]> {
  const { verb = 'use', action = [], role: name } = order;
  const who = order.as ?? words.you;
  const attributes = { group: GROUP, resource: EXECUTION_ROLES.plural, name, verb };
  const { allowed = false, reason = '' } = await rbacSays(session, order, attributes);
  const held: Answer = allowed
    ? { answer: 'yes', message: words.held(who, verb, name, reason) }
    : { answer: 'no', message: words.notHeld(who, verb, name) };
  const more =
    verb === 'use'
      ? action.map((one) => aboutAction(one, role, name, words))
      : await aboutDeciding(session, order, role, words);
  return [held, ...more];
}

/** `sekisho can-i`: whether somebody holds a role or may decide for it, by which binding, and what the role says. Ends with 1 for no. */
export const canI = (order: CanIOrder, output: Output): Promise<number> =>
  within(order, async (session) => {
    const words = CLUSTER_WORDS[order.locale ?? 'en'];
    const role = await readRole(session, order.role);
    const answers: readonly Answer[] =
      role === undefined
        ? [{ answer: 'no', message: words.noRole(order.role) }]
        : await answersTo(session, order, role, words);
    const can = answers.every(({ answer }) => answer === 'yes' || answer === 'approval');
    const told = { role: order.role, verb: order.verb ?? 'use', subject: order.as, can, answers };
    await output.write(
      order.output
        ? printed(told, order.output)
        : answers.map(({ message }) => `${plainly(message)}\n`).join(''),
    );
    return can ? 0 : 1;
  });
