import { parseApproval } from '../api/parse.ts';
import { checkApproval } from '../judging/check-approval.ts';
import type { ApprovalPorts } from '../judging/check-approval.ts';
import type { AdmissionRequest, AdmissionReview } from './admission.ts';
import { forbidden, invalid } from './refusals.ts';
import { allowed, denied, errored, nameOf, patched } from './review.ts';
import { callerOf, stamped, stampPatch } from './stamp.ts';

const KIND = 'ExecutionApproval';

/** Beside the checks themselves. */
export interface AdmitApprovalPorts extends ApprovalPorts {
  readonly logger: { readonly warn: (fields: object, message: string) => void };
}

async function answer(admission: AdmissionRequest, ports: AdmitApprovalPorts): Promise<AdmissionReview> {
  const { uid, operation, namespace, object, userInfo } = admission;
  // Everything after the creation is held by the CRD itself: spec never changes.
  if (operation !== 'CREATE') return allowed(uid);
  const caller = callerOf(userInfo);
  const parsed = parseApproval(stamped(object, 'approver', caller));
  const name = nameOf(admission);
  if (!parsed.ok) return denied(uid, invalid(KIND, name, parsed.errors));
  const refusal = await checkApproval(parsed.value, namespace, ports);
  if (!refusal) return patched(uid, stampPatch(object, 'approver', caller));
  const { path, message } = refusal;
  return denied(
    uid,
    path === undefined ? forbidden(KIND, name, message) : invalid(KIND, name, [{ path, message }]),
  );
}

/** Stamps who decides, and refuses a decision that could not count. What nobody can tell is refused for now. */
export function createApprovalAdmission(
  ports: AdmitApprovalPorts,
): (admission: AdmissionRequest) => Promise<AdmissionReview> {
  return async (admission) => {
    try {
      return await answer(admission, ports);
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown';
      ports.logger.warn({ uid: admission.uid, namespace: admission.namespace, why }, 'approval not checked');
      const message = 'Sekisho could not check this approval just now. Try again in a few seconds.';
      return errored(admission.uid, 503, message, 1);
    }
  };
}
