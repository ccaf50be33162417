import { checkPlugin } from '../judging/check-plugin.ts';
import type { AdmissionRequest, AdmissionReview } from './admission.ts';
import { invalid } from './refusals.ts';
import { allowed, denied } from './review.ts';

/** Refuses a Plugin that contradicts itself, so that it is not found out by the programs that call it. */
export function admitPlugin({ uid, name, object }: AdmissionRequest): Promise<AdmissionReview> {
  const errors = checkPlugin(object);
  return Promise.resolve(errors.length === 0 ? allowed(uid) : denied(uid, invalid('Plugin', name, errors)));
}
