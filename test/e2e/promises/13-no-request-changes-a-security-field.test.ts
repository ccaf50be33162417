import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Job, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import * as fc from 'fast-check';
import { checkInput, parseClass, parseRequest, parseRole } from '../../../src/api/parse.ts';
import type { CodeExecutionRequest, ExecutionRole, SandboxClass } from '../../../src/api/parse.ts';
import { grantedLimits } from '../../../src/core/verdict/limits.ts';
import { connectKube, loadConnection } from '../../../src/kube/client.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { KubeError } from '../../../src/kube/errors.ts';
import { CODE_EXECUTION_REQUESTS, JOBS, PODS } from '../../../src/kube/resources.ts';
import { jobFor } from '../../../src/objects/job.ts';
import { clientOf } from '../support/clients.ts';
import { read } from '../support/kubectl.ts';
import { SANDBOXES, SYSTEM } from '../support/installation.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(240_000);

const GENERATED = 10_000;
const SAMPLED = 300;

let tenant: Tenant;
let client: KubeClient;
/** What makes Jobs and what makes their pods: the API server takes them from nobody else. */
let sekisho: KubeClient;
let jobController: KubeClient;
let sandboxClass: SandboxClass;
let role: ExecutionRole;
beforeAll(async () => {
  tenant = await newTenant('generated');
  client = connectKube({ connection: await loadConnection(process.env), version: 'e2e' });
  [sekisho, jobController] = await Promise.all([
    clientOf(SYSTEM, 'sekisho-controller'),
    clientOf('kube-system', 'job-controller'),
  ]);
  const classes = parseClass(await read(['get', 'sandboxclass', 'default']));
  const roles = parseRole(await read(['get', 'executionrole', 'user']));
  if (!classes.ok || !roles.ok) throw new Error('the installed class or role cannot be read');
  sandboxClass = classes.value;
  role = roles.value;
});
afterAll(async () => {
  await Promise.all([client, sekisho, jobController].map((each) => each.close()));
  await tenant.end();
});

