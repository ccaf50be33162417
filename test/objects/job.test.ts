import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseRequest } from '../../src/api/parse.ts';
import type { CodeExecutionRequest } from '../../src/api/parse.ts';
import { configMapFor, needsConfigMap } from '../../src/objects/config-map.ts';
import { jobFor } from '../../src/objects/job.ts';
import { probeJob, shapeKey } from '../../src/objects/probe-job.ts';
import { aRequest, UID } from '../support/build.ts';
import { aSandbox, jobOf } from './sandbox-job.ts';

/** A Job without what a request may rightly set: its texts, their digest, its name, and limits within the class. */
function shell(request: CodeExecutionRequest) {
  const job = structuredClone(jobOf(request));
  const { template } = job.spec ?? {};
  const { containers: [container] = [], volumes = [] } = template?.spec ?? {};
  if (!container || !template) throw new Error('no container');
  const { command = [] } = container;
  const separator = command.indexOf('sekisho');
  const deadline = command.indexOf('timeout') + 3;
  // timeout -k 3 N sh -c SCRIPT sekisho CHECKSUMS KEEP PIDS PATHS TEXTS… INTERPRETER… ARGS…
  container.command = [...command.slice(0, deadline), ...command.slice(deadline + 1, separator + 1)];
  delete container.resources;
  delete job.metadata?.annotations;
  delete template.metadata?.annotations;
  delete job.spec?.activeDeadlineSeconds;
  delete template.spec?.activeDeadlineSeconds;
  // A text with a NUL needs a ConfigMap.
  if (template.spec) template.spec.volumes = volumes.filter(({ configMap }) => !configMap);
  container.volumeMounts = container.volumeMounts?.filter(({ name }) => name !== 'input') ?? [];
  return { job, separator };
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.constantFrom('$(id)', '\n- x', '"; exit', "'", '$$', '--'),
);
const path = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}(\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,10}){0,2}$/);
const wishes = fc.record(
  {
    code: text.map((code) => `${code}#`),
    files: fc.uniqueArray(fc.record({ path, content: text }), {
      maxLength: 4,
      selector: (file) => file.path,
    }),
    args: fc.array(text, { maxLength: 5 }),
    stdin: text,
    limits: fc.record(
      { memory: fc.constantFrom('1Mi', '99Mi'), pids: fc.integer({ min: 16, max: 64 }) },
      { requiredKeys: [] },
    ),
    deadlineSeconds: fc.integer({ min: 1, max: 20 }),
    locale: fc.constantFrom('en', 'ja'),
    requester: fc.record({ username: text, groups: fc.array(text, { maxLength: 2 }) }),
    // What a request has no business to say.
    securityContext: fc.constant({ privileged: true, runAsUser: 0 }),
    hostNetwork: fc.constant(true),
    hostUsers: fc.constant(true),
    runtimeClassName: fc.constant('none'),
    serviceAccountName: fc.constant('admin'),
    image: fc.constant('evil'),
    volumes: fc.constant([{ hostPath: { path: '/' } }]),
    nodeSelector: fc.constant({ node: 'control-plane' }),
  },
  { requiredKeys: ['code'] },
);

