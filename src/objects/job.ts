import type { V1Container, V1EnvVar, V1Job, V1PodSpec } from '@kubernetes/client-node';
import { needsConfigMap } from './config-map.ts';
import { gatewayAccess } from './gateway-access.ts';
import { INTERPRETERS } from './interpreters.ts';
import { COMPONENT, DIGEST, MANAGED_BY, MANAGER, REQUEST, REQUEST_UID } from './labels.ts';
import { runName } from './names.ts';
import { lockedPod, LOCKED_CONTAINER, resourcesOf, START_SECONDS } from './pod.ts';
import { filesOf, textsOf, uidOf } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';
import { INPUT_DIRECTORY, inputChecksums, SUPERVISOR, WORKSPACE } from './supervisor.ts';

/** Seconds between the pod's deadline and the Job's, so that the kubelet's answer, which says more, comes first. */
const JOB_SLACK_SECONDS = 60;
/** Seconds between the end of a program's time and the forced end of its supervisor, which has its output to hand over. */
const HAND_OVER_SECONDS = 3;

/**
 * The kubelet tells every container where the API server is, also without service links. A program has no business there;
 * env(1) drops them before process 1 begins, so that /proc does not show them either.
 */
const CLUSTER_VARIABLES = [
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_SERVICE_PORT',
  'KUBERNETES_SERVICE_PORT_HTTPS',
  'KUBERNETES_PORT',
  'KUBERNETES_PORT_443_TCP',
  'KUBERNETES_PORT_443_TCP_PROTO',
  'KUBERNETES_PORT_443_TCP_PORT',
  'KUBERNETES_PORT_443_TCP_ADDR',
];

function environmentOf(sandbox: Sandbox): V1EnvVar[] {
  const variables = {
    HOME: WORKSPACE,
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    ...INTERPRETERS[sandbox.request.spec.language].environment,
  };
  return [
    ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    ...gatewayAccess(sandbox).environment,
  ];
}

/** Kubernetes reads $$ and $(NAME) in a command itself; doubled, every $ arrives as it was written. */
const literal = (word: string): string => word.replaceAll('$', () => '$$');

/**
 * How the input gets into the container: in the command itself, or by a ConfigMap, of which the command has the checksums. Mounting
 * and unmounting takes every pod a while, so most do without.
 */
function inputOf({ request }: Sandbox) {
  const files = filesOf(request);
  const paths = files.map(({ path }) => path).join(' ');
  if (!needsConfigMap(request))
    return { checksums: '', paths, texts: textsOf(request), volumes: [], mounts: [] };
  const items = [
    ...files.map((_file, index) => ({ key: `input.${index}`, path: String(index) })),
    { key: 'stdin', path: 'stdin' },
  ];
  const configMap = { name: runName(request.metadata.uid), defaultMode: 0o444, items };
  return {
    checksums: inputChecksums(files, request.spec.stdin ?? ''),
    paths,
    texts: [],
    volumes: [{ name: 'input', configMap }],
    mounts: [{ name: 'input', mountPath: INPUT_DIRECTORY, readOnly: true }],
  };
}

type Input = ReturnType<typeof inputOf>;

function commandOf({ request, limits, sandboxClass }: Sandbox, { checksums, paths, texts }: Input): string[] {
  return [
    'env',
    ...CLUSTER_VARIABLES.flatMap((name) => ['-u', name]),
    ...['timeout', '-k', String(HAND_OVER_SECONDS), String(limits.deadlineSeconds)],
    ...['sh', '-c', SUPERVISOR, 'sekisho'],
    ...[checksums, String(sandboxClass.spec.outputBytes), String(limits.pids), paths, ...texts],
    ...INTERPRETERS[request.spec.language].command,
    ...(request.spec.args ?? []),
  ];
}

function containerOf(sandbox: Sandbox, input: Input): V1Container {
  const { request, sandboxClass, limits } = sandbox;
  return {
    name: 'program',
    image: sandboxClass.spec.images[request.spec.language] ?? '',
    imagePullPolicy: 'IfNotPresent',
    command: commandOf(sandbox, input).map(literal),
    env: environmentOf(sandbox),
    workingDir: WORKSPACE,
    resources: resourcesOf(limits, sandboxClass.spec.requests),
    securityContext: LOCKED_CONTAINER,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts: [
      ...input.mounts,
      { name: 'scratch', mountPath: WORKSPACE },
      { name: 'scratch', mountPath: '/tmp' },
      ...gatewayAccess(sandbox).mounts,
    ],
  };
}

function podOf(sandbox: Sandbox): V1PodSpec {
  const { shape, limits, sandboxClass } = sandbox;
  const input = inputOf(sandbox);
  return lockedPod({
    shape,
    uid: uidOf(sandbox),
    deadlineSeconds: limits.deadlineSeconds,
    container: containerOf(sandbox, input),
    volumes: [
      ...input.volumes,
      // Memory-backed, so that the size holds to the byte and nothing reaches a disk of the node.
      { name: 'scratch', emptyDir: { medium: 'Memory', sizeLimit: limits.scratch } },
      ...gatewayAccess(sandbox).volumes,
    ],
    nodeSelector: sandboxClass.spec.nodeSelector,
    tolerations: sandboxClass.spec.tolerations as V1PodSpec['tolerations'],
  });
}

/** The Job of a run. Every field is ours; of the request only texts (code, files, arguments, stdin) and checked numbers go in. */
export function jobFor(sandbox: Sandbox): V1Job {
  const { metadata } = sandbox.request;
  const access = gatewayAccess(sandbox);
  const labels = {
    [MANAGED_BY]: MANAGER,
    [COMPONENT]: 'sandbox',
    [REQUEST_UID]: metadata.uid,
    ...access.labels,
  };
  const annotations = {
    [REQUEST]: `${metadata.namespace ?? ''}/${metadata.name}`,
    [DIGEST]: sandbox.digest,
    ...access.annotations,
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: runName(metadata.uid), namespace: sandbox.namespace, labels, annotations },
    spec: {
      completions: 1,
      parallelism: 1,
      // Untrusted code is never tried again.
      backoffLimit: 0,
      podReplacementPolicy: 'Failed',
      activeDeadlineSeconds: sandbox.limits.deadlineSeconds + START_SECONDS + JOB_SLACK_SECONDS,
      ttlSecondsAfterFinished: sandbox.ttlSeconds,
      template: { metadata: { labels, annotations }, spec: podOf(sandbox) },
    },
  };
}
