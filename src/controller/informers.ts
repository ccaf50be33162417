import type {
  V1Job,
  V1MutatingWebhookConfiguration,
  V1NetworkPolicy,
  V1Pod,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
} from '@kubernetes/client-node';
import type { KubeClient } from '../kube/client.ts';
import { createInformer } from '../kube/informer.ts';
import type { Informer } from '../kube/informer.ts';
import { withBareMetadata } from '../kube/object.ts';
import {
  CODE_EXECUTION_REQUESTS,
  EXECUTION_APPROVALS,
  EXECUTION_QUOTAS,
  JOBS,
  MUTATING_WEBHOOKS,
  NETWORK_POLICIES,
  PODS,
  VALIDATING_ADMISSION_POLICIES,
  VALIDATING_ADMISSION_POLICY_BINDINGS,
} from '../kube/resources.ts';
import { REQUEST } from '../objects/labels.ts';
import { WEBHOOKS } from './admission-guard.ts';
import { slimRequest } from './slim-request.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Label that the chart gives all it creates. */
const CHART_LABEL = 'app.kubernetes.io/name=sekisho';

/** Label that the Job controller gives the pods of a Job. */
export const JOB_NAME = 'batch.kubernetes.io/job-name';

/** Everything that the controller follows. */
export interface Informers {
  readonly requests: Informer<object>;
  /** Indexed by the uid of their request. */
  readonly approvals: Informer<object>;
  readonly quotas: Informer<object>;
  /** Of the sandbox namespace, indexed by the key of their request. */
  readonly jobs: Informer<V1Job>;
  /** Of the sandbox namespace, indexed by the name of their Job. */
  readonly pods: Informer<V1Pod>;
  /** Of the sandbox namespace. */
  readonly policies: Informer<V1NetworkPolicy>;
  /** Sekisho's own admission configuration. */
  readonly webhooks: Informer<V1MutatingWebhookConfiguration>;
  readonly admissionPolicies: Informer<V1ValidatingAdmissionPolicy>;
  readonly admissionBindings: Informer<V1ValidatingAdmissionPolicyBinding>;
}

/** What is called for each change. */
export interface Changes {
  readonly request: (key: string) => void;
  readonly approval: (approval: object) => void;
  readonly job: (job: V1Job) => void;
  readonly pod: (pod: V1Pod) => void;
  /** Of a NetworkPolicy of the sandboxes, or of the admission configuration. */
  readonly guard: () => void;
  readonly quota: () => void;
}

export interface InformerSources {
  readonly client: KubeClient;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly sandboxNamespace: string;
}

/** Of pods nobody reads the payload in the annotations or the template of the container. */
function slimPod(pod: V1Pod): V1Pod {
  const { annotations: _payload, ...metadata } = pod.metadata ?? {};
  return { metadata, spec: { ...pod.spec, containers: [], volumes: [] }, status: pod.status } as V1Pod;
}

const slimJob = (job: V1Job): V1Job => ({ metadata: job.metadata, status: job.status }) as V1Job;

interface ApprovalReference {
  readonly metadata?: { readonly namespace?: string };
  readonly spec?: { readonly requestRef?: { readonly name?: string; readonly uid?: string } };
}

const referenceOf = (approval: object) => (approval as ApprovalReference).spec?.requestRef ?? {};

/** The key of the request that an approval speaks of. */
export const requestOfApproval = (approval: object): string =>
  `${(approval as ApprovalReference).metadata?.namespace ?? ''}/${referenceOf(approval).name ?? ''}`;

/** The key of the request that a Job says it belongs to. */
export const requestOf = (job: V1Job): string | undefined => job.metadata?.annotations?.[REQUEST];

/** The name of the Job that a pod belongs to. */
export const jobOf = (pod: V1Pod): string => pod.metadata?.labels?.[JOB_NAME] ?? '';

/** Begins to follow everything that the controller needs. */
export function followCluster(sources: InformerSources, changes: Changes): Informers {
  const { sandboxNamespace: namespace, ...common } = sources;
  const guard = { ...common, onChange: changes.guard };
  const informers: Informers = {
    requests: createInformer<object>({
      ...common,
      resource: CODE_EXECUTION_REQUESTS,
      transform: slimRequest,
      onChange: changes.request,
    }),
    approvals: createInformer<object>({
      ...common,
      resource: EXECUTION_APPROVALS,
      transform: withBareMetadata,
      indexBy: (approval) => [referenceOf(approval).uid ?? ''],
      onChange: (_key, approval) => changes.approval(approval),
    }),
    quotas: createInformer<object>({ ...common, resource: EXECUTION_QUOTAS, onChange: changes.quota }),
    jobs: createInformer<V1Job>({
      ...common,
      resource: JOBS,
      namespace,
      transform: slimJob,
      indexBy: (job) => [requestOf(job) ?? ''],
      onChange: (_key, job) => changes.job(job),
    }),
    pods: createInformer<V1Pod>({
      ...common,
      resource: PODS,
      namespace,
      transform: slimPod,
      indexBy: (pod) => [jobOf(pod)],
      onChange: (_key, pod) => changes.pod(pod),
    }),
    policies: createInformer<V1NetworkPolicy>({
      ...guard,
      resource: NETWORK_POLICIES,
      namespace,
    }),
    webhooks: createInformer<V1MutatingWebhookConfiguration>({
      ...guard,
      resource: MUTATING_WEBHOOKS,
      fieldSelector: `metadata.name=${WEBHOOKS}`,
    }),
    admissionPolicies: createInformer<V1ValidatingAdmissionPolicy>({
      ...guard,
      resource: VALIDATING_ADMISSION_POLICIES,
      labelSelector: CHART_LABEL,
    }),
    admissionBindings: createInformer<V1ValidatingAdmissionPolicyBinding>({
      ...guard,
      resource: VALIDATING_ADMISSION_POLICY_BINDINGS,
      labelSelector: CHART_LABEL,
    }),
  };
  for (const informer of Object.values(informers)) informer.start();
  return informers;
}
