import type { V1Container, V1EnvVar, V1Job, V1PodSpec, V1Volume } from '@kubernetes/client-node';
import { needsConfigMap } from './config-map.ts';
import { gatewayAccess } from './gateway-access.ts';
import { INTERPRETERS } from './interpreters.ts';
import { COMPONENT, DIGEST, INPUT, MANAGED_BY, MANAGER, REQUEST, REQUEST_UID, STDIN } from './labels.ts';
import { runName } from './names.ts';
import { lockedPod, LOCKED_CONTAINER, resourcesOf, START_SECONDS } from './pod.ts';
import { filesOf, uidOf } from './sandbox.ts';
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

function commandOf(sandbox: Sandbox): string[] {
  const { request, limits, sandboxClass } = sandbox;
  const files = filesOf(request);
  return [
    'env',
    ...CLUSTER_VARIABLES.flatMap((name) => ['-u', name]),
    ...['timeout', '-k', String(HAND_OVER_SECONDS), String(limits.deadlineSeconds)],
    ...['sh', '-c', SUPERVISOR, 'sekisho'],
    inputChecksums(files, request.spec.stdin ?? ''),
    String(sandboxClass.spec.outputBytes),
    String(limits.pids),
    files.map(({ path }) => path).join(' '),
    ...INTERPRETERS[request.spec.language].command,
    ...(request.spec.args ?? []),
  ];
}

function inputVolume(sandbox: Sandbox): V1Volume {
  const files = filesOf(sandbox.request);
  if (needsConfigMap(sandbox.request)) {
    const items = [
      ...files.map((_file, index) => ({ key: `input.${index}`, path: String(index) })),
      { key: 'stdin', path: 'stdin' },
    ];
    return {
      name: 'input',
      configMap: { name: runName(sandbox.request.metadata.uid), defaultMode: 0o444, items },
    };
  }
  const item = (key: string, path: string) => ({
    path,
    fieldRef: { apiVersion: 'v1', fieldPath: `metadata.annotations['${key}']` },
  });
  return {
    name: 'input',
    downwardAPI: {
      defaultMode: 0o444,
      items: [...files.map((_file, index) => item(`${INPUT}.${index}`, String(index))), item(STDIN, 'stdin')],
    },
  };
}

/** The input as annotations of the pod; none where a ConfigMap carries it. */
function inputAnnotations({ request }: Sandbox): Record<string, string> {
  if (needsConfigMap(request)) return {};
  const files = filesOf(request).map(({ content }, index) => [`${INPUT}.${index}`, content] as const);
  return { ...Object.fromEntries(files), [STDIN]: request.spec.stdin ?? '' };
}

function containerOf(sandbox: Sandbox): V1Container {
  const { request, sandboxClass, limits } = sandbox;
  return {
    name: 'program',
    image: sandboxClass.spec.images[request.spec.language] ?? '',
    imagePullPolicy: 'IfNotPresent',
    command: commandOf(sandbox).map(literal),
    env: environmentOf(sandbox),
    workingDir: WORKSPACE,
    resources: resourcesOf(limits, sandboxClass.spec.requests),
    securityContext: LOCKED_CONTAINER,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts: [
      { name: 'input', mountPath: INPUT_DIRECTORY, readOnly: true },
      { name: 'scratch', mountPath: WORKSPACE },
      { name: 'scratch', mountPath: '/tmp' },
      ...gatewayAccess(sandbox).mounts,
    ],
  };
}

function podOf(sandbox: Sandbox): V1PodSpec {
  const { shape, limits, sandboxClass } = sandbox;
  return lockedPod({
    shape,
    uid: uidOf(sandbox),
    deadlineSeconds: limits.deadlineSeconds,
    container: containerOf(sandbox),
    volumes: [
      inputVolume(sandbox),
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
      template: {
        metadata: { labels, annotations: { ...annotations, ...inputAnnotations(sandbox) } },
        spec: podOf(sandbox),
      },
    },
  };
}
