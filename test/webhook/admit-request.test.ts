import { describe, expect, test } from '@jest/globals';
import { createAdmission, MAX_JUDGED_AT_ONCE } from '../../src/webhook/admit-request.ts';
import { aFinding, anAdmission, aPolicy, aReport, aSpec, patchOf, ports, USER } from './support.ts';

const STAMP = [{ op: 'add', path: '/spec/requester', value: USER }];
const never = <T>() => new Promise<T>(() => undefined);
const denies = { analyse: () => Promise.resolve(aReport({ findings: [aFinding(3)] })) };

describe('a request that can be judged is stamped, whatever the verdict', () => {
  test('allowed, without a word', async () => {
    const world = ports();
    const { response } = await createAdmission(world.ports)(anAdmission());
    expect(response).toMatchObject({ uid: 'review-1', allowed: true });
    expect(response.warnings).toBeUndefined();
    expect(patchOf({ response })).toEqual(STAMP);
    expect(world.outcomes).toEqual(['Allow']);
  });

  test('denied: stored, and told', async () => {
    const world = ports(denies);
    const { response } = await createAdmission(world.ports)(
      anAdmission(aSpec({ requester: { username: 'root' } })),
    );
    expect(response.allowed).toBe(true);
    expect(patchOf({ response })).toEqual(STAMP);
    expect(response.warnings?.[0]).toMatch(/^Denied \(risk \d+ of 100\): 1 finding$/);
    expect(world.outcomes).toEqual(['Deny']);
  });

  test('RBAC is asked about the caller, never about who is written in the request', async () => {
    const asked: unknown[] = [];
    const world = ports({
      holdsRole: (requester, role) => (asked.push([requester, role]), Promise.resolve(false)),
    });
    const { response } = await createAdmission(world.ports)(
      anAdmission(aSpec({ requester: { username: 'root', groups: ['system:masters'] } })),
    );
    expect(asked).toEqual([[USER, 'user']]);
    expect(response.warnings?.join(' ')).toContain('alice does not hold role "user"');
  });

  test('a dry run is answered like any other', async () => {
    const wet = await createAdmission(ports(denies).ports)(anAdmission());
    const dry = await createAdmission(ports(denies).ports)(anAdmission(aSpec(), { dryRun: true }));
    expect(dry).toEqual(wet);
  });
});

describe('a policy with onDeny: Reject', () => {
  const policies = () => [aPolicy({ onDeny: 'Reject' })];

  test('refuses what it denies, with the findings', async () => {
    const world = ports(denies, { policies });
    const { response } = await createAdmission(world.ports)(anAdmission());
    expect(response).toMatchObject({
      uid: 'review-1',
      allowed: false,
      status: { code: 403, reason: 'Forbidden' },
    });
    expect(response.status?.message).toMatch(
      /^Denied \(risk \d+ of 100\): 1 finding\nmain\.py:3:5 PY-FORK Critical: /,
    );
    expect(world.outcomes).toEqual(['Rejected']);
  });

  test('lets pass what it does not deny', async () => {
    expect((await createAdmission(ports({}, { policies }).ports)(anAdmission())).response.allowed).toBe(true);
  });
});

describe('what cannot be judged is refused', () => {
  test('with every wrong field', async () => {
    const world = ports();
    const { response } = await createAdmission(world.ports)(
      anAdmission(aSpec({ language: 'Ruby', deadlineSeconds: 0 })),
    );
    expect(response).toMatchObject({ allowed: false, status: { code: 422, reason: 'Invalid' } });
    expect(response.status?.details?.causes?.map(({ field }) => field)).toEqual([
      'spec.language',
      'spec.deadlineSeconds',
    ]);
    expect(world.outcomes).toEqual(['Invalid']);
  });

  test.each([undefined, null, 'x', [], {}, { spec: null }, { spec: 'x' }])(
    'an object that is %j',
    async (object) => {
      const { response } = await createAdmission(ports().ports)(anAdmission(undefined, { object }));
      expect(response).toMatchObject({ allowed: false, status: { code: 422 } });
    },
  );

  test('a forged requester of the wrong shape does not count: it is overwritten first', async () => {
    for (const requester of [null, 'root', 7, { groups: 'all' }, { username: 7 }]) {
      const { response } = await createAdmission(ports().ports)(anAdmission(aSpec({ requester })));
      expect(response.allowed).toBe(true);
      expect(patchOf({ response })).toEqual(STAMP);
    }
  });

  test('a caller with more groups than a request can hold is refused, not cut', async () => {
    const groups = Array.from({ length: 257 }, (_one, index) => `g${index}`);
    const { response } = await createAdmission(ports().ports)(
      anAdmission(aSpec(), { userInfo: { username: 'a', groups } }),
    );
    expect(response.status?.message).toContain('spec.requester.groups has 257 entries');
  });
});