/** Words that would matter if they ever reached a field of their own. */
const POINTED = [
  ...[
    '"; privileged: true',
    '$(id)',
    '`id`',
    "'; exec sh; '",
    '-k 0',
    '--',
    '-c',
    '\n',
    '\u0000x',
    '../../etc/passwd',
  ],
  ...[
    '$(KUBERNETES_SERVICE_HOST)',
    '$(HOME)',
    '$$(HOME)',
    'hostNetwork',
    '__proto__',
    'constructor',
    '{{ .x }}',
    '\u202e',
  ],
];
const text = fc.oneof(fc.string({ maxLength: 60, unit: 'binary' }), fc.constantFrom(...POINTED));
const path = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,10}(\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,10}){0,2}$/),
  fc.constantFrom('-k', 'a b', '$(id)', '__proto__', 'x/../../y', '.hidden', 'sekisho.json'),
);
/** Fields that a requester might try; the API knows none of them. */
const smuggled = fc.dictionary(
  fc.constantFrom(
    ...[
      'securityContext',
      'hostNetwork',
      'hostPID',
      'hostUsers',
      'volumes',
      'serviceAccountName',
      'tolerations',
    ],
    ...['runtimeClassName', 'image', 'containers', 'nodeSelector', 'env', 'command', '__proto__', 'labels'],
  ),
  fc.oneof(fc.boolean(), text, fc.constant({ privileged: true })),
  { maxKeys: 3 },
);
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const spec = fc.record({
  language: fc.constantFrom('Python', 'JavaScript', 'TypeScript', 'Bash'),
  role: fc.constant('user'),
  code: fc.oneof(text.filter(Boolean), fc.constant('x'.repeat(5000))),
  args: some(fc.array(text, { maxLength: 4 })),
  stdin: some(fc.oneof(text, fc.constant('y'.repeat(205_000)))),
  files: some(
    fc.uniqueArray(fc.record({ path, content: text }), { maxLength: 3, selector: (file) => file.path }),
  ),
  limits: some(
    fc.record({
      cpu: some(fc.constantFrom('1m', '300m', '0.3', '64', '0')),
      memory: some(fc.constantFrom('1', '100Mi', '1Gi', '900G')),
      scratch: some(fc.constantFrom('1Ki', '64Mi', '8Gi')),
      pids: some(fc.constantFrom(16, 64, 4096)),
    }),
  ),
  deadlineSeconds: some(fc.integer({ min: 1, max: 3600 })),
  locale: fc.constantFrom('en', 'ja'),
});
const requestOf = fc
  .record({
    spec,
    smuggled,
    uid: fc.uuid(),
    labels: some(fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1'))),
  })
  .map((made) => ({
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'CodeExecutionRequest',
    metadata: { name: 'generated', namespace: tenant.namespace, uid: made.uid, labels: made.labels },
    spec: JSON.parse(JSON.stringify({ ...made.smuggled, ...made.spec })) as object,
  }));

const SHAPES = [true, false].map((userNamespace) => ({ runtimeClassName: undefined, userNamespace }));

function jobOf(request: CodeExecutionRequest, shape: (typeof SHAPES)[number] | undefined): V1Job {
  return jobFor({
    request,
    sandboxClass,
    shape: shape ?? { runtimeClassName: undefined, userNamespace: false },
    limits: grantedLimits(request.spec, sandboxClass, role),
    digest: 'sha256:0',
    namespace: SANDBOXES,
    gateway: undefined,
    ttlSeconds: 300,
  });
}

/** A copy without what a request may shape: its texts, its numbers, and its user id. */
function fixedPart(job: V1Job): unknown {
  const copy = structuredClone(job);
  const pod = copy.spec?.template.spec;
  const [container] = pod?.containers ?? [];
  if (!copy.spec || !pod || !container) throw new Error('no container');
  const command = container.command ?? [];
  // env -u NAME… timeout -k 3 DEADLINE sh -c SCRIPT sekisho …
  const deadline = command.indexOf('timeout') + 3;
  container.command = [
    ...command.slice(0, deadline),
    ...command.slice(deadline + 1, command.indexOf('sekisho')),
  ];
  container.resources = {};
  delete container.image;
  delete container.env;
  delete copy.metadata?.name;
  delete copy.metadata?.labels?.['sekisho.dev/request-uid'];
  delete copy.spec.template.metadata?.labels?.['sekisho.dev/request-uid'];
  delete copy.spec.template.metadata?.annotations;
  delete copy.spec.activeDeadlineSeconds;
  delete pod.activeDeadlineSeconds;
  delete pod.securityContext?.runAsUser;
  delete pod.securityContext?.runAsGroup;
  // What a command cannot carry comes from a ConfigMap, which expectLockedVolumes looks at.
  container.volumeMounts = container.volumeMounts?.filter(({ name }) => name !== 'input') ?? [];
  pod.volumes = pod.volumes
    ?.filter(({ configMap }) => !configMap)
    .map(({ name, ...source }) => ({ name, kind: Object.keys(source).join() })) as never;
  return copy;
}

const LOCKED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const MILLICORES = /^(?:[1-9]\d*m|\d+(?:\.\d{1,3})?)$/;
const bytesOf = (quantity: string) => {
  const [, number, unit = ''] = /^(\d+)(Ki|Mi|Gi|k|M|G)?$/.exec(quantity) ?? [];
  const units: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, k: 1e3, M: 1e6, G: 1e9 };
  return Number(number) * (units[unit] ?? 1);
};

type Container = V1PodSpec['containers'][number];

const nothing = (...lists: readonly (readonly unknown[] | undefined)[]) =>
  expect(lists.flatMap((list) => list ?? [])).toEqual([]);

function expectLockedContainer({ securityContext, image, ...container }: Container) {
  expect(securityContext).toEqual(LOCKED);
  expect(Object.values(sandboxClass.spec.images)).toContain(image);
  nothing(container.ports, container.envFrom, container.volumeDevices);
  nothing(container.env?.filter(({ valueFrom }) => valueFrom !== undefined));
  expect(container.lifecycle).toBeUndefined();
  const { memory = '', cpu = '' } = container.resources?.limits ?? {};
  expect(bytesOf(memory)).toBeLessThanOrEqual(100 * 2 ** 20);
  expect(cpu).toMatch(MILLICORES);
}

function expectLockedVolumes(volumes: NonNullable<V1PodSpec['volumes']>) {
  const kinds = volumes.flatMap(({ name: _name, ...source }) => Object.keys(source));
  nothing(kinds.filter((kind) => !['emptyDir', 'configMap'].includes(kind)));
  for (const { configMap } of volumes) if (configMap) expect(configMap.name).toMatch(/^run-[0-9a-f]{40}$/);
}

