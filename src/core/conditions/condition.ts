import type { AuditRecord } from '../../api/v1alpha1/code-execution-request.ts';
import type { Observed, Plan } from '../observed.ts';

/** What a condition is computed from: what was seen, what is to be done, and what went wrong in doing it. */
export interface Facts {
  readonly seen: Observed;
  readonly plan: Plan;
  /** A sentence for the requester when the plan could not be carried out; it will be tried again. */
  readonly problem: string | undefined;
  /** The last record of the audit log about the request. */
  readonly auditRecord?: AuditRecord | undefined;
}

export interface ConditionAnswer<Reason extends string> {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  /** Detail beyond the sentence of the reason. */
  readonly detail?: string | undefined;
}

/** One condition: its type, what it means, every reason it may give with its sentence, and how it is computed. */
export interface ConditionDefinition<Reason extends string = string> {
  readonly type: string;
  readonly meaning: string;
  readonly reasons: Readonly<Record<Reason, string>>;
  /** Total and pure. undefined: the condition does not apply yet and stays as it was. */
  readonly compute: (facts: Facts) => ConditionAnswer<Reason> | undefined;
}

/** The compiler refuses a compute that answers a reason which is not declared. */
export const defineCondition = <const Reason extends string>(
  definition: ConditionDefinition<Reason>,
): ConditionDefinition<Reason> => definition;
