import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { runName } from '../../../src/objects/names.ts';
import { eventually } from '../../support/eventually.ts';
import { podsOfRequest, SANDBOXES } from '../support/installation.ts';
import { kubectl, must } from '../support/kubectl.ts';
import { ownClass } from '../support/own-class.ts';
import type { OwnClass } from '../support/own-class.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant, Written } from '../support/tenant.ts';

jest.setTimeout(180_000);

const GATE = 'sekisho.dev/test-gate';
/** More than a command carries. */
const LARGE = 'x'.repeat(100_000);

let tenant: Tenant;
let own: OwnClass;

const closeGate = () => must(['label', 'node', '--all', `${GATE}-`]);
const openGate = () => must(['label', 'node', '--all', '--overwrite', `${GATE}=${tenant.namespace}`]);

beforeAll(async () => {
  tenant = await newTenant('judged');
  // Its pods are scheduled only while the node carries a label.
  own = await ownClass(tenant, { nodeSelector: { [GATE]: tenant.namespace } });
});
afterAll(async () => {
  await closeGate();
  await own.end();
  await tenant.end();
});

/** A request whose Job and pod are there, and whose program has not begun. */
async function heldRequest(
  spec: Written,
): Promise<{ request: CodeExecutionRequest; pod: string; run: string }> {
  await closeGate();
  const request = await tenant.create({
    ...own.spec,
    ...spec,
  });
  const { uid } = request.metadata;
  const pod = await eventually(async () => (await podsOfRequest(uid))[0]?.metadata?.name, {
    what: 'the pod of the request is there',
    timeoutMilliseconds: 60_000,
    intervalMilliseconds: 200,
  });
  return { request, pod, run: runName(uid) };
}

/** As the cluster administrator, whom the tests are unless they say otherwise. */
const change = (kind: string, name: string, path: string, value: unknown) =>
  kubectl([
    ...['-n', SANDBOXES, 'patch', kind, name, '--type=json', '-p'],
    JSON.stringify([{ op: 'replace', path, value }]),
  ]);

describe('promise 14: what runs is what was judged', () => {
  test('what a command carries nobody can change any more, a cluster administrator included', async () => {
    const { request, pod, run } = await heldRequest({ code: "print('judged')" });
    const swapped = ['sh', '-c', 'echo swapped'];
    const ofPod = await change('pod', pod, '/spec/containers/0/command', swapped);
    expect(ofPod).toMatchObject({ code: 1, stderr: expect.stringContaining('pod updates may not change') });
    const ofJob = await change('job', run, '/spec/template/spec/containers/0/command', swapped);
    expect(ofJob).toMatchObject({ code: 1, stderr: expect.stringContaining('field is immutable') });
    await openGate();
    expect(await tenant.ended(request.metadata.name)).toMatchObject({
      state: 'Succeeded',
      result: { stdout: 'judged\n' },
    });
  });

  test.each([
    ['the program', { 'input.0': "print('swapped')", stdin: LARGE }],
    ['its standard input', { 'input.0': "print('judged')", stdin: 'swapped' }],
  ])(
    'a ConfigMap that was swapped for another, %s changed: TamperDetected, and nothing runs',
    async (_what, data) => {
      const { request, run } = await heldRequest({ code: "print('judged')", stdin: LARGE });
      const inPlace = await change('configmap', run, '/data/input.0', "print('swapped')");
      expect(inPlace).toMatchObject({ code: 1, stderr: expect.stringContaining('immutable') });
      await must(['-n', SANDBOXES, 'delete', 'configmap', run]);
      const metadata = { name: run, namespace: SANDBOXES };
      await must(['create', '-f', '-'], { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
      try {
        await openGate();
        const status = await tenant.ended(request.metadata.name);
        expect(status).toMatchObject({ state: 'Failed', result: { reason: 'TamperDetected' } });
        expect(status.result?.stdout ?? '').toBe('');
      } finally {
        await kubectl(['-n', SANDBOXES, 'delete', 'configmap', run, '--ignore-not-found']);
      }
    },
  );

  test('the largest input that a command carries arrives whole, each of its $ as one', async () => {
    const program = 'import sys; print(len(open(sys.argv[0]).read()), len(sys.stdin.read()))\n#';
    const code = program + '$'.repeat(98_000 - program.length);
    const { metadata } = await tenant.create({ code, stdin: 'あ'.repeat(101) });
    expect(await tenant.ended(metadata.name)).toMatchObject({ result: { stdout: '98000 101\n' } });
  });

  test('a large input that nobody touched runs', async () => {
    const { request } = await heldRequest({
      code: 'import sys; print(len(sys.stdin.read()))',
      stdin: LARGE,
    });
    await openGate();
    expect(await tenant.ended(request.metadata.name)).toMatchObject({ result: { stdout: '100000\n' } });
  });
});
