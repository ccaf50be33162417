import { expect, test } from '@jest/globals';
import { inconsistencies } from '../../../src/core/plugins/consistency.ts';
import { anOperation, aPlugin } from '../../support/build.ts';

const messagesOf = (operation: object, upstream: object = {}) =>
  inconsistencies(
    aPlugin({
      upstream: { url: 'https://calendar.example.com', ...upstream },
      operations: [anOperation(operation)],
    }),
  ).map(({ message }) => message);

const input = (properties: readonly string[], required: readonly string[] = []) => ({
  type: 'object',
  properties: Object.fromEntries(properties.map((name) => [name, { type: 'string' }])),
  required,
});

test('a plugin that says where each argument goes is taken', () => {
  expect(messagesOf({})).toEqual([]);
  expect(
    messagesOf({
      http: { method: 'PUT', path: '/events/{id}', query: ['dry'], headers: { 'If-Match': 'etag' } },
      input: input(['id', 'dry', 'etag', 'title'], ['id']),
    }),
  ).toEqual([]);
});

test.each([
  [
    'an argument that the schema lacks',
    { http: { method: 'GET', path: '/e', query: ['x'] }, input: input([]) },
    'places "x", which input.properties does not have',
  ],
  [
    'an argument in two places',
    { http: { method: 'GET', path: '/e/{id}', query: ['id'] }, input: input(['id'], ['id']) },
    'places "id" twice',
  ],
  [
    'an optional argument in the path',
    { http: { method: 'GET', path: '/e/{id}' }, input: input(['id']) },
    'input.required lacks "id"',
  ],
  [
    'an argument without a place',
    { http: { method: 'DELETE', path: '/e' }, input: input(['why']) },
    'has no place for "why": a DELETE has no body',
  ],
  [
    'the credential of the gateway',
    { http: { method: 'GET', path: '/e', headers: { Authorization: 'a' } }, input: input(['a']) },
    'names "Authorization"',
  ],
  [
    'the length of the body',
    { http: { method: 'POST', path: '/e', headers: { 'Content-Length': 'a' } }, input: input(['a']) },
    'names "Content-Length"',
  ],
  ['arguments that are no object', { input: { type: 'array' } }, 'input.type must be "object"'],
])('with %s it is refused', (_title, operation, sentence) => {
  expect(messagesOf(operation).join('\n')).toContain(sentence);
});

test('no argument may take the place of the credential, whatever its header', () => {
  const upstream = { credential: { secretName: 'key', header: 'X-Api-Key' } };
  const operation = {
    http: { method: 'GET', path: '/e', headers: { 'x-api-key': 'a' } },
    input: input(['a']),
  };
  expect(messagesOf(operation, upstream).join()).toContain('names "x-api-key"');
  expect(messagesOf(operation)).toEqual([]);
});

test('a range that is none is refused', () => {
  expect(messagesOf({}, { allowedCIDRs: ['10.0.0.0/8', 'fd00::/8'] })).toEqual([]);
  expect(messagesOf({}, { allowedCIDRs: ['10.0.0.1'] }).join()).toContain('allowedCIDRs[0] is "10.0.0.1"');
});
