import { describe, expect, test } from '@jest/globals';
import { callerOf, stamped, stampPatch } from '../../src/webhook/stamp.ts';
import { aSpec, USER } from './support.ts';

/** RFC 6902 `add` to a member of an object, as the API server applies it. */
function applied(
  object: { spec: object },
  patch: ReturnType<typeof stampPatch>,
): { spec: Record<string, unknown> } {
  const copy = { ...object, spec: Object.fromEntries(Object.entries(object.spec)) };
  for (const { op, path, value } of patch) {
    expect([op, path]).toEqual(['add', '/spec/requester']);
    copy.spec['requester'] = JSON.parse(JSON.stringify(value));
  }
  return copy;
}

describe('whatever was written as requester, the stored one is the caller', () => {
  test.each<readonly [string, object]>([
    ['nothing', {}],
    ['undefined', { requester: undefined }],
    ['null', { requester: null }],
    ['a string', { requester: 'root' }],
    ['a list', { requester: ['root'] }],
    ['an empty object', { requester: {} }],
    [
      'somebody else',
      { requester: { username: 'root', uid: '0', groups: ['system:masters'], extra: { scopes: ['all'] } } },
    ],
    [
      'the caller with one more group',
      { requester: { ...USER, groups: [...USER.groups, 'system:masters'] } },
    ],
    ['fields that no user has', { requester: { username: 'alice', admin: true } }],
  ])('%s', (_what, forged) => {
    const object = { spec: aSpec(forged) };
    const requester = callerOf(USER);
    expect(applied(object, stampPatch(object, 'requester', requester)).spec['requester']).toEqual(USER);
    expect(stamped(object, 'requester', requester)).toMatchObject({ spec: { requester: USER } });
  });
});

test('what the API server did not send is absent, what it sent empty is empty', () => {
  expect(callerOf({})).toStrictEqual({});
  expect(callerOf({ username: '' })).toStrictEqual({ username: '' });
  expect(callerOf({ username: 'a', groups: [] })).toStrictEqual({ username: 'a', groups: [] });
  const forged = { spec: aSpec({ requester: { username: 'a', uid: 'stolen', extra: { k: ['v'] } } }) };
  expect(
    applied(forged, stampPatch(forged, 'requester', callerOf({ username: 'a' }))).spec['requester'],
  ).toStrictEqual({
    username: 'a',
  });
});

test('the order of groups and keys with a meaning to JavaScript survive', () => {
  const userInfo = JSON.parse(
    '{"username":"a","groups":["z","a","m"],"extra":{"__proto__":["x"],"constructor":["y"]}}',
  );
  expect(JSON.stringify(callerOf(userInfo))).toBe(JSON.stringify(userInfo));
});

test('where there is no spec, nothing is written: such a request is refused', () => {
  for (const object of [null, undefined, 'x', {}, { spec: null }, { spec: 'x' }, { spec: [] }])
    expect(stampPatch(object, 'requester', callerOf(USER))).toEqual([]);
});
