import type { RoleSpec } from '../../api/v1alpha1/execution-role.ts';
import type { Identity } from '../../api/v1alpha1/identity.ts';

/** Why somebody may not approve a request, whatever RBAC grants them. */
export type Ineligibility = 'OwnRequest' | 'ServiceAccount' | 'NotInGroup';

const SERVICE_ACCOUNT = 'system:serviceaccount:';

const isSame = (one: Identity, other: Identity): boolean =>
  one.username === other.username || (one.uid !== undefined && one.uid !== '' && one.uid === other.uid);

/** Whether the rules of a role let somebody decide about a request of this requester. undefined: they do. Pure. */
export function ineligibility(
  approver: Identity,
  requester: Identity,
  rules: RoleSpec['approval'],
): Ineligibility | undefined {
  if (isSame(approver, requester)) return 'OwnRequest';
  if (!rules.allowServiceAccounts && approver.username?.startsWith(SERVICE_ACCOUNT)) return 'ServiceAccount';
  const groups = approver.groups ?? [];
  const wanted = rules.approverGroups;
  return wanted && !wanted.some((group) => groups.includes(group)) ? 'NotInGroup' : undefined;
}
