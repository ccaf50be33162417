import type { ExecutionRole, Plugin } from '../../api/parse.ts';
import type { PluginGrant } from '../../api/v1alpha1/code-execution-request.ts';
import type { Operation } from '../../api/v1alpha1/plugin.ts';

/** What says which operations a program may call. */
export interface GrantCase {
  /** spec.plugins of the request. */
  readonly wanted: readonly string[];
  /** Declared actions and those read out of the code. */
  readonly actions: readonly string[];
  readonly role: ExecutionRole;
  /** Those that exist, by name. */
  readonly plugins: ReadonlyMap<string, Plugin>;
}

export const revisionOf = ({ metadata }: Plugin): string => `${metadata.name}@${metadata.generation}`;

/** The operations of a plugin that a role lists and whose actions it allows, alone or with approval. */
function listedOperations({ spec }: ExecutionRole, plugin: Plugin): readonly Operation[] {
  const listed = new Set(spec.plugins?.find(({ name }) => name === plugin.metadata.name)?.operations);
  const allowed = new Set([...(spec.allowedActions ?? []), ...(spec.approvalActions ?? [])]);
  return plugin.spec.operations.filter(({ name, action }) => listed.has(name) && allowed.has(action));
}

/**
 * What a program may call: what the request names, the role lists, and the actions that were judged (and, where needed, approved)
 * cover. Never more than any of the three. Pure.
 */
export function grantsOf({ wanted, actions, role, plugins }: GrantCase): readonly PluginGrant[] {
  const judged = new Set(actions);
  return wanted.flatMap((name) => {
    const plugin = plugins.get(name);
    if (!plugin) return [];
    const operations = listedOperations(role, plugin)
      .filter(({ action }) => judged.has(action))
      .map((operation) => operation.name);
    return operations.length === 0
      ? []
      : [{ name, uid: plugin.metadata.uid, revision: revisionOf(plugin), operations }];
  });
}

/**
 * The operation that a grant leads to as things stand now; undefined where the plugin is another than the granted one, or the role has
 * been narrowed since. Listing and calling both ask here.
 */
export function grantedOperation(
  grants: readonly PluginGrant[],
  {
    plugin,
    role,
    operation,
  }: { readonly plugin: Plugin; readonly role: ExecutionRole; readonly operation: string },
): Operation | undefined {
  const grant = grants.find(({ name }) => name === plugin.metadata.name);
  if (!grant || grant.uid !== plugin.metadata.uid || grant.revision !== revisionOf(plugin)) return undefined;
  if (!grant.operations.includes(operation)) return undefined;
  return listedOperations(role, plugin).find(({ name }) => name === operation);
}
