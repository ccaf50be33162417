import type {
  V1MutatingWebhookConfiguration,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
} from '@kubernetes/client-node';
import { GROUP, VERSION } from '../api/v1alpha1/group.ts';
import type { IsolationFault } from '../core/observed.ts';

/** The MutatingWebhookConfiguration that the chart creates. */
export const WEBHOOKS = 'sekisho';

/** Sekisho's own admission configuration, as it stands in the API server. */
export interface AdmissionConfiguration {
  readonly webhooks: V1MutatingWebhookConfiguration | undefined;
  readonly policies: readonly V1ValidatingAdmissionPolicy[];
  readonly bindings: readonly V1ValidatingAdmissionPolicyBinding[];
}

interface Covered {
  readonly group: string;
  readonly version: string;
  readonly operations: readonly string[];
  readonly resources: readonly string[];
}
interface Guard {
  readonly name: string;
  readonly covers: readonly Covered[];
  /** Only in the namespace of the sandboxes. */
  readonly sandboxes?: true;
}

const ours = (resource: string, ...operations: readonly string[]): Covered => ({
  ...{ group: GROUP, version: VERSION, operations, resources: [resource] },
});
const core = (resources: readonly string[], operations: readonly string[]): Covered => ({
  ...{ group: '', version: 'v1', operations, resources },
});

const STAMPS: readonly Guard[] = ['codeexecutionrequests', 'executionapprovals'].map((plural) => ({
  name: `${plural}.${GROUP}`,
  covers: [ours(plural, 'CREATE')],
}));

const POLICIES: readonly Guard[] = [
  { name: 'sekisho-requester', covers: [ours('codeexecutionrequests', 'CREATE')] },
  { name: 'sekisho-approver', covers: [ours('executionapprovals', 'CREATE')] },
  { name: 'sekisho-status', covers: [ours('codeexecutionrequests/status', 'CREATE', 'UPDATE')] },
  {
    name: 'sekisho-sandbox-jobs',
    covers: [{ group: 'batch', version: 'v1', operations: ['CREATE', 'UPDATE'], resources: ['jobs'] }],
    sandboxes: true,
  },
  { name: 'sekisho-sandbox-pods', covers: [core(['pods'], ['CREATE'])], sandboxes: true },
  {
    name: 'sekisho-sandbox-closed',
    covers: [
      core(['pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy'], ['CONNECT']),
      core(['pods/ephemeralcontainers'], ['UPDATE']),
    ],
    sandboxes: true,
  },
];

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly unknown[];
}
interface Rule {
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly operations?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly scope?: string;
}
/** What webhook and policy have in common, and what may loosen it. */
interface Reach {
  readonly failurePolicy?: string;
  readonly matchConditions?: readonly unknown[];
  readonly namespaceSelector?: Selector | undefined;
  readonly objectSelector?: Selector | undefined;
  readonly rules: readonly Rule[];
  readonly excluded: readonly unknown[];
}

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: Selector = {}): boolean =>
  Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

/** Whether everything in the namespace of the sandboxes is selected. */
function selectsNamespace(
  { matchLabels = {}, matchExpressions = [] }: Selector = {},
  namespace: string,
): boolean {
  const labels = Object.entries(matchLabels);
  return (
    matchExpressions.length === 0 &&
    labels.every(([key, value]) => key === 'kubernetes.io/metadata.name' && value === namespace)
  );
}

const has = (list: readonly string[] = [], word: string): boolean =>
  list.includes(word) || list.includes('*');

const coveredBy = (rules: readonly Rule[], { group, version, operations, resources }: Covered): boolean =>
  resources.every((resource) =>
    operations.every((operation) =>
      rules.some(
        (rule) =>
          has(rule.apiGroups, group) &&
          has(rule.apiVersions, version) &&
          has(rule.operations, operation) &&
          has(rule.resources, resource) &&
          (rule.resourceNames ?? []).length === 0 &&
          ['*', 'Namespaced', undefined].includes(rule.scope),
      ),
    ),
  );

/** What of a webhook or policy was loosened; undefined when nothing was. */
function loosened(guard: Guard, reach: Reach, sandboxNamespace: string): string | undefined {
  if (reach.failurePolicy !== 'Fail') return 'failurePolicy is not Fail';
  if ((reach.matchConditions ?? []).length > 0) return 'it has matchConditions';
  const namespaces = guard.sandboxes
    ? selectsNamespace(reach.namespaceSelector, sandboxNamespace)
    : isEmpty(reach.namespaceSelector);
  if (!namespaces) return 'its namespaceSelector leaves namespaces out';
  if (!isEmpty(reach.objectSelector)) return 'its objectSelector leaves objects out';
  if (reach.excluded.length > 0) return 'it has excludeResourceRules';
  return guard.covers.every((covered) => coveredBy(reach.rules, covered))
    ? undefined
    : 'its rules leave something out';
}

function webhookFault(
  guard: Guard,
  { webhooks }: AdmissionConfiguration,
  namespace: string,
): string | undefined {
  const webhook = webhooks?.webhooks?.find(({ name }) => name === guard.name);
  if (!webhook) return `webhook ${guard.name} is missing`;
  const fault = loosened(guard, { ...webhook, rules: webhook.rules ?? [], excluded: [] }, namespace);
  return fault && `webhook ${guard.name}: ${fault}`;
}

function policyFault(
  guard: Guard,
  { policies, bindings }: AdmissionConfiguration,
  namespace: string,
): string | undefined {
  const named = `ValidatingAdmissionPolicy ${guard.name}`;
  const spec = policies.find(({ metadata }) => metadata?.name === guard.name)?.spec;
  if (!spec) return `${named} is missing`;
  const { matchConstraints, validations = [], failurePolicy, matchConditions } = spec;
  const reach = {
    ...{ failurePolicy, matchConditions, ...matchConstraints },
    rules: matchConstraints?.resourceRules ?? [],
    excluded: matchConstraints?.excludeResourceRules ?? [],
  } as Reach;
  const fault =
    loosened(guard, reach, namespace) ?? (validations.length === 0 ? 'it has no validations' : undefined);
  if (fault) return `${named}: ${fault}`;
  const bound = bindings.some(
    ({ spec: binding }) =>
      binding?.policyName === guard.name &&
      (binding.validationActions ?? []).includes('Deny') &&
      binding.matchResources === undefined,
  );
  return bound
    ? undefined
    : `${named} is bound by no ValidatingAdmissionPolicyBinding that denies everywhere`;
}

/** What is loosened of Sekisho's own admission configuration: who asks, who approves and what runs would not be guarded. */
export function admissionFault(
  configuration: AdmissionConfiguration,
  sandboxNamespace: string,
): IsolationFault | undefined {
  const faults = [
    ...STAMPS.map((guard) => webhookFault(guard, configuration, sandboxNamespace)),
    ...POLICIES.map((guard) => policyFault(guard, configuration, sandboxNamespace)),
  ].filter((fault) => fault !== undefined);
  if (faults.length === 0) return undefined;
  return {
    reason: 'AdmissionLoosened',
    message: `Install the chart again to mend it: ${faults.join('; ')}.`,
  };
}
