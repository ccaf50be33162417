import { beforeEach, describe, expect, test } from '@jest/globals';
import { createAccessReviewer, type AccessReviewerOptions } from '../../src/kube/access-review.ts';
import type { KubeClient, Resource } from '../../src/kube/client.ts';

const SUBJECT = { username: 'alice', groups: ['b', 'a'], uid: 'u', extra: { scopes: ['x'] } };
const REQUEST = { verb: 'use', group: 'sekisho.dev', resource: 'executionroles', name: 'user' };

let asked: unknown[];
let status: unknown;
let now: number;

beforeEach(() => {
  asked = [];
  status = { allowed: true, reason: 'RBAC: allowed by a binding' };
  now = 0;
});

function aReviewer(options: Partial<AccessReviewerOptions> = {}) {
  const client: Pick<KubeClient, 'create'> = {
    create: async <T extends object>(_resource: Resource, object: T): Promise<T> => {
      asked.push(object);
      if (status instanceof Error) throw status;
      return { ...object, status };
    },
  };
  return createAccessReviewer({ client, now: () => now, ...options });
}

describe('an access reviewer', () => {
  test('asks with the identity as it was told', async () => {
    expect(await aReviewer().review(SUBJECT, REQUEST)).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by a binding',
    });
    expect(asked).toMatchObject([
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: {
          user: 'alice',
          groups: ['b', 'a'],
          uid: 'u',
          extra: { scopes: ['x'] },
          resourceAttributes: REQUEST,
        },
      },
    ]);
  });

  test('a denial is an answer, also beside an error of the evaluation', async () => {
    status = { allowed: false, evaluationError: 'role "x" not found' };
    expect(await aReviewer().review(SUBJECT, REQUEST)).toEqual({
      allowed: false,
      reason: 'role "x" not found',
    });
  });

  test('throws when nobody could tell, and asks anew the next time', async () => {
    const reviewer = aReviewer();
    status = new Error('down');
    await expect(reviewer.review(SUBJECT, REQUEST)).rejects.toThrow('down');
    status = undefined;
    await expect(reviewer.review(SUBJECT, REQUEST)).rejects.toThrow('without a status');
    status = { allowed: true };
    expect(await reviewer.review(SUBJECT, REQUEST)).toEqual({ allowed: true, reason: '' });
  });

  test('remembers an answer for ten seconds, whatever the order of the groups', async () => {
    const reviewer = aReviewer();
    await Promise.all([
      reviewer.review(SUBJECT, REQUEST),
      reviewer.review({ ...SUBJECT, groups: ['a', 'b'] }, REQUEST),
    ]);
    now = 9999;
    await reviewer.review(SUBJECT, REQUEST);
    expect(asked).toHaveLength(1);
    now = 10_000;
    await reviewer.review(SUBJECT, REQUEST);
    expect(asked).toHaveLength(2);
  });

  test.each([
    ['another user', { ...SUBJECT, username: 'bob' }, REQUEST],
    ['another uid', { ...SUBJECT, uid: 'v' }, REQUEST],
    ['another group', { ...SUBJECT, groups: ['a'] }, REQUEST],
    ['another extra', { ...SUBJECT, extra: { scopes: ['y'] } }, REQUEST],
    ['another verb', SUBJECT, { ...REQUEST, verb: 'approve' }],
    ['another role', SUBJECT, { ...REQUEST, name: 'admin' }],
    ['a namespace', SUBJECT, { ...REQUEST, namespace: 'ns' }],
  ])('%s is another question', async (_what, subject, request) => {
    const reviewer = aReviewer();
    await reviewer.review(SUBJECT, REQUEST);
    await reviewer.review(subject, request);
    expect(asked).toHaveLength(2);
  });

  test('forgets all when it is told that RBAC has changed, also what is under way', async () => {
    const reviewer = aReviewer();
    const underWay = reviewer.review(SUBJECT, REQUEST);
    reviewer.invalidate();
    status = { allowed: false };
    await underWay;
    expect((await reviewer.review(SUBJECT, REQUEST)).allowed).toBe(false);
  });

  test('remembers a bounded number of answers, and none when told so', async () => {
    const reviewer = aReviewer({ maxEntries: 2 });
    for (const name of ['a', 'b', 'c', 'a']) await reviewer.review(SUBJECT, { ...REQUEST, name });
    expect(asked).toHaveLength(4);
    await reviewer.review(SUBJECT, { ...REQUEST, name: 'c' });
    expect(asked).toHaveLength(4);
    const never = aReviewer({ cacheMilliseconds: 0 });
    asked = [];
    await never.review(SUBJECT, REQUEST);
    await never.review(SUBJECT, REQUEST);
    expect(asked).toHaveLength(2);
  });
});
