import { expect, test } from '@jest/globals';
import {
  errorFromAnswer,
  errorFromNetwork,
  errorFromStatus,
  isKube,
  kindOf,
  KubeError,
} from '../../src/kube/errors.ts';

test.each([
  [400, undefined, 'Terminal'],
  [401, undefined, 'Retry'],
  [403, undefined, 'Forbidden'],
  [404, undefined, 'NotFound'],
  [405, undefined, 'Terminal'],
  [408, undefined, 'Retry'],
  [409, 'Conflict', 'Conflict'],
  [409, 'AlreadyExists', 'AlreadyExists'],
  [410, 'Expired', 'Gone'],
  [413, undefined, 'TooLarge'],
  [415, undefined, 'Terminal'],
  [422, undefined, 'Invalid'],
  [429, undefined, 'Retry'],
  [500, undefined, 'Retry'],
  [503, undefined, 'Retry'],
  [504, undefined, 'Retry'],
])('HTTP %i with reason %s is %s', (status, reason, want) => {
  expect(kindOf(status, reason)).toBe(want);
});

test("what etcd has no room for is too large, whatever the API server's status for it", () => {
  const error = errorFromStatus({ code: 500, message: 'etcdserver: request is too large' }, 'PATCH /x');
  expect(error.kind).toBe('TooLarge');
});

test('an answer keeps what the server said', () => {
  const body = JSON.stringify({ reason: 'Invalid', message: 'spec: no', details: { retryAfterSeconds: 3 } });
  const error = errorFromAnswer({ status: 422, body }, 'POST /x');
  expect(error).toMatchObject({
    kind: 'Invalid',
    status: 422,
    reason: 'Invalid',
    message: 'POST /x: spec: no',
    retryAfterSeconds: 3,
  });
});

test('an answer that is no Status still makes a message, of bounded length', () => {
  const error = errorFromAnswer({ status: 502, body: `<html>${'x'.repeat(5000)}` }, 'GET /x');
  expect(error.kind).toBe('Retry');
  expect(error.message).toHaveLength(1024);
  expect(errorFromAnswer({ status: 503, body: '' }, 'GET /x').message).toBe('GET /x: HTTP 503');
});

test.each([
  ['7', 7],
  ['-5', 0],
  ['nonsense', undefined],
  [undefined, undefined],
  [new Date(0).toUTCString(), 0],
])('Retry-After "%s" is %s seconds', (retryAfter, want) => {
  expect(errorFromAnswer({ status: 429, body: '{}', retryAfter }, 'x').retryAfterSeconds).toBe(want);
});

test('Retry-After as a date is the time until then', () => {
  const retryAfter = new Date(Date.now() + 30_000).toUTCString();
  expect(errorFromAnswer({ status: 429, body: '{}', retryAfter }, 'x').retryAfterSeconds).toBeCloseTo(30, -1);
});

test('a fault of the network is worth another try and keeps its code', () => {
  const fault = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  expect(errorFromNetwork(fault, 'GET /x')).toMatchObject({
    kind: 'Retry',
    status: 0,
    reason: 'ECONNRESET',
    cause: fault,
  });
  const known = errorFromStatus({ code: 410 }, 'x');
  expect(errorFromNetwork(known, 'y')).toBe(known);
});

test('isKube asks for kinds', () => {
  expect(isKube(new KubeError('Gone', 'x'), 'Conflict', 'Gone')).toBe(true);
  expect(isKube(new KubeError('Gone', 'x'), 'Conflict')).toBe(false);
  expect(isKube(new Error('Gone'), 'Gone')).toBe(false);
});
