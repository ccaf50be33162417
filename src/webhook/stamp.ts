import type { Identity } from '../api/v1alpha1/identity.ts';
import type { PatchOperation, UserInfo } from './admission.ts';
import { fieldsOf, isFields } from '../judging/fields.ts';
import type { Fields } from '../judging/fields.ts';

/** Own copies throughout: also a key such as __proto__ stays a key. */
const copyOf = (extra: NonNullable<UserInfo['extra']>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]]));

/** The field of a spec that says who made the object. */
export type StampedField = 'requester' | 'approver';

/**
 * The caller as the API server authenticated it. Only what it sent, unchanged and in its order: a ValidatingAdmissionPolicy
 * compares each field with request.userInfo, and there too what is absent is absent.
 */
export function callerOf(userInfo: UserInfo): Identity {
  const { username, uid, groups, extra } = userInfo;
  return {
    ...(username === undefined ? {} : { username }),
    ...(uid === undefined ? {} : { uid }),
    ...(groups === undefined ? {} : { groups: [...groups] }),
    ...(extra === undefined ? {} : { extra: copyOf(extra) }),
  };
}

function specOf(object: unknown): Fields | undefined {
  const { spec } = fieldsOf(object);
  return isFields(spec) ? spec : undefined;
}

/** The patch that writes the caller into an object, whatever stood there. Nothing where there is no spec to write into. */
export function stampPatch(
  object: unknown,
  field: StampedField,
  caller: Identity,
): readonly PatchOperation[] {
  return specOf(object) ? [{ op: 'add', path: `/spec/${field}`, value: caller }] : [];
}

/** The object as it will be once the patch is applied; this is what is judged. */
export function stamped(object: unknown, field: StampedField, caller: Identity): unknown {
  const spec = specOf(object);
  return spec ? { ...fieldsOf(object), spec: { ...spec, [field]: caller } } : object;
}
