import type { Requester } from '../api/v1alpha1/code-execution-request.ts';
import type { PatchOperation, UserInfo } from './admission.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The requester as the API server authenticated it. Only what it sent, unchanged and in its order: a ValidatingAdmissionPolicy
 * compares each field with request.userInfo, and there too what is absent is absent.
 */
export function requesterOf(userInfo: UserInfo): Requester {
  const { username, uid, groups, extra } = userInfo;
  return {
    ...(username === undefined ? {} : { username }),
    ...(uid === undefined ? {} : { uid }),
    ...(groups === undefined ? {} : { groups: [...groups] }),
    ...(extra === undefined ? {} : { extra: extra as Record<string, string[]> }),
  };
}

const specOf = (object: unknown): Fields | undefined => {
  const spec = typeof object === 'object' && object !== null ? (object as Fields)['spec'] : undefined;
  return typeof spec === 'object' && spec !== null && !Array.isArray(spec) ? (spec as Fields) : undefined;
};

/** The patch that writes the requester into a request, whatever stood there. Nothing where there is no spec to write into. */
export function stampPatch(object: unknown, requester: Requester): readonly PatchOperation[] {
  return specOf(object) ? [{ op: 'add', path: '/spec/requester', value: requester }] : [];
}

/** The object as it will be once the patch is applied; this is what is judged. */
export function stamped(object: unknown, requester: Requester): unknown {
  const spec = specOf(object);
  return spec ? { ...(object as Fields), spec: { ...spec, requester } } : object;
}