describe('the Job of a request', () => {
  test('is the same in every field but its texts and limits, whatever the request says', () => {
    const baseline = JSON.stringify(shell(aRequest()));
    fc.assert(
      fc.property(
        wishes,
        fc.record({ hostPID: fc.boolean(), labels: fc.dictionary(text, text) }),
        (spec, more) => {
          const { metadata } = aRequest();
          const parsed = parseRequest({
            metadata: { ...metadata, ...more },
            spec: { language: 'Python', role: 'user', ...spec },
          });
          if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
          expect(JSON.stringify(shell(parsed.value))).toBe(baseline);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('is locked: every security field is written out', () => {
    const pod = jobOf(aRequest()).spec?.template.spec;
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      hostNetwork: false,
      hostPID: false,
      hostIPC: false,
      hostUsers: false,
      dnsPolicy: 'None',
      restartPolicy: 'Never',
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(pod?.containers).toHaveLength(1);
    expect(pod?.containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod).not.toHaveProperty('initContainers');
    expect(pod).not.toHaveProperty('serviceAccountName');
  });

  test('never tries again, and is kept for as long as the operator says', () => {
    expect(jobOf(aRequest()).spec).toMatchObject({
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      podReplacementPolicy: 'Failed',
      ttlSecondsAfterFinished: 300,
    });
  });

  test('outlives its program: the kubelet cuts in after timeout, the Job controller after the kubelet', () => {
    const job = jobOf(aRequest({ spec: { deadlineSeconds: 7 } }));
    const command = job.spec?.template.spec?.containers[0]?.command ?? [];
    const from = command.indexOf('timeout');
    expect(command.slice(from, from + 6)).toEqual([
      'timeout',
      '-k',
      expect.stringMatching(/^[1-9]$/),
      '7',
      'sh',
      '-c',
    ]);
    expect(job.spec?.template.spec?.activeDeadlineSeconds).toBe(127);
    expect(job.spec?.activeDeadlineSeconds).toBe(187);
  });

  test('asks for a user namespace only where one was proven', () => {
    const shape = { runtimeClassName: 'gvisor', userNamespace: false };
    const pod = jobFor(aSandbox(aRequest(), shape)).spec?.template.spec;
    expect(pod).not.toHaveProperty('hostUsers');
    expect(pod).toMatchObject({ runtimeClassName: 'gvisor' });
    expect(pod?.securityContext?.runAsUser).toBeGreaterThanOrEqual(1_000_000);
    expect(pod?.securityContext?.runAsGroup).toBe(pod?.securityContext?.runAsUser);
  });

  test('carries no mount that can be written besides scratch', () => {
    const mounts = jobOf(aRequest()).spec?.template.spec?.containers[0]?.volumeMounts ?? [];
    expect(mounts.filter(({ readOnly }) => !readOnly).map(({ name }) => name)).toEqual([
      'scratch',
      'scratch',
    ]);
  });
});

describe('the input of a request', () => {
  const stdin = (characters: number) => aRequest({ spec: { code: 'x', stdin: 'x'.repeat(characters - 1) } });

  test('goes into the command up to 96 KiB and into a ConfigMap beyond', () => {
    expect(needsConfigMap(stdin(98_304))).toBe(false);
    expect(needsConfigMap(stdin(98_305))).toBe(true);
  });

  test('with a NUL goes into a ConfigMap, since an argument would end there', () => {
    expect(needsConfigMap(aRequest({ spec: { stdin: 'a\0b' } }))).toBe(true);
  });

  test('is measured in bytes of UTF-8, files included', () => {
    const content = 'あ'.repeat(32_768);
    expect(needsConfigMap(aRequest({ spec: { files: [{ path: 'a', content }] } }))).toBe(true);
  });

  test('stands in the command after the paths, each $ doubled, and in no annotation or volume', () => {
    const job = jobOf(aRequest({ spec: { files: [{ path: 'a', content: '$(A) $$' }], stdin: 'in' } }));
    const { containers: [container] = [], volumes } = job.spec?.template.spec ?? {};
    const command = container?.command ?? [];
    const from = command.indexOf('sekisho') + 1;
    expect(command.slice(from, from + 8)).toEqual([
      ...['', '65536', '64', 'main.py a'],
      ...['print(1)\n', '$$(A) $$$$', 'in', 'python3'],
    ]);
    expect(volumes?.map(({ name }) => name)).toEqual(['scratch']);
    for (const metadata of [job.metadata, job.spec?.template.metadata])
      expect(Object.keys(metadata?.annotations ?? {})).toEqual(['sekisho.dev/request', 'sekisho.dev/digest']);
  });

  test('in a ConfigMap is immutable, belongs to the Job, and is not in the Job', () => {
    const request = stdin(98_305);
    const sandbox = aSandbox(request);
    const job = jobFor(sandbox);
    const map = configMapFor(sandbox, { ...job, metadata: { ...job.metadata, uid: 'job-uid' } });
    expect(map).toMatchObject({
      immutable: true,
      metadata: { name: job.metadata?.name, ownerReferences: [{ kind: 'Job', uid: 'job-uid' }] },
      data: { 'input.0': 'x', stdin: request.spec.stdin },
    });
    expect(JSON.stringify(job)).not.toContain('xxxx');
    expect(job.spec?.template.spec?.volumes?.find(({ name }) => name === 'input')?.configMap).toMatchObject({
      name: job.metadata?.name,
      items: [
        { key: 'input.0', path: '0' },
        { key: 'stdin', path: 'stdin' },
      ],
    });
  });
});

describe('the Job of a probe', () => {
  const shape = { runtimeClassName: undefined, userNamespace: true };
  const probe = probeJob({
    shape,
    serial: '1',
    namespace: 'sekisho-sandboxes',
    image: 'sekisho',
    targets: ['10.0.0.1:443'],
  });

  test('has the same locked pod as a sandbox', () => {
    const lockOf = ({ spec }: typeof probe) => {
      const {
        containers,
        securityContext,
        volumes: _v,
        activeDeadlineSeconds: _a,
        ...rest
      } = spec?.template.spec ?? { containers: [] };
      const { runAsUser: _u, runAsGroup: _g, ...context } = securityContext ?? {};
      return { ...rest, context, container: containers[0]?.securityContext };
    };
    expect(lockOf(probe)).toEqual(lockOf(jobOf(aRequest())));
  });

  test('tries each target and checks the user namespace', () => {
    expect(probe.spec?.template.spec?.containers[0]?.args).toEqual([
      'probe',
      '--user-namespace',
      '--target=10.0.0.1:443',
    ]);
  });

  test('can never pass for the run of a request', () => {
    expect(probe.metadata?.labels).toMatchObject({ 'sekisho.dev/component': 'probe' });
    expect(probe.metadata?.labels).not.toHaveProperty('sekisho.dev/request-uid');
  });

  test.each([
    [{ runtimeClassName: undefined, userNamespace: false }, 'default.host'],
    [{ runtimeClassName: 'gvisor', userNamespace: true }, 'gvisor.user'],
  ])('names its shape in one word: %j', (given, key) => expect(shapeKey(given)).toBe(key));
});

test('the labels of a Job say whose it is', () => {
  expect(jobOf(aRequest()).metadata).toMatchObject({
    namespace: 'sekisho-sandboxes',
    labels: {
      'app.kubernetes.io/managed-by': 'sekisho',
      'sekisho.dev/component': 'sandbox',
      'sekisho.dev/request-uid': UID,
    },
    annotations: {
      'sekisho.dev/request': 'team-a/weekly',
      'sekisho.dev/digest': expect.stringMatching(/^sha256:/),
    },
  });
});
