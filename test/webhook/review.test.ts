import { describe, expect, test } from '@jest/globals';
import {
  allowed,
  allowedWithWarnings,
  denied,
  errored,
  MAX_BODY_BYTES,
  patched,
  readReview,
} from '../../src/webhook/review.ts';

const JSON_TYPE = 'application/json';
const body = (review: unknown): Uint8Array => Buffer.from(JSON.stringify(review));
const REQUEST = {
  uid: 'r-1',
  operation: 'CREATE',
  namespace: 'team-a',
  name: 'weekly',
  resource: { group: 'sekisho.dev', version: 'v1alpha1', resource: 'codeexecutionrequests' },
  userInfo: { username: 'alice' },
  object: { spec: {} },
};
const envelope = (request: unknown, given = {}) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request,
  ...given,
});

describe('what is no AdmissionReview is answered by one that refuses', () => {
  // Right but for one byte, which a lenient decoder would turn into another program.
  const notUtf8 = Buffer.concat([
    Buffer.from(
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"r-1","userInfo":{},"name":"',
    ),
    Buffer.from([0xff]),
    Buffer.from('"}}'),
  ]);
  test.each<readonly [string, string | undefined, Uint8Array, number, string]>([
    ['no content type', undefined, body(envelope(REQUEST)), 415, ''],
    ['another content type', 'text/plain', body(envelope(REQUEST)), 415, ''],
    ['a content type that only begins alike', 'application/jsonp', body(envelope(REQUEST)), 415, ''],
    ['an empty body', JSON_TYPE, new Uint8Array(), 400, ''],
    ['a body too large', JSON_TYPE, new Uint8Array(MAX_BODY_BYTES + 1), 413, ''],
    ['no JSON', JSON_TYPE, Buffer.from('{"a":'), 400, ''],
    ['not UTF-8', JSON_TYPE, notUtf8, 400, ''],
    ['null', JSON_TYPE, Buffer.from('null'), 400, ''],
    ['a list', JSON_TYPE, Buffer.from('[]'), 400, ''],
    ['another kind', JSON_TYPE, body(envelope(REQUEST, { kind: 'TokenReview' })), 400, 'r-1'],
    [
      'another version',
      JSON_TYPE,
      body(envelope(REQUEST, { apiVersion: 'admission.k8s.io/v1beta1' })),
      400,
      'r-1',
    ],
    ['no request', JSON_TYPE, body(envelope(undefined)), 400, ''],
    ['no uid', JSON_TYPE, body(envelope({ ...REQUEST, uid: undefined })), 400, ''],
    ['an empty uid', JSON_TYPE, body(envelope({ ...REQUEST, uid: '' })), 400, ''],
    ['a uid that is a number', JSON_TYPE, body(envelope({ ...REQUEST, uid: 7 })), 400, ''],
    ['no user', JSON_TYPE, body(envelope({ ...REQUEST, userInfo: undefined })), 400, 'r-1'],
    [
      'a user of another shape',
      JSON_TYPE,
      body(envelope({ ...REQUEST, userInfo: { groups: 'all' } })),
      400,
      'r-1',
    ],
    [
      'extra of another shape',
      JSON_TYPE,
      body(envelope({ ...REQUEST, userInfo: { extra: { a: 'b' } } })),
      400,
      'r-1',
    ],
  ])('%s', (...[, contentType, bytes, code, uid]) => {
    const decoded = readReview(contentType, bytes);
    expect(decoded.ok).toBe(false);
    if (decoded.ok) return;
    expect(decoded.code).toBe(code);
    expect(decoded.review).toMatchObject({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: {
        uid,
        allowed: false,
        status: { status: 'Failure', code, message: expect.stringMatching(/\.$/) },
      },
    });
  });
});

test('a review is read, its content type with parameters too', () => {
  const decoded = readReview('Application/JSON; charset=utf-8', body(envelope({ ...REQUEST, dryRun: true })));
  expect(decoded).toEqual({
    ok: true,
    request: {
      uid: 'r-1',
      group: 'sekisho.dev',
      version: 'v1alpha1',
      resource: 'codeexecutionrequests',
      subResource: '',
      operation: 'CREATE',
      namespace: 'team-a',
      name: 'weekly',
      dryRun: true,
      userInfo: { username: 'alice' },
      object: { spec: {} },
    },
  });
});

test('every way out carries the uid and nothing that was not said', () => {
  expect(allowed('a').response).toEqual({ uid: 'a', allowed: true });
  expect(allowedWithWarnings('a', []).response).toEqual({ uid: 'a', allowed: true });
  expect(allowedWithWarnings('a', ['w']).response).toEqual({ uid: 'a', allowed: true, warnings: ['w'] });
  // patchType without a patch is refused by the API server.
  expect(patched('a', [], ['w']).response).toEqual({ uid: 'a', allowed: true, warnings: ['w'] });
  expect(patched('a', [{ op: 'add', path: '/x', value: 'あ' }]).response).toEqual({
    uid: 'a',
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from('[{"op":"add","path":"/x","value":"あ"}]').toString('base64'),
  });
  expect(denied('a', { code: 422, reason: 'Invalid', message: 'm' }).response).toEqual({
    uid: 'a',
    allowed: false,
    status: { status: 'Failure', code: 422, reason: 'Invalid', message: 'm' },
  });
  expect(errored('a', 503, 'm', 1).response).toEqual({
    uid: 'a',
    allowed: false,
    status: {
      status: 'Failure',
      code: 503,
      reason: 'ServiceUnavailable',
      message: 'm',
      details: { retryAfterSeconds: 1 },
    },
  });
});
