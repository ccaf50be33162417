import { parseRole } from '../../api/parse.ts';
import type { ExecutionRole } from '../../api/parse.ts';
import { GROUP } from '../../api/v1alpha1/group.ts';
import {
  EXECUTION_ROLES,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SUBJECT_ACCESS_REVIEWS,
} from '../../kube/resources.ts';
import { isKube } from '../../kube/errors.ts';
import { plainly } from '../../core/view/hidden.ts';
import type { CanIOrder } from '../cluster-arguments.ts';
import type { Output } from '../output.ts';
import { within } from './session.ts';
import type { Session } from './session.ts';
import { CLUSTER_WORDS } from './words.ts';

interface Review {
  readonly status?: { readonly allowed?: boolean; readonly reason?: string };
}

/** RBAC's own answer; its reason names the binding that grants it. */
async function holds(
  { client }: Session,
  { role, as, asGroup }: CanIOrder,
): Promise<NonNullable<Review['status']>> {
  const resourceAttributes = { group: GROUP, resource: 'executionroles', name: role, verb: 'use' };
  const resource = as === undefined ? SELF_SUBJECT_ACCESS_REVIEWS : SUBJECT_ACCESS_REVIEWS;
  const spec =
    as === undefined ? { resourceAttributes } : { resourceAttributes, user: as, groups: asGroup ?? [] };
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: resource.kind, metadata: {}, spec };
  return (await client.create<Review & object>(resource, review)).status ?? {};
}

type Words = (typeof CLUSTER_WORDS)['en' | 'ja'];

/** The role; undefined when there is none, Unreadable when the caller may not read it: roles belong to the whole cluster. */
async function readRole(
  { client }: Session,
  name: string,
): Promise<ExecutionRole | 'Unreadable' | undefined> {
  try {
    const parsed = parseRole(await client.get<object>(EXECUTION_ROLES, { name }));
    return parsed.ok ? parsed.value : undefined;
  } catch (error) {
    if (isKube(error, 'Forbidden')) return 'Unreadable';
    throw error;
  }
}

function actionLine(
  action: string,
  role: ExecutionRole | 'Unreadable',
  name: string,
  words: Words,
): readonly [string, boolean] {
  if (role === 'Unreadable') return [words.actionUnknown(action, name), false];
  const { spec } = role;
  if (spec.approvalActions?.includes(action)) return [words.actionApproval(action), true];
  if (spec.allowedActions?.includes(action)) return [words.actionAllowed(action), true];
  return [words.actionDenied(action, name), false];
}

/** `sekisho can-i`: whether somebody holds a role, by which binding, and what it lets them do. Ends with 1 for no. */
export const canI = (order: CanIOrder, output: Output): Promise<number> =>
  within(order, async (session) => {
    const words = CLUSTER_WORDS[order.locale ?? 'en'];
    const role = await readRole(session, order.role);
    if (role === undefined) {
      await output.write(`${words.noRole(order.role)}\n`);
      return 1;
    }
    const who = order.as ?? words.you;
    const { allowed = false, reason = '' } = await holds(session, order);
    const lines: (readonly [string, boolean])[] = [
      [allowed ? words.held(who, order.role, reason) : words.notHeld(who, order.role), allowed],
      ...(order.action ?? []).map((action) => actionLine(action, role, order.role, words)),
    ];
    await output.write(lines.map(([line]) => `${plainly(line)}\n`).join(''));
    return lines.every(([, yes]) => yes) ? 0 : 1;
  });
