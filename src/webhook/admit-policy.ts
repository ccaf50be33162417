import { checkPolicy } from '../judging/check-policy.ts';
import type { AdmissionRequest, AdmissionReview } from './admission.ts';
import { invalid } from './refusals.ts';
import { allowed, denied } from './review.ts';

/** Refuses an ExecutionPolicy that could not be applied, before it stands in the way of every program. */
export async function admitPolicy({ uid, name, object }: AdmissionRequest): Promise<AdmissionReview> {
  const errors = await checkPolicy(object);
  return errors.length === 0 ? allowed(uid) : denied(uid, invalid('ExecutionPolicy', name, errors));
}
