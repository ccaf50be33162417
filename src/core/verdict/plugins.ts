import type { ExecutionRole, Plugin } from '../../api/parse.ts';
import type { PluginGrant, RequestSpec } from '../../api/v1alpha1/code-execution-request.ts';
import type { ActionPattern } from '../analysis/actions.ts';
import { PLUGIN_MODULE } from '../analysis/actions.ts';
import { grantsOf } from '../plugins/grants.ts';
import type { Objection } from './reasons.ts';

/** What is known of the plugins that a request names. */
export interface PluginFacts {
  /** Whether this installation has a gateway. */
  readonly served: boolean;
  /** Those that exist, by name. */
  readonly found: ReadonlyMap<string, Plugin>;
}

export const NO_PLUGINS: PluginFacts = { served: false, found: new Map() };

interface Asking {
  readonly spec: RequestSpec;
  readonly role: ExecutionRole | undefined;
  readonly plugins: PluginFacts;
}

/** Calling an operation through the client module means its action. */
export const pluginPatterns = (plugins: Iterable<Plugin>): readonly ActionPattern[] =>
  [...plugins].flatMap(({ metadata, spec }) =>
    spec.operations.map(({ name, action }) => ({
      call: `${PLUGIN_MODULE}.${metadata.name}.${name}`,
      action,
    })),
  );

/** Plugins that a role does not list. */
export const unlistedPlugins = (
  { plugins = [], role: name }: RequestSpec,
  role: ExecutionRole | undefined,
): readonly Objection[] => {
  const listed = new Set((role?.spec.plugins ?? []).map((plugin) => plugin.name));
  return plugins
    .filter((plugin) => role !== undefined && !listed.has(plugin))
    .map((plugin) => ({ reason: 'PluginNotAllowed', params: [plugin, name] }));
};

/** What of the plugins a program may call; nothing without a role or a gateway. */
export function pluginGrants(
  { spec, role, plugins }: Asking,
  actions: readonly string[],
): readonly PluginGrant[] {
  if (!role || !plugins.served) return [];
  return grantsOf({ wanted: spec.plugins ?? [], actions, role, plugins: plugins.found });
}

/** Why a plugin that a request names cannot be called at all. */
export function pluginDenials(asking: Asking, grants: readonly PluginGrant[]): readonly Objection[] {
  const { spec, role, plugins } = asking;
  const wanted = spec.plugins ?? [];
  if (!plugins.served) return wanted.map((plugin) => ({ reason: 'PluginsNotServed', params: [plugin] }));
  const unlisted = unlistedPlugins(spec, role);
  const refused = new Set(unlisted.map(({ params }) => params[0]));
  const granted = new Set(grants.map(({ name }) => name));
  return [
    ...unlisted,
    ...wanted
      .filter((plugin) => !refused.has(plugin))
      .flatMap((plugin): readonly Objection[] => {
        if (!plugins.found.has(plugin)) return [{ reason: 'PluginNotFound', params: [plugin] }];
        if (granted.has(plugin) || !role) return [];
        return [{ reason: 'PluginUnused', params: [plugin, spec.role] }];
      }),
  ];
}

/** Granted operations whose risk alone asks for a person, whatever the role says of their action. */
export const pluginApprovals = (
  { plugins }: Pick<Asking, 'plugins'>,
  grants: readonly PluginGrant[],
): readonly Objection[] =>
  grants.flatMap(({ name, operations }) =>
    (plugins.found.get(name)?.spec.operations ?? [])
      .filter((operation) => operation.risk === 'High' && operations.includes(operation.name))
      .map((operation): Objection => ({
        reason: 'PluginNeedsApproval',
        params: [`${name}.${operation.name}`, operation.risk],
      })),
  );
