const GROUP = 'rbac.authorization.k8s.io';

/** A ClusterRole that gives one right, such as `use`, on one ExecutionRole. */
export const rightOn = (role: string, verb: string, name: string) => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'ClusterRole',
  metadata: { name },
  rules: [
    { apiGroups: ['sekisho.dev'], resources: ['executionroles'], resourceNames: [role], verbs: [verb] },
  ],
});

/** Gives users a ClusterRole in the whole cluster. */
export const clusterBinding = (name: string, clusterRole: string, users: readonly string[]) => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: clusterRole },
  subjects: users.map((user) => ({ apiGroup: GROUP, kind: 'User', name: user })),
});
