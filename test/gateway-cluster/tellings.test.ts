/** What the gateway asks of the cluster and tells it: tokens, credentials, counts, the record. */
import { expect, test } from '@jest/globals';
import { verify } from '../../src/core/audit/verify.ts';
import { CallCounts } from '../../src/gateway-cluster/call-counts.ts';
import { openCallLog } from '../../src/gateway-cluster/call-log.ts';
import { credentialsOver } from '../../src/gateway-cluster/credentials.ts';
import { tokenReviews } from '../../src/gateway-cluster/token-reviews.ts';
import type { CallEvent } from '../../src/gateway/contract.ts';
import { KubeError } from '../../src/kube/errors.ts';
import { aPlugin, aRole, NOW, UID } from '../support/build.ts';

const event = (given: Partial<CallEvent> = {}): CallEvent => ({
  caller: {
    request: { namespace: 'team-a', name: 'weekly', uid: UID },
    podUid: 'pod-uid',
    requester: 'alice',
    role: aRole(),
    grants: [],
    until: NOW,
  },
  plugin: 'calendar',
  operation: 'read_events',
  outcome: 'Done',
  ...given,
});

const USER = {
  username: 'system:serviceaccount:sandboxes:default',
  extra: {
    'authentication.kubernetes.io/pod-name': ['run-1'],
    'authentication.kubernetes.io/pod-uid': ['pod-uid'],
  },
};
const reviewed = (status: object) => {
  let asked = 0;
  let clock = NOW;
  const client = {
    create: <T extends object>() => Promise.resolve({ status: (asked += 1) && status } as unknown as T),
  };
  const review = tokenReviews({ client, sandboxNamespace: 'sandboxes', now: () => clock });
  return { review, asked: () => asked, pass: (milliseconds: number) => void (clock += milliseconds) };
};
const GOOD = { authenticated: true, audiences: ['sekisho-gateway'], user: USER };

test.each([
  ['a token of a sandbox for the gateway', GOOD, { name: 'run-1', uid: 'pod-uid' }],
  ['a token that is not good', { ...GOOD, authenticated: false }, undefined],
  ['a token for somebody else', { ...GOOD, audiences: ['https://kubernetes.default.svc'] }, undefined],
  ['a token without an audience', { authenticated: true, user: USER }, undefined],
  [
    'a token of another namespace',
    { ...GOOD, user: { ...USER, username: 'system:serviceaccount:team-a:default' } },
    undefined,
  ],
  ['a token of no pod', { ...GOOD, user: { ...USER, extra: {} } }, undefined],
])('%s names its pod, if any', async (_title, status, pod) => {
  expect(await reviewed(status).review('a.b.c')).toEqual(pod);
});

test('a good answer is kept for some seconds, a bad one is not, and no nonsense is asked about', async () => {
  const good = reviewed(GOOD);
  await good.review('a.b.c');
  await good.review('a.b.c');
  expect(good.asked()).toBe(1);
  good.pass(15_001);
  await good.review('a.b.c');
  expect(good.asked()).toBe(2);
  const bad = reviewed({ authenticated: false });
  await bad.review('a.b.c');
  await bad.review('a.b.c');
  expect(bad.asked()).toBe(2);
  await bad.review('a b');
  await bad.review('a'.repeat(8193));
  expect(bad.asked()).toBe(2);
});

test('a credential is what its Secret holds, and nothing that a header cannot carry', async () => {
  const plugin = aPlugin({
    upstream: { url: 'https://calendar.example.com', credential: { secretName: 'key' } },
  });
  const over = (text: string | undefined) =>
    credentialsOver({
      client: {
        get: <T extends object>() =>
          Promise.resolve(
            (text === undefined ? undefined : { data: { token: Buffer.from(text).toString('base64') } }) as
              T | undefined,
          ),
      },
      namespace: 'sekisho-system',
      now: () => NOW,
    });
  expect(await over('s3cret\n')(plugin)).toBe('s3cret');
  expect(await over('s3cret')(aPlugin())).toBeUndefined();
  for (const wrong of ['', 'a\r\nX-Admin: 1', 'ü', undefined])
    await expect(over(wrong)(plugin)).rejects.toThrow('Secret key holds no credential');
});

test('calls are counted for each request and told in one write; what was not granted is not counted', async () => {
  const written: object[] = [];
  const client = {
    applyStatus: <T extends object>(_resource: object, object: T) => {
      written.push((object as unknown as { readonly status: object }).status);
      return Promise.resolve(object);
    },
  };
  const counts = new CallCounts({ client, logger: { warn: () => undefined }, gateway: 'gateway-1' });
  counts.count(event({ outcome: 'About' }), true);
  counts.count(event(), true);
  counts.count(event(), true);
  counts.count(event({ outcome: 'Refused', code: 'InputInvalid' }), true);
  counts.count(event({ operation: 'made_up', outcome: 'Refused', code: 'NotGranted' }), false);
  counts.count(event({ caller: undefined, outcome: 'Refused', code: 'Unauthenticated' }), true);
  await counts.flush();
  await counts.flush();
  expect(written).toEqual([
    {
      pluginCalls: [
        {
          ...{ gateway: 'gateway-1', plugin: 'calendar', operation: 'read_events' },
          ...{ allowed: 2, refused: 1, lastRefusal: 'InputInvalid' },
        },
      ],
    },
  ]);
});

test('what could not be told is told the next time, and of a request that is gone no more', async () => {
  const answers = [new KubeError('Retry', 'busy'), new KubeError('NotFound', 'gone')];
  let tried = 0;
  const client = {
    applyStatus: <T extends object>(): Promise<T> => {
      tried += 1;
      return Promise.reject(answers.shift() ?? new Error('asked once more'));
    },
  };
  const warnings: string[] = [];
  const logger = { warn: (_fields: object, message: string) => void warnings.push(message) };
  const counts = new CallCounts({ client, logger, gateway: 'gateway-1' });
  counts.count(event(), true);
  for (let time = 0; time < 3; time += 1) await counts.flush();
  expect(tried).toBe(2);
  expect(warnings).toHaveLength(1);
});

test('each call is a line of a chain that verifies; what cannot be written throws and leaves the chain whole', () => {
  const lines: string[] = [];
  let full = false;
  const record = openCallLog({
    write: (line) => {
      if (full) throw new Error('no space left');
      lines.push(line);
    },
    writer: 'gateway-1',
    now: () => NOW,
  });
  record(event({ outcome: 'About', shape: { days: 'number' }, argumentsDigest: 'sha256:1' }));
  full = true;
  expect(() => record(event())).toThrow('no space left');
  full = false;
  record(event({ outcome: 'Refused', code: 'OutputInvalid' }));
  expect(verify(lines, [], NOW)).toMatchObject({ records: 3, problems: [] });
  expect(JSON.parse(lines[2] ?? '')).toMatchObject({
    activity_name: 'Call',
    action_id: 2,
    actor: { user: { name: 'alice' } },
    resources: [{ namespace: 'team-a', name: 'weekly', uid: UID }],
    src_endpoint: { svc_name: 'sekisho-gateway' },
    unmapped: { plugin: 'calendar', operation: 'read_events', outcome: 'Refused', code: 'OutputInvalid' },
  });
});
