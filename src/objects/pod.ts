import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import type { GrantedLimits } from '../core/verdict/limits.ts';
import type { ProvenShape } from '../core/observed.ts';

/** Seconds that a pod may take to start (scheduling, image) before its own deadline cuts in. */
export const START_SECONDS = 120;

interface LockedPod {
  readonly shape: ProvenShape;
  readonly uid: number;
  readonly deadlineSeconds: number;
  readonly container: V1Container;
  readonly volumes: NonNullable<V1PodSpec['volumes']>;
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly tolerations?: NonNullable<V1PodSpec['tolerations']> | undefined;
}

/** Pod Security `restricted`, and a root file system that cannot be written. */
export const LOCKED_CONTAINER: NonNullable<V1Container['securityContext']> = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Requests and limits of the one container. Without requests of the class the limits are set aside in full. */
export function resourcesOf(
  limits: GrantedLimits,
  requests: { readonly cpu?: string | undefined; readonly memory?: string | undefined } | undefined,
): NonNullable<V1Container['resources']> {
  return {
    limits: { cpu: limits.cpu, memory: limits.memory, 'ephemeral-storage': '32Mi' },
    requests: {
      cpu: requests?.cpu ?? limits.cpu,
      memory: requests?.memory ?? limits.memory,
      'ephemeral-storage': '32Mi',
    },
  };
}

/** The pod of every Job that Sekisho creates, sandbox and probe alike: built from nothing, each security field written out. */
export function lockedPod({
  shape,
  uid,
  deadlineSeconds,
  container,
  volumes,
  nodeSelector,
  tolerations,
}: LockedPod): V1PodSpec {
  return {
    restartPolicy: 'Never',
    // A pod that does not end within its deadline after this much time to start is killed by the kubelet.
    activeDeadlineSeconds: deadlineSeconds + START_SECONDS,
    // The default of 30 would delay every forced end.
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    hostNetwork: false,
    hostPID: false,
    hostIPC: false,
    ...(shape.userNamespace ? { hostUsers: false } : {}),
    ...(shape.runtimeClassName ? { runtimeClassName: shape.runtimeClassName } : {}),
    // No name can be resolved; a resolver of the node would name a way out.
    dnsPolicy: 'None',
    dnsConfig: { nameservers: ['127.0.0.1'] },
    hostname: 'sandbox',
    securityContext: {
      runAsNonRoot: true,
      runAsUser: uid,
      runAsGroup: uid,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    nodeSelector: { 'kubernetes.io/os': 'linux', ...nodeSelector },
    ...(tolerations ? { tolerations: [...tolerations] } : {}),
    containers: [container],
    volumes,
  };
}
