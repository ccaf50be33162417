import { describe, expect, test } from '@jest/globals';
import type { PendingCall } from '../../src/api/v1alpha1/code-execution-request.ts';
import type { CallToApprove } from '../../src/gateway/contract.ts';
import { approvalOf } from '../../src/gateway-cluster/call-approvals.ts';
import type { CallApprovalPorts } from '../../src/gateway-cluster/call-approvals.ts';
import { KubeError } from '../../src/kube/errors.ts';
import type { Informer } from '../../src/kube/informer.ts';
import { anApproval, aPlugin, aRole, NOW, TIME, UID } from '../support/build.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const plugin = aPlugin();
const [operation] = plugin.spec.operations;
if (!operation) throw new Error('the plugin of the tests has no operation');

const call = (argumentsJson = '{"days":7}'): CallToApprove => ({
  caller: {
    request: { namespace: 'team-a', name: 'weekly', uid: UID },
    podUid: 'pod-uid',
    requester: 'alice',
    role: aRole({ approval: { approvers: 1 } }),
    grants: [],
    until: NOW + 20_000,
  },
  plugin,
  operation,
  argumentsJson,
  digest: DIGEST,
});

/** A request in an API server that takes one writer at a time. */
class Stored {
  version = 1;
  pendingCalls: readonly PendingCall[] = [];
  uid = UID;
  readonly writes: PendingCall['state'][] = [];

  readonly client: CallApprovalPorts['client'] = {
    get: <T extends object>() =>
      Promise.resolve({
        metadata: {
          ...{ name: 'weekly', namespace: 'team-a', uid: this.uid, generation: 1, creationTimestamp: TIME },
          resourceVersion: String(this.version),
        },
        spec: { language: 'Python', code: ' ', role: 'user', requester: { username: 'alice' } },
        status: { state: 'Running', pendingCalls: this.pendingCalls },
      } as unknown as T),
    patch: <T extends object>(_resource: object, _ref: object, patch: object) => {
      const { metadata, status } = patch as {
        readonly metadata: { readonly resourceVersion: string };
        readonly status: { readonly pendingCalls: readonly PendingCall[] };
      };
      if (metadata.resourceVersion !== String(this.version))
        return Promise.reject(new KubeError('Conflict', 'the object has been modified'));
      this.version += 1;
      this.pendingCalls = status.pendingCalls;
      this.writes.push(...status.pendingCalls.slice(-1).map(({ state }) => state));
      return Promise.resolve({} as T);
    },
  };
}

interface Decisions {
  readonly approvals?: readonly object[];
  readonly mayApprove?: boolean;
  readonly now?: number;
}

const portsOver = (
  stored: Stored,
  { approvals = [], mayApprove = true, now = NOW }: Decisions,
): CallApprovalPorts => ({
  client: stored.client,
  approvals: { byIndex: () => approvals } as unknown as Informer<object>,
  mayApprove: () => Promise.resolve(mayApprove),
  now: () => now,
});

const bobs = (spec: object = {}) => anApproval({ digest: DIGEST, ...spec });
const ask = (stored: Stored, decisions: Decisions = {}) => approvalOf(call(), portsOver(stored, decisions));

test('the first time a call is put before people, whole', async () => {
  const stored = new Stored();
  expect(await ask(stored)).toBe('Waiting');
  expect(stored.pendingCalls).toEqual([
    {
      digest: DIGEST,
      plugin: 'calendar',
      operation: 'read_events',
      arguments: '{"days":7}',
      askedAt: new Date(NOW).toISOString(),
      state: 'Waiting',
    },
  ]);
  expect(await ask(stored)).toBe('Waiting');
  expect(stored.writes).toHaveLength(1);
});

test('an approval is good for one call', async () => {
  const stored = new Stored();
  await ask(stored);
  expect(await ask(stored, { approvals: [bobs()] })).toBe('Given');
  expect(await ask(stored, { approvals: [bobs()] })).toBe('Used');
  expect(stored.writes).toEqual(['Waiting', 'Used']);
});

test('of two gateways that ask at the same moment one is given it', async () => {
  const stored = new Stored();
  await ask(stored);
  const answers = await Promise.all([1, 2, 3].map(() => ask(stored, { approvals: [bobs()] })));
  expect(answers.toSorted()).toEqual(['Given', 'Used', 'Used']);
});

describe('an approval does not count', () => {
  test.each<readonly [string, Decisions]>([
    ['of another call', { approvals: [bobs({ digest: `sha256:${'b'.repeat(64)}` })] }],
    ['of the requester', { approvals: [bobs({ approver: { username: 'alice' } })] }],
    ['of who lost the right', { approvals: [bobs()], mayApprove: false }],
    ['of a ServiceAccount', { approvals: [bobs({ approver: { username: 'system:serviceaccount:a:b' } })] }],
    [
      'that somebody put into another namespace',
      { approvals: [anApproval({ digest: DIGEST }, { namespace: 'x' })] },
    ],
  ])('%s', async (_title, decisions) => {
    const stored = new Stored();
    await ask(stored);
    expect(await ask(stored, decisions)).toBe('Waiting');
  });
});

test('a denial ends it, and so does time', async () => {
  const denied = new Stored();
  await ask(denied);
  expect(await ask(denied, { approvals: [bobs({ decision: 'Deny' })] })).toBe('Denied');
  expect(await ask(denied, { approvals: [bobs()] })).toBe('Denied');
  const late = new Stored();
  await ask(late);
  expect(await ask(late, { now: NOW + 86_401_000 })).toBe('Denied');
});

test('what cannot be shown whole is not asked about', async () => {
  const stored = new Stored();
  const long = call(JSON.stringify({ text: 'x'.repeat(8200) }));
  expect(await approvalOf(long, portsOver(stored, {}))).toBe('Denied');
  expect(stored.writes).toEqual([]);
});

test('nobody can tell of a request that is gone, or of one call too many', async () => {
  const gone = new Stored();
  gone.uid = 'later';
  await expect(ask(gone)).rejects.toThrow('gone');
  const full = new Stored();
  full.pendingCalls = Array.from({ length: 32 }, (_, index) => ({
    ...{
      digest: `sha256:${index}`,
      plugin: 'calendar',
      operation: 'read_events',
      arguments: '{}',
      askedAt: TIME,
    },
    state: 'Waiting' as const,
  }));
  await expect(ask(full)).rejects.toThrow('too many');
});
