/** A resource of the Kubernetes API: what the path of a request is made of. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const resource = (apiVersion: string, plural: string, kind: string, namespaced: boolean): Resource => {
  const slash = apiVersion.indexOf('/');
  return {
    group: apiVersion.slice(0, Math.max(slash, 0)),
    version: apiVersion.slice(slash + 1),
    plural,
    kind,
    namespaced,
  };
};

/** `apiVersion` of the objects of a resource. */
export const apiVersionOf = ({ group, version }: Resource): string =>
  group === '' ? version : `${group}/${version}`;

const SEKISHO = 'sekisho.dev/v1alpha1';
export const CODE_EXECUTION_REQUESTS = resource(
  SEKISHO,
  'codeexecutionrequests',
  'CodeExecutionRequest',
  true,
);
export const EXECUTION_APPROVALS = resource(SEKISHO, 'executionapprovals', 'ExecutionApproval', true);
export const EXECUTION_ROLES = resource(SEKISHO, 'executionroles', 'ExecutionRole', false);
export const EXECUTION_POLICIES = resource(SEKISHO, 'executionpolicies', 'ExecutionPolicy', false);
export const EXECUTION_QUOTAS = resource(SEKISHO, 'executionquotas', 'ExecutionQuota', false);
export const PLUGINS = resource(SEKISHO, 'plugins', 'Plugin', false);
export const SANDBOX_CLASSES = resource(SEKISHO, 'sandboxclasses', 'SandboxClass', false);

export const CONFIG_MAPS = resource('v1', 'configmaps', 'ConfigMap', true);
export const NAMESPACES = resource('v1', 'namespaces', 'Namespace', false);
export const NODES = resource('v1', 'nodes', 'Node', false);
export const PODS = resource('v1', 'pods', 'Pod', true);
export const SERVICES = resource('v1', 'services', 'Service', true);
export const SECRETS = resource('v1', 'secrets', 'Secret', true);

export const JOBS = resource('batch/v1', 'jobs', 'Job', true);
export const NETWORK_POLICIES = resource('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', true);
export const LEASES = resource('coordination.k8s.io/v1', 'leases', 'Lease', true);
export const EVENTS = resource('events.k8s.io/v1', 'events', 'Event', true);
export const RUNTIME_CLASSES = resource('node.k8s.io/v1', 'runtimeclasses', 'RuntimeClass', false);
export const SELF_SUBJECT_ACCESS_REVIEWS = resource(
  'authorization.k8s.io/v1',
  'selfsubjectaccessreviews',
  'SelfSubjectAccessReview',
  false,
);
export const SELF_SUBJECT_REVIEWS = resource(
  'authentication.k8s.io/v1',
  'selfsubjectreviews',
  'SelfSubjectReview',
  false,
);
export const SUBJECT_ACCESS_REVIEWS = resource(
  'authorization.k8s.io/v1',
  'subjectaccessreviews',
  'SubjectAccessReview',
  false,
);
export const TOKEN_REVIEWS = resource('authentication.k8s.io/v1', 'tokenreviews', 'TokenReview', false);
export const MUTATING_WEBHOOKS = resource(
  'admissionregistration.k8s.io/v1',
  'mutatingwebhookconfigurations',
  'MutatingWebhookConfiguration',
  false,
);
export const VALIDATING_ADMISSION_POLICIES = resource(
  'admissionregistration.k8s.io/v1',
  'validatingadmissionpolicies',
  'ValidatingAdmissionPolicy',
  false,
);
export const VALIDATING_ADMISSION_POLICY_BINDINGS = resource(
  'admissionregistration.k8s.io/v1',
  'validatingadmissionpolicybindings',
  'ValidatingAdmissionPolicyBinding',
  false,
);
export const VALIDATING_WEBHOOKS = resource(
  'admissionregistration.k8s.io/v1',
  'validatingwebhookconfigurations',
  'ValidatingWebhookConfiguration',
  false,
);
