import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1PolicyRule,
  V1RoleBinding,
} from '@kubernetes/client-node';
import { as, items, kubectl } from '../support/kubectl.ts';
import { SYSTEM } from '../support/installation.ts';

jest.setTimeout(60_000);

/** Rules by where they hold: `cluster`, or the namespace. */
type Rights = Readonly<Record<string, readonly V1PolicyRule[]>>;

const GOLDEN = JSON.parse(
  readFileSync(join(import.meta.dirname, '35-least-privilege.golden.json'), 'utf8'),
) as Readonly<Record<string, Rights>>;

let roles: readonly V1ClusterRole[];
let bindings: readonly (V1ClusterRoleBinding | V1RoleBinding)[];
beforeAll(async () => {
  [roles, bindings] = await Promise.all([
    items<V1ClusterRole>(['get', 'clusterroles,roles', '-A']),
    items<V1ClusterRoleBinding>(['get', 'clusterrolebindings,rolebindings', '-A']),
  ]);
});

const isDefault = ({ metadata }: V1RoleBinding) =>
  metadata?.labels?.['kubernetes.io/bootstrapping'] === 'rbac-defaults';

function rulesOf(binding: V1RoleBinding): readonly V1PolicyRule[] {
  const { kind, name } = binding.roleRef;
  const namespace = kind === 'Role' ? binding.metadata?.namespace : undefined;
  const role = roles.find(({ metadata }) => metadata?.name === name && metadata.namespace === namespace);
  return role?.rules ?? [];
}

/** One rule a line of sorted words, so that neither order nor layout of the chart matters. */
const canonical = (rules: readonly V1PolicyRule[]) =>
  rules
    .map((rule) =>
      Object.fromEntries(
        Object.entries(rule)
          .map(
            ([key, values]) =>
              [key, (values as readonly string[]).toSorted((a, b) => (a < b ? -1 : 1))] as const,
          )
          .sort(([one], [other]) => (one < other ? -1 : 1)),
      ),
    )
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** Everything RBAC gives a ServiceAccount of Sekisho, by name or by a group of its own. */
function rightsOf(account: string): Record<string, object[]> {
  const groups = [`system:serviceaccounts:${SYSTEM}`, 'system:serviceaccounts', 'system:authenticated'];
  const isOurs = (binding: V1RoleBinding) =>
    (binding.subjects ?? []).some(
      ({ kind, name, namespace }) =>
        (kind === 'ServiceAccount' && name === account && namespace === SYSTEM) ||
        (kind === 'User' && name === `system:serviceaccount:${SYSTEM}:${account}`) ||
        (kind === 'Group' && groups.includes(name) && !isDefault(binding)),
    );
  const rights: Record<string, V1PolicyRule[]> = {};
  for (const binding of bindings.filter(isOurs)) {
    const where = binding.metadata?.namespace ?? 'cluster';
    rights[where] = [...(rights[where] ?? []), ...rulesOf(binding)];
  }
  return Object.fromEntries(Object.entries(rights).map(([where, rules]) => [where, canonical(rules)]));
}

const ACCOUNTS = ['sekisho-controller', 'sekisho-gateway', 'sekisho-webhook'] as const;
/** Secrets that each may read, by name. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  'sekisho-gateway': ['calendar-credential'],
  'sekisho-webhook': ['sekisho-webhook-tls'],
};
const can = async (account: string, ...action: readonly string[]) => {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${SYSTEM}`, 'system:authenticated'];
  const who = as(`system:serviceaccount:${SYSTEM}:${account}`, ...groups);
  return (await kubectl(['auth', 'can-i', ...action, ...who])).stdout.trim();
};

describe.each(ACCOUNTS)('promise 35: least privilege of %s', (account) => {
  test('what RBAC gives it is what was written down', () => {
    const golden = Object.entries(GOLDEN[account] ?? {}).map(([where, rules]) => [where, canonical(rules)]);
    expect(rightsOf(account)).toEqual(Object.fromEntries(golden));
  });

  test('no wildcard, no escalation, and secrets only by name', () => {
    const rules = Object.entries(rightsOf(account)).flatMap(([where, list]) =>
      (list as V1PolicyRule[]).map((rule) => ({ where, ...rule })),
    );
    expect(rules).not.toHaveLength(0);
    for (const rule of rules) {
      const words = [...rule.verbs, ...(rule.apiGroups ?? []), ...(rule.resources ?? [])];
      expect(words.filter((word) => word.includes('*'))).toEqual([]);
      expect(rule.nonResourceURLs).toBeUndefined();
      expect(rule.verbs.filter((verb) => ['escalate', 'bind', 'impersonate'].includes(verb))).toEqual([]);
      if (rule.resources?.some((resource) => resource.startsWith('secrets'))) {
        expect(rule.where).toBe(SYSTEM);
        expect(rule.resourceNames).toEqual(SECRETS[account]);
      }
    }
  });

  test.each([
    ['get', 'secrets', '-A'],
    ['list', 'secrets', '-n', 'kube-system'],
    ['list', 'secrets', '-n', SYSTEM],
    ['create', 'pods', '-A'],
    ['create', 'jobs', '-n', 'default'],
    ['create', 'pods/exec', '-A'],
    ['create', 'codeexecutionrequests.sekisho.dev', '-A'],
    ['update', 'executionroles.sekisho.dev'],
    ['create', 'networkpolicies.networking.k8s.io', '-A'],
    ['create', 'serviceaccounts/token', '-A'],
    ['impersonate', 'users'],
    ['escalate', 'clusterroles.rbac.authorization.k8s.io'],
    ['bind', 'clusterroles.rbac.authorization.k8s.io'],
    ['*', '*'],
  ])('the API server answers no to %s %s %s %s', async (...action) => {
    expect(await can(account, ...action.filter((word) => word !== undefined))).toBe('no');
  });
});
