import type { z } from 'zod';
import { codeExecutionRequest } from './code-execution-request.ts';
import { executionApproval } from './execution-approval.ts';
import { executionPolicy } from './execution-policy.ts';
import { executionQuota } from './execution-quota.ts';
import { executionRole } from './execution-role.ts';
import { plugin } from './plugin.ts';
import { sandboxClass } from './sandbox-class.ts';

/** All that a CustomResourceDefinition needs to know of a kind beside its schema. */
export interface KindDefinition {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  /** First sentence of `kubectl explain KIND`. */
  readonly description: string;
  readonly spec: z.ZodType;
  readonly status?: z.ZodType;
  readonly columns: readonly {
    readonly name: string;
    readonly type: 'string' | 'integer' | 'date';
    readonly path: string;
    readonly wide?: true;
    readonly description: string;
  }[];
  readonly selectableFields: readonly string[];
}

const AGE = {
  name: 'Age',
  type: 'date',
  path: '.metadata.creationTimestamp',
  description: 'Time since creation.',
} as const;

/** Adding a kind: its schema in a file of its own, a line here, `npm run generate`. */
export const KINDS: readonly KindDefinition[] = [
  {
    kind: 'CodeExecutionRequest',
    plural: 'codeexecutionrequests',
    shortNames: ['cer'],
    scope: 'Namespaced',
    description:
      'A CodeExecutionRequest asks to run one program: who asked is stamped, the code is judged, and what passes runs once in a locked sandbox.',
    ...codeExecutionRequest,
    columns: [
      { name: 'State', type: 'string', path: '.status.state', description: 'Where the request stands.' },
      {
        name: 'Decision',
        type: 'string',
        path: '.status.verdict.decision',
        description: 'Allow, RequireApproval or Deny.',
      },
      {
        name: 'Risk',
        type: 'integer',
        path: '.status.verdict.riskScore',
        description: 'Risk score, 0 to 100.',
      },
      { name: 'Role', type: 'string', path: '.spec.role', description: 'The role to run under.' },
      AGE,
      {
        name: 'Requester',
        type: 'string',
        path: '.spec.requester.username',
        wide: true,
        description: 'Who asked.',
      },
      {
        name: 'Reason',
        type: 'string',
        path: '.status.result.reason',
        wide: true,
        description: 'How the run ended.',
      },
    ],
    selectableFields: ['.spec.role', '.spec.language', '.spec.requester.username', '.status.state'],
  },
  {
    kind: 'ExecutionApproval',
    plural: 'executionapprovals',
    shortNames: ['exapp'],
    scope: 'Namespaced',
    description:
      'An ExecutionApproval is one person\'s decision about one CodeExecutionRequest, bound to the digest of what will run. RBAC must grant the verb "approve" on the role of the request.',
    ...executionApproval,
    columns: [
      {
        name: 'Request',
        type: 'string',
        path: '.spec.requestRef.name',
        description: 'The request decided about.',
      },
      { name: 'Decision', type: 'string', path: '.spec.decision', description: 'Approve or Deny.' },
      { name: 'Approver', type: 'string', path: '.spec.approver.username', description: 'Who decided.' },
      AGE,
      { name: 'Reason', type: 'string', path: '.spec.reason', wide: true, description: 'Why.' },
    ],
    selectableFields: ['.spec.requestRef.name', '.spec.requestRef.uid'],
  },
  {
    kind: 'ExecutionRole',
    plural: 'executionroles',
    shortNames: ['exrole'],
    scope: 'Cluster',
    description:
      'An ExecutionRole is a whitelist of actions. A subject holds it when RBAC grants the verb "use" on executionroles/NAME.',
    ...executionRole,
    columns: [
      { name: 'Allowed', type: 'string', path: '.spec.allowedActions', description: 'Allowed actions.' },
      {
        name: 'Approval',
        type: 'string',
        path: '.spec.approvalActions',
        description: 'Actions that need approval.',
      },
      AGE,
    ],
    selectableFields: [],
  },
  {
    kind: 'ExecutionPolicy',
    plural: 'executionpolicies',
    shortNames: ['expol'],
    scope: 'Cluster',
    description:
      'An ExecutionPolicy says which rules count, how much, and what the risk score decides. Of several that apply, the strictest answer counts.',
    ...executionPolicy,
    columns: [
      { name: 'Mode', type: 'string', path: '.spec.mode', description: 'Enforce, Warn or Audit.' },
      {
        name: 'Deny',
        type: 'integer',
        path: '.spec.thresholds.deny',
        description: 'Deny at this risk score.',
      },
      {
        name: 'Approve',
        type: 'integer',
        path: '.spec.thresholds.approve',
        description: 'Require approval at this risk score.',
      },
      AGE,
    ],
    selectableFields: [],
  },
  {
    kind: 'ExecutionQuota',
    plural: 'executionquotas',
    shortNames: ['exquota'],
    scope: 'Cluster',
    description:
      'An ExecutionQuota limits how many programs of a namespace and of a requester run: what is over waits as Queued, and never fails. Of several that apply the lowest limit counts.',
    ...executionQuota,
    columns: [
      {
        name: 'Namespace',
        type: 'integer',
        path: '.spec.namespace.running',
        description: 'Programs of one namespace at one time.',
      },
      {
        name: 'Requester',
        type: 'integer',
        path: '.spec.requester.running',
        description: 'Programs of one requester at one time.',
      },
      AGE,
    ],
    selectableFields: [],
  },
  {
    kind: 'Plugin',
    plural: 'plugins',
    shortNames: ['plg'],
    scope: 'Cluster',
    description:
      'A Plugin is a service that sandboxes may call through the gateway, and exactly what of it: operations, the action each is, what goes in and out.',
    ...plugin,
    columns: [
      { name: 'Protocol', type: 'string', path: '.spec.upstream.protocol', description: 'HTTP or MCP.' },
      { name: 'Upstream', type: 'string', path: '.spec.upstream.url', description: 'Where calls go.' },
      AGE,
    ],
    selectableFields: [],
  },
  {
    kind: 'SandboxClass',
    plural: 'sandboxclasses',
    shortNames: ['sbc'],
    scope: 'Cluster',
    description:
      'A SandboxClass says what a sandbox is made of: image for each language, limits, deadline, runtime.',
    ...sandboxClass,
    columns: [
      {
        name: 'Runtime',
        type: 'string',
        path: '.spec.runtimeClassName',
        description: 'RuntimeClass of the sandboxes.',
      },
      { name: 'CPU', type: 'string', path: '.spec.limits.cpu', description: 'CPU limit.' },
      { name: 'Memory', type: 'string', path: '.spec.limits.memory', description: 'Memory limit.' },
      {
        name: 'Deadline',
        type: 'integer',
        path: '.spec.deadlineSeconds',
        description: 'Default and largest deadline in seconds.',
      },
      AGE,
    ],
    selectableFields: [],
  },
];
