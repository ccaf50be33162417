import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CoreV1Event, V1Job, V1Namespace, V1Pod } from '@kubernetes/client-node';
import { eventually } from '../../support/eventually.ts';
import { as, items, kubectl, must, read } from '../support/kubectl.ts';
import { withoutGuards, wouldTake } from '../support/guards.ts';
import { CONTROLLER, SANDBOXES } from '../support/installation.ts';

jest.setTimeout(60_000);

const LOCKED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const pod = (spec: object, container: object = {}): Pick<V1Pod, 'spec'> => ({
  spec: {
    restartPolicy: 'Never',
    ...spec,
    containers: [{ name: 'c', image: 'sekisho.local/none', securityContext: LOCKED, ...container }],
  },
});
const secured = (change: object) => pod({}, { securityContext: { ...LOCKED, ...change } });
const hostPath = { volumes: [{ name: 'h', hostPath: { path: '/' } }] };

const VIOLATIONS: readonly (readonly [string, Pick<V1Pod, 'spec'>])[] = [
  ['privileged', secured({ privileged: true, allowPrivilegeEscalation: undefined })],
  ['privilege escalation', secured({ allowPrivilegeEscalation: true })],
  ['capabilities kept', secured({ capabilities: {} })],
  ['capabilities added', secured({ capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } })],
  ['root allowed', secured({ runAsNonRoot: false })],
  ['uid 0', secured({ runAsUser: 0 })],
  ['no seccomp profile', secured({ seccompProfile: undefined })],
  ['seccomp Unconfined', secured({ seccompProfile: { type: 'Unconfined' } })],
  ['AppArmor Unconfined', secured({ appArmorProfile: { type: 'Unconfined' } })],
  ['host network', pod({ hostNetwork: true })],
  ['host pid', pod({ hostPID: true })],
  ['host ipc', pod({ hostIPC: true })],
  ['host path', pod(hostPath)],
  ['host port', pod({}, { ports: [{ containerPort: 80, hostPort: 80 }] })],
  ['unsafe sysctl', pod({ securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } })],
];

const nameOf = (title: string) => `promise-15-${title.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}`;
const metadataOf = (title: string) => ({
  ...{ name: nameOf(title), namespace: SANDBOXES, labels: { 'promise-15': 'true' } },
});
const podOf = (title: string, { spec }: Pick<V1Pod, 'spec'>) => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: metadataOf(title), spec },
});
const jobOf = (title: string, { spec }: Pick<V1Pod, 'spec'>) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: metadataOf(title),
  spec: { backoffLimit: 0, suspend: false, template: { spec } },
});

/** Removes without waiting what was let in by mistake, and the Jobs. */
const clean = () => must(['-n', SANDBOXES, 'delete', 'jobs,pods', '-l', 'promise-15', '--wait=false']);

/** Sekisho's own policies refuse the same, and more: they are away, so that Pod Security is seen to hold by itself. */
let guards: () => Promise<void>;
beforeAll(async () => {
  guards = await withoutGuards(['sekisho-sandbox-jobs', 'sekisho-sandbox-pods'], async () => {
    const fitting = pod({});
    return (await wouldTake(podOf('fits', fitting))) && wouldTake(jobOf('fits', fitting));
  });
  await clean();
});
afterAll(async () => {
  await clean();
  await guards();
});

describe('promise 15: Pod Security restricted is on', () => {
  test('the namespace asks for it in its newest version', async () => {
    const { metadata } = await read<V1Namespace>(['get', 'namespace', SANDBOXES]);
    expect(metadata?.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'latest',
    });
  });

  test('a pod that keeps to it would be let in', async () => {
    expect(await kubectl(['create', '--dry-run=server', '-f', '-'], podOf('fits', pod({})))).toMatchObject({
      code: 0,
    });
  });

  test.each(VIOLATIONS)('a pod with %s is refused even to an administrator', async (title, spec) => {
    const { code, stderr } = await kubectl(['create', '-f', '-'], podOf(title, spec));
    expect(stderr).toMatch(/violates PodSecurity "restricted:latest"/);
    expect(code).not.toBe(0);
  });

  test('the operator itself may not create pods at all', async () => {
    const { code, stderr } = await kubectl(
      ['create', '-f', '-', ...as(CONTROLLER)],
      podOf('operator', pod({})),
    );
    expect(stderr).toMatch(/cannot create resource "pods"/);
    expect(code).not.toBe(0);
  });

  test("of the operator's own violating Jobs none gets a pod", async () => {
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: VIOLATIONS.map(([title, spec]) => jobOf(title, spec)),
    };
    await must(['create', '-f', '-', ...as(CONTROLLER)], list);
    await eventually(
      async () => {
        const events = await items<CoreV1Event>([
          '-n',
          SANDBOXES,
          'get',
          'events',
          '--field-selector=reason=FailedCreate',
        ]);
        const refused = new Set(
          events
            .filter(({ message }) => message?.includes('violates PodSecurity "restricted:latest"'))
            .map(({ involvedObject }) => involvedObject.name),
        );
        return VIOLATIONS.every(([title]) => refused.has(nameOf(title)));
      },
      { what: 'each Job was refused its pod', timeoutMilliseconds: 30_000, intervalMilliseconds: 300 },
    );
    const jobs = await items<V1Job>(['-n', SANDBOXES, 'get', 'jobs', '-l', 'promise-15']);
    expect(jobs).toHaveLength(VIOLATIONS.length);
    const pods = await items<V1Pod>(['-n', SANDBOXES, 'get', 'pods']);
    expect(
      pods.map(({ metadata }) => metadata?.name).filter((name) => name?.startsWith('promise-15')),
    ).toEqual([]);
  });
});
