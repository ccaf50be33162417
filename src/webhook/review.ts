import type {
  AdmissionRequest,
  AdmissionResponse,
  AdmissionReview,
  PatchOperation,
  StatusResult,
  UserInfo,
} from './admission.ts';
import { fieldsOf, isFields, textOf } from '../judging/fields.ts';
import type { Fields } from '../judging/fields.ts';

/** Larger than anything that Sekisho accepts (512 KiB of input, each character up to six bytes of JSON), smaller than a nuisance. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;

const API_VERSION = 'admission.k8s.io/v1';

const reviewOf = (response: AdmissionResponse): AdmissionReview => ({
  apiVersion: API_VERSION,
  kind: 'AdmissionReview',
  response,
});

/** The request may pass as it is. */
export const allowed = (uid: string): AdmissionReview => reviewOf({ uid, allowed: true });

/** The request may pass as it is; the caller is told something. */
export const allowedWithWarnings = (uid: string, warnings: readonly string[]): AdmissionReview =>
  reviewOf({ uid, allowed: true, ...(warnings.length > 0 ? { warnings } : {}) });

/** The request may pass, changed by a JSON patch; the caller may be told something. */
export const patched = (
  uid: string,
  patch: readonly PatchOperation[],
  warnings: readonly string[] = [],
): AdmissionReview =>
  patch.length === 0
    ? allowedWithWarnings(uid, warnings)
    : reviewOf({
        uid,
        allowed: true,
        patchType: 'JSONPatch',
        patch: Buffer.from(JSON.stringify(patch), 'utf8').toString('base64'),
        ...(warnings.length > 0 ? { warnings } : {}),
      });

/** The request must not pass, and it is the request's fault. */
export const denied = (uid: string, status: Omit<StatusResult, 'status'>): AdmissionReview =>
  reviewOf({ uid, allowed: false, status: { status: 'Failure', ...status } });

const REASON_OF_CODE: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

/** Nobody could tell whether the request may pass, so it does not. With `retryAfterSeconds` clients try again by themselves. */
export const errored = (
  uid: string,
  code: number,
  message: string,
  retryAfterSeconds?: number,
): AdmissionReview =>
  denied(uid, {
    code,
    reason: REASON_OF_CODE[code] ?? 'InternalError',
    message,
    ...(retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } }),
  });

/** The name that an object has, or will begin with. */
export function nameOf(request: AdmissionRequest): string {
  const { name, generateName } = fieldsOf(fieldsOf(request.object)['metadata']);
  const known = request.name || textOf(name);
  return known === '' && textOf(generateName) !== '' ? `${textOf(generateName)}*` : known;
}

/** A decoded request, or the review that answers what could not be decoded. */
export type Decoded =
  | { readonly ok: true; readonly request: AdmissionRequest }
  | { readonly ok: false; readonly code: number; readonly review: AdmissionReview };

const refusal = (code: number, message: string, uid = ''): Decoded => ({
  ok: false,
  code,
  review: errored(uid, code, message),
});

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isUserInfo = (value: unknown): value is UserInfo => {
  if (!isFields(value)) return false;
  const { username, uid, groups, extra } = value;
  const isText = (text: unknown) => text === undefined || typeof text === 'string';
  const isExtra = extra === undefined || (isFields(extra) && Object.values(extra).every(isTexts));
  return isText(username) && isText(uid) && (groups === undefined || isTexts(groups)) && isExtra;
};

function decodeRequest(raw: Fields): Decoded {
  const uid = textOf(raw['uid']);
  if (uid === '') return refusal(400, 'The AdmissionReview has no request.uid.');
  const { userInfo } = raw;
  if (!isUserInfo(userInfo))
    return refusal(400, 'The AdmissionReview has no readable request.userInfo.', uid);
  const resource = fieldsOf(raw['resource']);
  return {
    ok: true,
    request: {
      uid,
      group: textOf(resource['group']),
      version: textOf(resource['version']),
      resource: textOf(resource['resource']),
      subResource: textOf(raw['subResource']),
      operation: textOf(raw['operation']),
      namespace: textOf(raw['namespace']),
      name: textOf(raw['name']),
      dryRun: raw['dryRun'] === true,
      userInfo,
      object: raw['object'],
    },
  };
}

/** Whether a content type is JSON; parameters such as charset do not matter, since JSON is UTF-8. */
export const isJson = (contentType: string | undefined): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';

function parseJson(body: Uint8Array): unknown {
  try {
    // fatal: half-decoded text would be judged as something that nobody wrote.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** Body and content type of a call → the request in it, or the answer to what is no AdmissionReview v1. Pure. */
export function readReview(contentType: string | undefined, body: Uint8Array): Decoded {
  if (!isJson(contentType)) return refusal(415, 'The content type must be application/json.');
  if (body.length === 0) return refusal(400, 'The body is empty.');
  if (body.length > MAX_BODY_BYTES) return refusal(413, `The body has more than ${MAX_BODY_BYTES} bytes.`);
  const review = parseJson(body);
  if (!isFields(review)) return refusal(400, 'The body is not a JSON object in UTF-8.');
  const request = fieldsOf(review['request']);
  if (review['apiVersion'] !== API_VERSION || review['kind'] !== 'AdmissionReview')
    return refusal(400, `The body must be an AdmissionReview of ${API_VERSION}.`, textOf(request['uid']));
  return decodeRequest(request);
}
