import { describe, expect, test } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { authenticate } from '../../src/gateway-cluster/authenticate.ts';
import type { AuthenticatePorts } from '../../src/gateway-cluster/authenticate.ts';
import { podArrivals } from '../../src/gateway-cluster/pod-arrivals.ts';
import type { Informer } from '../../src/kube/informer.ts';
import { NOW, TIME, UID } from '../support/build.ts';

const GRANT = { name: 'calendar', uid: 'p', revision: 'calendar@1', operations: ['read_events'] };
const ROLE = { metadata: { name: 'user', uid: 'r', generation: 1 }, spec: {} };

const pod = ({ metadata = {}, status = {} }: { metadata?: object; status?: object } = {}): V1Pod =>
  ({
    metadata: {
      name: 'run-1-abc',
      uid: 'pod-uid',
      labels: { 'sekisho.dev/plugins': 'granted', 'sekisho.dev/request-uid': UID },
      annotations: { 'sekisho.dev/request': 'team-a/weekly', 'sekisho.dev/deadline-seconds': '20' },
      ...metadata,
    },
    status: {
      phase: 'Running',
      podIPs: [{ ip: '10.0.0.7' }],
      containerStatuses: [{ state: { running: { startedAt: TIME } } }],
      ...status,
    },
  }) as unknown as V1Pod;

const request = ({
  metadata = {},
  spec = {},
  status = {},
}: { metadata?: object; spec?: object; status?: object } = {}) => ({
  metadata: {
    name: 'weekly',
    namespace: 'team-a',
    uid: UID,
    generation: 1,
    creationTimestamp: TIME,
    ...metadata,
  },
  spec: { language: 'Python', code: ' ', role: 'user', requester: { username: 'alice' }, ...spec },
  status: {
    state: 'Running',
    verdict: {
      decision: 'Allow',
      riskScore: 0,
      digest: 'sha256:1',
      ruleSetDigest: 'sha256:2',
      plugins: [GRANT],
    },
    ...status,
  },
});

const cacheOf = <T extends object>(objects: Readonly<Record<string, T>>, stale = false): Informer<T> => ({
  start: () => undefined,
  stop: () => Promise.resolve(),
  synced: () => true,
  get: (key) => objects[key],
  list: () => Object.values(objects),
  byIndex: () => [],
  stale: () => stale,
  whenSynced: () => Promise.resolve(),
});

interface World {
  readonly token?: { readonly name: string; readonly uid: string } | undefined;
  readonly pods?: readonly V1Pod[];
  readonly cached?: object;
  readonly live?: object | undefined;
  readonly roles?: Readonly<Record<string, object>>;
  readonly stale?: boolean;
  readonly now?: number;
}

/** The cluster as the gateway sees it. Of several pods each read shows the next, as time goes on. */
function portsOver(world: World): AuthenticatePorts {
  const { stale = false, pods = [pod()] } = world;
  const token = 'token' in world ? world.token : { name: 'run-1-abc', uid: 'pod-uid' };
  const coming = [...pods];
  let clock = world.now ?? NOW + 1000;
  return {
    reviewToken: () => Promise.resolve(token),
    informers: {
      pods: cacheOf<V1Pod>({}, stale),
      requests: cacheOf<object>(
        'cached' in world ? { 'team-a/weekly': world.cached ?? {} } : { 'team-a/weekly': request() },
      ),
      roles: cacheOf<object>(world.roles ?? { user: ROLE }),
    },
    client: {
      get: <T extends object>(resource: { readonly plural: string }) => {
        const found =
          resource.plural === 'pods' ? (coming.length > 1 ? coming.shift() : coming[0]) : world.live;
        return Promise.resolve(found as T | undefined);
      },
    },
    arrivals: { ...podArrivals(), next: (milliseconds) => Promise.resolve(void (clock += milliseconds)) },
    sandboxNamespace: 'sekisho-sandboxes',
    now: () => clock,
  };
}

const asked = (world: World = {}, address = '10.0.0.7') => authenticate('t', address, portsOver(world));
const codeOf = async (world: World, address?: string) => {
  const answer = await asked(world, address);
  return answer.kind === 'Refused' ? answer.code : answer.kind;
};

test('the pod of a running request is let in, until its time is over', async () => {
  expect(await asked()).toEqual({
    kind: 'Caller',
    caller: {
      request: { namespace: 'team-a', name: 'weekly', uid: UID },
      podUid: 'pod-uid',
      requester: 'alice',
      role: expect.objectContaining({ metadata: expect.objectContaining({ name: 'user' }) }),
      grants: [GRANT],
      until: NOW + 20_000,
    },
  });
  expect(await codeOf({ now: NOW + 20_001 })).toBe('RequestEnded');
});

test('an IPv4 address counts as itself on a socket that speaks both', async () => {
  expect(await codeOf({}, '::ffff:10.0.0.7')).toBe('Caller');
});

describe('nobody is let in', () => {
  test.each<readonly [string, World, string]>([
    ['with a token that is none', { token: undefined }, 'Unauthenticated'],
    ['whose pod is gone', { pods: [] }, 'Unauthenticated'],
    ['whose pod is another of that name', { pods: [pod({ metadata: { uid: 'later' } })] }, 'Unauthenticated'],
    [
      'whose pod was granted nothing',
      { pods: [pod({ metadata: { labels: { 'sekisho.dev/request-uid': UID } } })] },
      'Unauthenticated',
    ],
    [
      'whose pod is being deleted',
      { pods: [pod({ metadata: { deletionTimestamp: TIME } })] },
      'RequestEnded',
    ],
    ['whose pod has ended', { pods: [pod({ status: { phase: 'Succeeded' } })] }, 'RequestEnded'],
    [
      'whose request has ended',
      { cached: request({ status: { state: 'Succeeded', result: { reason: 'Completed' } } }) },
      'RequestEnded',
    ],
    [
      'whose request is cancelled',
      { cached: request({ spec: { cancel: true } }), live: request({ spec: { cancel: true } }) },
      'RequestEnded',
    ],
    ['whose request is gone', { cached: {}, live: undefined }, 'RequestEnded'],
    [
      'whose request is another of that name',
      { cached: request({ metadata: { uid: 'later' } }), live: request({ metadata: { uid: 'later' } }) },
      'RequestEnded',
    ],
    ['whose role is gone', { roles: {} }, 'NotGranted'],
  ])('%s', async (_title, world, code) => {
    expect(await codeOf(world)).toBe(code);
  });

  test('from another address than the pod of the token', async () => {
    expect(await codeOf({}, '10.0.0.8')).toBe('Unauthenticated');
  });
});

test('a request that the cache does not know as running yet is read', async () => {
  expect(await codeOf({ cached: request({ status: { state: 'Queued' } }), live: request() })).toBe('Caller');
});

test('the address of a pod that has just begun is waited for', async () => {
  const unknown = pod({ status: { podIPs: undefined } });
  expect(await codeOf({ pods: [unknown, unknown, pod()] })).toBe('Caller');
});

test('nobody can tell while the address does not come, or the API server is not heard', async () => {
  await expect(asked({ pods: [pod({ status: { podIPs: [] } })] })).rejects.toThrow('address');
  await expect(asked({ stale: true })).rejects.toThrow('not been heard');
});
