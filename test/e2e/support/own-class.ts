import { kubectl, must, read } from './kubectl.ts';
import { clusterBinding, rightOn } from './role-rights.ts';
import type { Tenant, Written } from './tenant.ts';

/** A SandboxClass and an ExecutionRole that a tenant has for itself. */
export interface OwnClass {
  /** What a request writes to run in it. */
  readonly spec: Written;
  readonly end: () => Promise<void>;
}

/** Makes a class that is the default one but for some fields, with a role that the tenant may use. Both have the name of its namespace. */
export async function ownClass({ namespace, user }: Tenant, change: object): Promise<OwnClass> {
  const { spec } = await read<{ spec: object }>(['get', 'sandboxclass', 'default']);
  const name = namespace;
  const items = [
    {
      apiVersion: 'sekisho.dev/v1alpha1',
      kind: 'SandboxClass',
      metadata: { name },
      spec: { ...spec, ...change },
    },
    {
      apiVersion: 'sekisho.dev/v1alpha1',
      kind: 'ExecutionRole',
      metadata: { name },
      spec: { description: 'Of a test.', sandboxClassNames: [name] },
    },
    rightOn(name, 'use', `use-${name}`),
    clusterBinding(`use-${name}`, `use-${name}`, [user]),
  ];
  await must(['create', '-f', '-'], { apiVersion: 'v1', kind: 'List', items });
  return {
    spec: { role: name, sandboxClassName: name },
    async end() {
      await kubectl(['delete', 'sandboxclass,executionrole', name, '--ignore-not-found']);
      await kubectl(['delete', 'clusterrole,clusterrolebinding', `use-${name}`, '--ignore-not-found']);
    },
  };
}
