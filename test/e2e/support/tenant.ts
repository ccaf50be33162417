import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import type { RequestSpec, RequestStatus } from '../../../src/api/v1alpha1/code-execution-request.ts';
import { isFinished } from '../../../src/core/finished.ts';
import { eventually } from '../../support/eventually.ts';
import { as, exists, kubectl, must, read } from './kubectl.ts';
import { clusterBinding } from './role-rights.ts';

/** What a test writes of a spec; the rest is filled in. */
export type Written = Partial<RequestSpec>;

const LABEL = 'sekisho-test';

/** A namespace of a test's own, with a user who may do what tenants may. */
export interface Tenant {
  readonly namespace: string;
  readonly user: string;
  /** Flags of kubectl under which it acts as the user. */
  readonly flags: readonly string[];
  /** A request as a user would write it. */
  readonly manifest: (spec?: Written, metadata?: object) => object;
  /** Creates one; the API server names it. */
  readonly create: (spec?: Written) => Promise<CodeExecutionRequest>;
  readonly get: (name: string) => Promise<CodeExecutionRequest>;
  /** Waits until the request has ended, one way or the other. */
  readonly ended: (name: string, timeoutMilliseconds?: number) => Promise<RequestStatus>;
  /** Takes a request back. */
  readonly cancel: (name: string) => Promise<string>;
  readonly deleteRequest: (name: string) => Promise<string>;
  /** Removes all that belongs to it. */
  readonly end: () => Promise<void>;
}

let count = 0;
const newName = (title: string) => `${title}-${process.pid}-${Date.now().toString(36)}${(count += 1)}`;

const list = (objects: readonly object[]) => ({ apiVersion: 'v1', kind: 'List', items: objects });
const rbac = 'rbac.authorization.k8s.io';

function objectsOf(name: string, user: string, mode: 'Enforce' | 'Audit'): readonly object[] {
  const subjects = [{ apiGroup: rbac, kind: 'User', name: user }];
  const policy = {
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'ExecutionPolicy',
    metadata: { name },
    spec: { mode, namespaceSelector: { matchLabels: { [LABEL]: name } } },
  };
  return [
    ...(mode === 'Audit' ? [policy] : []),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [LABEL]: name } } },
    ...['sekisho-edit', 'sekisho-view'].map((role) => ({
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: role, namespace: name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
      subjects,
    })),
    clusterBinding(name, 'sekisho-role-user', [user]),
  ];
}

const STANDARD: Written = { language: 'Python', role: 'user', code: "print('hello')" };

/** Makes a tenant. Under mode Audit nothing that the analysis finds keeps a program from running. */
export async function newTenant(title: string, mode: 'Enforce' | 'Audit' = 'Enforce'): Promise<Tenant> {
  const namespace = newName(title);
  const user = `user-of-${namespace}`;
  await must(['create', '-f', '-'], list(objectsOf(namespace, user, mode)));
  const flags = ['-n', namespace, ...as(user)];
  const manifest = (spec: Written = {}, metadata: object = { generateName: 'run-' }) => ({
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'CodeExecutionRequest',
    metadata: { namespace, ...metadata },
    spec: { ...STANDARD, ...spec },
  });
  const get = (name: string) => read<CodeExecutionRequest>(['-n', namespace, 'get', 'cer', name]);
  return {
    namespace,
    user,
    flags,
    manifest,
    get,
    create: (spec) => read<CodeExecutionRequest>([...flags, 'create', '-f', '-'], manifest(spec)),
    ended: (name, timeoutMilliseconds = 60_000) =>
      eventually(
        async () => {
          const { status } = await get(name);
          return status !== undefined && isFinished(status) && status;
        },
        { what: `request ${namespace}/${name} ends`, timeoutMilliseconds, intervalMilliseconds: 300 },
      ),
    cancel: (name) =>
      must([...flags, 'patch', 'cer', name, '--type=merge', '-p', '{"spec":{"cancel":true}}']),
    deleteRequest: (name) => must([...flags, 'delete', 'cer', name, '--wait=false']),
    async end() {
      await kubectl(['delete', 'clusterrolebinding', namespace, '--ignore-not-found']);
      await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
      await kubectl(['delete', 'executionpolicy', namespace, '--ignore-not-found']);
    },
  };
}

export const requestExists = (namespace: string, name: string) => exists(['-n', namespace, 'cer', name]);
