import type { RoleSpec } from '../../api/v1alpha1/execution-role.ts';
import type { Person } from '../../api/v1alpha1/code-execution-request.ts';
import type { Identity } from '../../api/v1alpha1/identity.ts';

/** Why somebody may not approve a request, whatever RBAC grants them. */
export type Ineligibility = 'OwnRequest' | 'OwnBehalf' | 'ServiceAccount' | 'NotInGroup';

const SERVICE_ACCOUNT = 'system:serviceaccount:';

const isSame = (one: Identity, other: Identity): boolean =>
  one.username === other.username || (one.uid !== undefined && one.uid !== '' && one.uid === other.uid);

/** Whose request it is. */
export interface Askers {
  readonly requester: Identity;
  /** The person that the requester acts for. */
  readonly onBehalfOf: Person | undefined;
}

/** Whose request it is, and who breaks the glass for it: a person, never a ServiceAccount. undefined: they may. Pure. */
export const ineligibleInEmergency = (person: Identity, askers: Askers): Ineligibility | undefined =>
  ineligibility(person, askers, { allowServiceAccounts: false });

/** Whether the rules of a role let somebody decide about a request of these people. undefined: they do. Pure. */
export function ineligibility(
  approver: Identity,
  { requester, onBehalfOf }: Askers,
  rules: Pick<RoleSpec['approval'], 'allowServiceAccounts' | 'approverGroups'>,
): Ineligibility | undefined {
  if (isSame(approver, requester)) return 'OwnRequest';
  if (onBehalfOf && approver.username === onBehalfOf.username) return 'OwnBehalf';
  if (!rules.allowServiceAccounts && approver.username?.startsWith(SERVICE_ACCOUNT)) return 'ServiceAccount';
  const groups = approver.groups ?? [];
  const wanted = rules.approverGroups;
  return wanted && !wanted.some((group) => groups.includes(group)) ? 'NotInGroup' : undefined;
}
