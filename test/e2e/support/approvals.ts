import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import type { RequestStatus } from '../../../src/api/v1alpha1/code-execution-request.ts';
import { eventually } from '../../support/eventually.ts';
import { as, kubectl, must, read } from './kubectl.ts';
import type { Ended } from './kubectl.ts';
import { clusterBinding, rightOn } from './role-rights.ts';
import { newTenant } from './tenant.ts';
import type { Tenant } from './tenant.ts';

const ACTION = 'grant_admin';

/** A tenant with a role of its own, whose one action needs approval. */
export interface ApprovalTenant extends Tenant {
  readonly role: string;
  /** Makes somebody an approver of the role; answers their name. */
  readonly approver: (name: string) => Promise<string>;
  /** Makes somebody one who may break the glass, and not approve; answers their name. */
  readonly firefighter: (name: string) => Promise<string>;
  /** Takes the right away again. */
  readonly dismiss: (user: string) => Promise<void>;
  /** Creates a request that needs approval, and waits until it says so. */
  readonly ask: () => Promise<CodeExecutionRequest>;
  readonly patchRole: (spec: object) => Promise<string>;
}

/** `approval` as in the spec of the role. */
export async function newApprovalTenant(title: string, approval: object = {}): Promise<ApprovalTenant> {
  const tenant = await newTenant(title);
  const { namespace, user } = tenant;
  const role = namespace;
  const [use, approve, breakGlass] = [`${role}-use`, `${role}-approve`, `${role}-break-glass`];
  const spec = { approvalActions: [ACTION], approval };
  const objects = [
    { apiVersion: 'sekisho.dev/v1alpha1', kind: 'ExecutionRole', metadata: { name: role }, spec },
    rightOn(role, 'use', use),
    rightOn(role, 'approve', approve),
    rightOn(role, 'break-glass', breakGlass),
    clusterBinding(use, use, [user]),
  ];
  await must(['create', '-f', '-'], { apiVersion: 'v1', kind: 'List', items: objects });
  const bound = new Set<string>();
  const decider = async (name: string, right: string) => {
    const person = `${name}-of-${namespace}`;
    bound.add(person);
    await must(['create', '-f', '-'], clusterBinding(person, right, [person]));
    const rights = ['create', 'rolebinding', person, '--clusterrole=sekisho-approver', `--user=${person}`];
    await must(['-n', namespace, ...rights]);
    return person;
  };
  return {
    ...tenant,
    role,
    approver: (name) => decider(name, approve),
    firefighter: (name) => decider(name, breakGlass),
    async dismiss(person) {
      await must(['delete', 'clusterrolebinding', person]);
      bound.delete(person);
    },
    async ask() {
      const { metadata } = await tenant.create({ role, actions: [ACTION] });
      return settled(
        tenant,
        metadata.name,
        ({ state }) => state === 'AwaitingApproval',
        'it awaits approval',
      );
    },
    patchRole: (change) =>
      must(['patch', 'executionrole', role, '--type=merge', '-p', JSON.stringify({ spec: change })]),
    async end() {
      await kubectl(['delete', 'clusterrolebinding', use, ...bound, '--ignore-not-found']);
      await kubectl(['delete', 'clusterrole', use, approve, breakGlass, '--ignore-not-found']);
      await kubectl(['delete', 'executionrole', role, '--ignore-not-found']);
      await tenant.end();
    },
  };
}

/** The request, as soon as its status is as wanted. */
export const settled = (
  tenant: Tenant,
  name: string,
  wanted: (status: RequestStatus) => boolean,
  what: string,
): Promise<CodeExecutionRequest> =>
  eventually(
    async () => {
      const request = await tenant.get(name);
      return request.status !== undefined && wanted(request.status) && request;
    },
    { what, timeoutMilliseconds: 60_000, intervalMilliseconds: 200 },
  );

/** The reason of the Approved condition. */
export const approvedReason = ({ conditions }: RequestStatus): string | undefined =>
  conditions?.find(({ type }) => type === 'Approved')?.reason;

/** Whose approvals count, by name: times have the resolution of a second. */
export const approversOf = ({ approval }: RequestStatus): readonly string[] =>
  (approval?.approvedBy ?? []).map(({ approver }) => approver).toSorted((a, b) => (a < b ? -1 : 1));

export const decisionAbout = ({ metadata, status }: CodeExecutionRequest, spec: object = {}): object => ({
  apiVersion: 'sekisho.dev/v1alpha1',
  kind: 'ExecutionApproval',
  metadata: { generateName: 'decision-', namespace: metadata.namespace },
  spec: {
    requestRef: { name: metadata.name, uid: metadata.uid },
    digest: status.verdict?.digest,
    decision: 'Approve',
    reason: 'Looked at it.',
    ...spec,
  },
});

/** Decides as somebody; what kubectl answered. */
export const decideAs = (user: string, request: CodeExecutionRequest, spec: object = {}): Promise<Ended> =>
  kubectl([...as(user), 'create', '-f', '-'], decisionAbout(request, spec));

/** The approvals that are stored about requests of the tenant. */
export const storedApprovals = async ({ namespace }: Tenant): Promise<number> =>
  (await read<{ items: readonly object[] }>(['-n', namespace, 'get', 'executionapprovals'])).items.length;
