import type { V1Job } from '@kubernetes/client-node';
import { LOCKED_CONTAINER } from '../../src/objects/pod.ts';

/** Namespace of the requests; class, role and RBAC have the same name. */
export const BENCH = 'sekisho-bench';
/** Namespace of the plain Jobs. */
export const PLAIN = 'sekisho-bench-plain';
/** Namespace of the Jobs that have Sekisho's isolation without Sekisho. */
export const ISOLATED = 'sekisho-bench-isolated';
export const REQUESTER = 'sekisho-bench';

const PROGRAM = 'print("hello")';
/** Small, so that forty fit on two cores and the scheduler is not what gets measured. */
const REQUESTS = { cpu: '20m', memory: '16Mi' };

export interface SandboxClass {
  readonly spec: {
    readonly images: Readonly<Record<string, string>>;
    readonly limits: { readonly cpu: string; readonly memory: string };
    readonly deadlineSeconds: number;
  };
}

const ROLES = 'rbac.authorization.k8s.io/v1';
const rule = (resources: string, verbs: string[], resourceNames?: string[]) => ({
  apiGroups: ['sekisho.dev'],
  resources: [resources],
  verbs,
  ...(resourceNames && { resourceNames }),
});

const namespace = (name: string) => ({
  path: '/api/v1/namespaces',
  object: {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  },
});

/** Everything that the bench needs, as path of the collection and object, in the order of creation. */
export const surroundings = (base: SandboxClass) => [
  namespace(BENCH),
  namespace(PLAIN),
  namespace(ISOLATED),
  {
    path: `/apis/networking.k8s.io/v1/namespaces/${ISOLATED}/networkpolicies`,
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny-all' },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    },
  },
  {
    path: '/apis/sekisho.dev/v1alpha1/sandboxclasses',
    object: {
      apiVersion: 'sekisho.dev/v1alpha1',
      kind: 'SandboxClass',
      metadata: { name: BENCH },
      spec: { ...base.spec, requests: REQUESTS },
    },
  },
  {
    path: '/apis/sekisho.dev/v1alpha1/executionroles',
    object: {
      apiVersion: 'sekisho.dev/v1alpha1',
      kind: 'ExecutionRole',
      metadata: { name: BENCH },
      spec: { description: 'Of make bench.', sandboxClassNames: [BENCH] },
    },
  },
  {
    path: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    object: {
      apiVersion: ROLES,
      kind: 'ClusterRole',
      metadata: { name: BENCH },
      rules: [rule('executionroles', ['use'], [BENCH]), rule('codeexecutionrequests', ['create'])],
    },
  },
  {
    path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    object: {
      apiVersion: ROLES,
      kind: 'ClusterRoleBinding',
      metadata: { name: BENCH },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: BENCH },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: REQUESTER }],
    },
  },
];

export const requestOf = (name: string) => ({
  apiVersion: 'sekisho.dev/v1alpha1',
  kind: 'CodeExecutionRequest',
  metadata: { name, namespace: BENCH },
  spec: { language: 'Python', role: BENCH, sandboxClassName: BENCH, code: PROGRAM },
});

/**
 * What the plain Jobs leave to Kubernetes. `default`: it mounts a service-account token, as it does for every pod that does not
 * say otherwise. `no-volumes` (BENCH_FLOOR=no-volumes): not even that. A pod with any volume starts about 0.3 s later, since the
 * kubelet looks every 300 ms whether all are mounted; a sandbox cannot do without, as its scratch space is a volume.
 */
export const FLOOR = process.env['BENCH_FLOOR'] === 'no-volumes' ? 'no-volumes' : 'default';

/** What a user would write by hand: same image, requests, limits and locks. */
export const plainJob = (name: string, { spec }: SandboxClass): V1Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: PLAIN },
  spec: {
    backoffLimit: 0,
    template: {
      spec: {
        restartPolicy: 'Never',
        activeDeadlineSeconds: spec.deadlineSeconds + 120,
        terminationGracePeriodSeconds: 1,
        ...(FLOOR === 'no-volumes' ? { automountServiceAccountToken: false } : {}),
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 10_001,
          runAsGroup: 10_001,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name: 'program',
            image: spec.images['Python'] ?? '',
            imagePullPolicy: 'IfNotPresent',
            command: ['python3', '-c', PROGRAM],
            resources: {
              requests: { ...REQUESTS, 'ephemeral-storage': '32Mi' },
              limits: {
                cpu: spec.limits.cpu,
                memory: spec.limits.memory,
                'ephemeral-storage': '32Mi',
              },
            },
            securityContext: LOCKED_CONTAINER,
          },
        ],
      },
    },
  },
});

/** The Job that Sekisho made for a request, made by hand: the same isolation, without anybody who decides. */
export function isolatedJob(name: string, ofRequest: V1Job): V1Job {
  const podSpec = ofRequest.spec?.template.spec;
  if (!ofRequest.spec || !podSpec) throw new Error('the Job of a request has no pod template');
  // Labels, selector and time to live are of its own run.
  const { selector: _selector, ttlSecondsAfterFinished: _ttl, ...spec } = ofRequest.spec;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: ISOLATED },
    spec: { ...spec, template: { spec: podSpec } },
  };
}