/** The project's own list, written without looking at the code that builds pods. */
function expectLocked(pod: V1PodSpec) {
  expect(pod.containers).toHaveLength(1);
  nothing(pod.initContainers, pod.ephemeralContainers, pod.hostAliases);
  for (const container of pod.containers) expectLockedContainer(container);
  expectLockedVolumes(pod.volumes ?? []);
  expect(pod.automountServiceAccountToken).toBe(false);
  expect([undefined, 'default']).toContain(pod.serviceAccountName);
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace'] as const)
    expect([undefined, false]).toContain(pod[field]);
  expect(pod.restartPolicy).toBe('Never');
  expect(pod.enableServiceLinks).toBe(false);
  expect(pod.nodeName).toBeUndefined();
  expect(pod.priorityClassName).toBeUndefined();
  expect(pod.securityContext?.runAsNonRoot).toBe(true);
  expect(pod.securityContext?.runAsUser).toBeGreaterThanOrEqual(10_000);
  nothing(pod.securityContext?.supplementalGroups, pod.securityContext?.sysctls);
  expect(pod.activeDeadlineSeconds).toBeLessThanOrEqual(sandboxClass.spec.deadlineSeconds + 120);
}

/** Checked by the API server for everything, admission included, but not kept. */
const dryPod = (job: V1Job) => {
  const template = job.spec?.template;
  const metadata = { ...template?.metadata, name: job.metadata?.name, namespace: SANDBOXES };
  return jobController.create<V1Pod>(PODS, { metadata, spec: template?.spec } as V1Pod, {
    dryRun: true,
    fieldValidation: 'Strict',
  });
};

describe('promise 13: no request can change a security field of the pod', () => {
  test(`${GENERATED} generated requests, in process: each Job passes the list, and what is no text or number of the request is the same in all`, () => {
    let built = 0;
    const seen = new Map<boolean, unknown>();
    fc.assert(
      fc.property(requestOf, fc.constantFrom(...SHAPES), (written, shape) => {
        const parsed = parseRequest(written);
        if (!parsed.ok || checkInput(parsed.value.spec).length > 0) return;
        built += 1;
        const job = jobOf(parsed.value, shape);
        const pod = job.spec?.template.spec;
        if (!pod) throw new Error('no pod');
        expectLocked(pod);
        expect(job.metadata?.namespace).toBe(SANDBOXES);
        expect(job.spec?.backoffLimit).toBe(0);
        expect(job.spec?.template.metadata?.finalizers ?? []).toEqual([]);
        expect(
          Object.keys(job.spec?.template.metadata?.annotations ?? {}).filter(
            (key) => !key.startsWith('sekisho.dev/'),
          ),
        ).toEqual([]);
        const fixed = fixedPart(job);
        if (!seen.has(shape.userNamespace)) seen.set(shape.userNamespace, fixed);
        expect(fixed).toEqual(seen.get(shape.userNamespace));
      }),
      { numRuns: GENERATED },
    );
    expect(built).toBeGreaterThan(GENERATED / 4);
  });

  test(`a sample of ${SAMPLED} of them through the real API server (dry run): request, Job and pod`, async () => {
    const sample = fc.sample(requestOf, SAMPLED);
    let admitted = 0;
    const one = async (written: object) => {
      let stored: object;
      try {
        stored = await client.create(CODE_EXECUTION_REQUESTS, written, {
          dryRun: true,
          fieldValidation: 'Ignore',
        });
      } catch (error) {
        if (error instanceof KubeError && error.kind !== 'Retry') return;
        throw error;
      }
      const parsed = parseRequest(stored);
      if (!parsed.ok) throw new Error('the API server admitted what cannot be read');
      const job = jobOf(parsed.value, SHAPES[admitted % 2]);
      admitted += 1;
      await sekisho.create<V1Job>(JOBS, job, { dryRun: true, fieldValidation: 'Strict' });
      const { spec: pod } = await dryPod(job);
      if (!pod) throw new Error('no pod');
      expectLocked(pod);
    };
    const work = async () => {
      for (let written = sample.pop(); written !== undefined; written = sample.pop()) await one(written);
    };
    await Promise.all(Array.from({ length: 6 }, work));
    expect(admitted).toBeGreaterThan(SAMPLED / 4);
  });

  test('a pod that is not locked fails the same list', async () => {
    const parsed = parseRequest({
      metadata: { uid: 'u' },
      spec: { language: 'Bash', role: 'user', code: 'true' },
    });
    if (!parsed.ok) throw new Error('not read');
    const job = jobOf(parsed.value, SHAPES[0]);
    const pod = job.spec?.template.spec;
    if (!pod) throw new Error('no pod');
    expectLocked(pod);
    pod.hostNetwork = true;
    expect(() => expectLocked(pod)).toThrow();
    await expect(dryPod(job)).rejects.toThrow(/host/i);
  });
});