describe('when there is no verdict the request is admitted with its stamp, and told so', () => {
  const told = (locale = 'en') =>
    locale === 'en'
      ? ['This request was not judged in time: the verdict will be in status.']
      : ['時間内に判定できませんでした。判定は status に書かれます。'];
  test.each<readonly [string, ReturnType<typeof ports>]>([
    ['RBAC cannot be asked', ports({ holdsRole: () => Promise.reject(new Error('secret detail')) })],
    ['RBAC does not answer', ports({ holdsRole: () => never(), judgeMilliseconds: 20 })],
    ['the analysis does not end', ports({ analyse: () => never(), judgeMilliseconds: 20 })],
    ['a role cannot be read', ports({}, { role: () => Promise.reject(new Error('no')) })],
    [
      'a policy cannot be read',
      ports(
        {},
        {
          policies: () => {
            throw new Error('no');
          },
        },
      ),
    ],
    ['the API server has gone silent', ports({}, { stale: () => true })],
  ])('%s', async (_what, world) => {
    const before = performance.now();
    const { response } = await createAdmission(world.ports)(
      anAdmission(aSpec({ requester: { username: 'root' } })),
    );
    expect(performance.now() - before).toBeLessThan(1000);
    expect(response).toMatchObject({ uid: 'review-1', allowed: true, warnings: told() });
    expect(patchOf({ response })).toEqual(STAMP);
    expect(JSON.stringify(response)).not.toContain('secret detail');
    expect(world.outcomes).toEqual(['Undetermined']);
  });

  test('in the language of the request', async () => {
    const world = ports({ holdsRole: () => Promise.reject(new Error('no')) });
    const { response } = await createAdmission(world.ports)(anAdmission(aSpec({ locale: 'ja' })));
    expect(response.warnings).toEqual(told('ja'));
  });

  test('work that outlives its caller still counts, so that a flood does not pile up', async () => {
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof aReport>>();
    let analyses = 0;
    const world = ports({ analyse: () => ((analyses += 1), promise), judgeMilliseconds: 20 });
    const admit = createAdmission(world.ports);
    await Promise.all(Array.from({ length: MAX_JUDGED_AT_ONCE }, () => admit(anAdmission())));
    const before = performance.now();
    await admit(anAdmission());
    expect(performance.now() - before).toBeLessThan(15);
    expect(analyses).toBe(MAX_JUDGED_AT_ONCE);
    resolve(aReport());
    await new Promise((done) => setImmediate(done));
    await admit(anAdmission());
    expect(world.outcomes.at(-1)).toBe('Allow');
  });
});

test('before everything was read: neither admitted nor denied, but come back', async () => {
  const world = ports({}, { synced: () => false });
  const { response } = await createAdmission(world.ports)(anAdmission());
  expect(response).toMatchObject({
    allowed: false,
    status: { code: 503, details: { retryAfterSeconds: 1 } },
  });
  expect(world.outcomes).toEqual(['NotReady']);
});

test('what is no creation of a request is not stamped', async () => {
  const admit = createAdmission(ports().ports);
  expect((await admit(anAdmission(aSpec(), { operation: 'UPDATE' }))).response).toEqual({
    uid: 'review-1',
    allowed: true,
  });
  for (const wrong of [{ group: 'evil.dev' }, { resource: 'pods' }, { subResource: 'status' }])
    expect((await admit(anAdmission(aSpec(), wrong))).response).toMatchObject({
      allowed: false,
      status: { code: 400 },
    });
});

test('one line of log for an admission, without code', async () => {
  const world = ports(denies);
  await createAdmission(world.ports)(anAdmission(aSpec({ code: 'SECRET = 1' })));
  expect(world.logs).toEqual([
    {
      uid: 'review-1',
      namespace: 'team-a',
      name: 'weekly',
      user: 'alice',
      outcome: 'Deny',
      dryRun: false,
      milliseconds: expect.any(Number),
      judgeMilliseconds: expect.any(Number),
    },
  ]);
  const object = { metadata: { generateName: 'run-' }, spec: aSpec() };
  await createAdmission(world.ports)(anAdmission(undefined, { name: '', object }));
  expect(world.logs.at(-1)).toMatchObject({ name: 'run-*' });
});
