import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { as, kubectl } from '../support/kubectl.ts';
import type { Ended } from '../support/kubectl.ts';
import { CONTROLLER, replicasOf, start, stop } from '../support/installation.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

let tenant: Tenant;
let request: CodeExecutionRequest;
let replicas = 1;
beforeAll(async () => {
  tenant = await newTenant('immutable');
  request = await tenant.create({ stdin: 'one', args: ['a'], actions: ['read_calendar'] });
  await tenant.ended(request.metadata.name);
  request = await tenant.get(request.metadata.name);
  replicas = await replicasOf('webhook');
});
afterAll(() => tenant.end());

type Caller = readonly string[];
const full = (spec: object) => ({
  apiVersion: 'sekisho.dev/v1alpha1',
  kind: 'CodeExecutionRequest',
  metadata: { name: request.metadata.name, namespace: tenant.namespace },
  spec,
});
const jsonPatch = (caller: Caller, operations: readonly object[]) =>
  kubectl([
    ...caller,
    'patch',
    'cer',
    request.metadata.name,
    '--type=json',
    '-p',
    JSON.stringify(operations),
  ]);
const mergePatch = (caller: Caller, patch: object) =>
  kubectl([...caller, 'patch', 'cer', request.metadata.name, '--type=merge', '-p', JSON.stringify(patch)]);
const apply = (caller: Caller, spec: object) =>
  kubectl([...caller, 'apply', '--server-side', '--force-conflicts', '-f', '-'], full(spec));

const WAYS: readonly (readonly [string, (caller: Caller) => Promise<Ended>])[] = [
  [
    'PUT of other code',
    (caller) => kubectl([...caller, 'replace', '-f', '-'], full({ ...request.spec, code: 'x = 1' })),
  ],
  [
    'PUT of another requester',
    (caller) =>
      kubectl([...caller, 'replace', '-f', '-'], full({ ...request.spec, requester: { username: 'v' } })),
  ],
  [
    'JSON patch of the code',
    (caller) => jsonPatch(caller, [{ op: 'replace', path: '/spec/code', value: 'x = 1' }]),
  ],
  [
    'JSON patch of the requester',
    (caller) => jsonPatch(caller, [{ op: 'replace', path: '/spec/requester/username', value: 'v' }]),
  ],
  [
    "JSON patch of the requester's groups",
    (caller) => jsonPatch(caller, [{ op: 'add', path: '/spec/requester/groups/-', value: 'system:masters' }]),
  ],
  [
    'JSON patch that removes an optional field',
    (caller) => jsonPatch(caller, [{ op: 'remove', path: '/spec/stdin' }]),
  ],
  [
    'JSON patch that removes the requester',
    (caller) => jsonPatch(caller, [{ op: 'remove', path: '/spec/requester' }]),
  ],
  ['JSON patch that removes the spec', (caller) => jsonPatch(caller, [{ op: 'remove', path: '/spec' }])],
  [
    'JSON patch that adds an optional field',
    (caller) => jsonPatch(caller, [{ op: 'add', path: '/spec/deadlineSeconds', value: 5 }]),
  ],
  ['merge patch of the code', (caller) => mergePatch(caller, { spec: { code: 'x = 1' } })],
  ['merge patch that removes a defaulted field', (caller) => mergePatch(caller, { spec: { locale: 'ja' } })],
  ['merge patch that removes the role', (caller) => mergePatch(caller, { spec: { role: null } })],
  ['merge patch of the actions', (caller) => mergePatch(caller, { spec: { actions: null } })],
  ['server-side apply with force', (caller) => apply(caller, { ...request.spec, code: 'x = 1' })],
  [
    'server-side apply of the requester with force',
    (caller) => apply(caller, { ...request.spec, requester: { username: 'v' } }),
  ],
];

async function expectUnchanged() {
  const now = await tenant.get(request.metadata.name);
  expect(now.spec).toEqual(request.spec);
  expect(now.metadata.uid).toBe(request.metadata.uid);
  expect(now.metadata.generation).toBe(1);
}

const CALLERS: readonly (readonly [string, () => Caller])[] = [
  ['its owner', () => tenant.flags],
  ['an administrator', () => ['-n', tenant.namespace]],
];

function eachWayIsRefused() {
  describe.each(CALLERS)('by %s', (_who, caller) => {
    test.each(WAYS)('%s is refused', async (_way, change) => {
      const { code, stderr } = await change(caller());
      expect(stderr).toMatch(
        /spec\.\w+ is immutable: create a new CodeExecutionRequest|spec: Required value|spec\.role: Required value/,
      );
      expect(code).not.toBe(0);
      await expectUnchanged();
    });
  });

  test('a PUT to /status, even by the operator itself, leaves the spec alone', async () => {
    const current = await tenant.get(request.metadata.name);
    const changed = { ...current, spec: { ...current.spec, code: 'x = 1', requester: { username: 'v' } } };
    const put = ['-n', tenant.namespace, 'replace', '--subresource=status', '-f', '-'];
    const { code, stderr } = await kubectl([...put, ...as(CONTROLLER)], changed);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await expectUnchanged();
  });

  test('labels may change: it is the spec that is held', async () => {
    const label = `label=${Date.now()}`;
    const { code } = await kubectl([
      ...tenant.flags,
      'label',
      '--overwrite',
      'cer',
      request.metadata.name,
      label,
    ]);
    expect(code).toBe(0);
    await expectUnchanged();
  });
}

describe('promise 02: spec and requester never change', () => {
  eachWayIsRefused();

  describe('with the webhook at 0 replicas', () => {
    beforeAll(() => stop('webhook'));
    afterAll(() => start('webhook', replicas));
    eachWayIsRefused();
  });
});
