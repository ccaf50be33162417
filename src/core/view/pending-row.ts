import type { CodeExecutionRequest } from '../../api/parse.ts';
import { plainly } from './hidden.ts';

/** A request in the list of those that wait for a person. Each text in it is safe to print. */
export interface PendingRow {
  readonly namespace: string;
  readonly name: string;
  readonly requester: string;
  readonly role: string;
  readonly risk: string;
  /** How many approvals were given of how many that are wanted. */
  readonly approvals: string;
  /** RFC 3339, or empty. */
  readonly approveBy: string;
}

/** What the list says of a request. */
export function pendingRow({ metadata, spec, status }: CodeExecutionRequest): PendingRow {
  const { approval, verdict } = status;
  return {
    namespace: plainly(metadata.namespace ?? ''),
    name: plainly(metadata.name),
    requester: plainly(spec.requester?.username ?? ''),
    role: plainly(spec.role),
    risk: String(verdict?.riskScore ?? ''),
    approvals: `${approval?.approvedBy.length ?? 0}/${approval?.required ?? '?'}`,
    approveBy: approval?.approveBy ?? '',
  };
}

const compared = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The most urgent first; of equal ones, in the order of their names. */
export const byUrgency = (a: PendingRow, b: PendingRow): number =>
  compared(a.approveBy, b.approveBy) || compared(a.namespace, b.namespace) || compared(a.name, b.name);
