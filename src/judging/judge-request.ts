import type {
  CodeExecutionRequest,
  ExecutionPolicy,
  ExecutionRole,
  Plugin,
  SandboxClass,
} from '../api/parse.ts';
import type { Identity } from '../api/v1alpha1/identity.ts';
import type { AnalysisOptions } from '../core/analysis/engine.ts';
import type { Report } from '../core/analysis/report.ts';
import { judge } from '../core/verdict/judge.ts';
import type { Delegation, Judgement } from '../core/verdict/judge.ts';
import { pluginPatterns } from '../core/verdict/plugins.ts';
import type { PluginFacts } from '../core/verdict/plugins.ts';
import { analysisOptionsOf, applicablePolicies } from '../core/verdict/policy.ts';
import type { Labels } from '../core/label-selector.ts';

/** What the cluster says beside the request itself. A rejection means "could not tell". */
export interface ClusterFacts {
  /** Whether everything was read once. Before that nothing may be called missing. */
  readonly synced: () => boolean;
  /** Whether the cluster has not been heard for so long that the facts may be wrong. */
  readonly stale: () => boolean;
  readonly role: (name: string) => Promise<ExecutionRole | undefined>;
  readonly sandboxClass: (name: string) => Promise<SandboxClass | undefined>;
  readonly policies: () => readonly ExecutionPolicy[];
  /** Whether this installation has a plugin gateway. */
  readonly pluginsServed: boolean;
  readonly plugin: (name: string) => Promise<Plugin | undefined>;
  readonly namespaceLabels: (name: string) => Promise<Labels>;
}

/** What a program is judged with. */
export interface JudgePorts {
  readonly facts: ClusterFacts;
  /** Whether RBAC grants the requester "use" on the role. */
  readonly holdsRole: (requester: Identity, role: string) => Promise<boolean>;
  /** Whether RBAC grants the requester "act-for" on a user or group. */
  readonly mayActFor: (requester: Identity, kind: 'users' | 'groups', name: string) => Promise<boolean>;
  readonly analyse: (
    source: Pick<CodeExecutionRequest['spec'], 'language' | 'code'> & {
      readonly files?: readonly { readonly path: string; readonly content: string }[];
    },
    options: AnalysisOptions,
  ) => Promise<Report>;
}

/** Who may approve is asked apart: a verdict does not depend on it. */
export interface ApproverRights {
  /** Whether RBAC grants somebody "approve" on the role at this moment; never from a cache. */
  readonly mayApprove: (approver: Identity, role: string) => Promise<boolean>;
  /** Likewise "break-glass". */
  readonly mayBreakGlass: (person: Identity, role: string) => Promise<boolean>;
}

/** The group of everybody whom the API server has authenticated. */
const AUTHENTICATED = 'system:authenticated';

/** Asks RBAC about a requester who acts for a person, and about the person; undefined where nobody is acted for. */
async function delegationOf(
  { requester = {}, onBehalfOf, role }: CodeExecutionRequest['spec'],
  ports: Pick<JudgePorts, 'holdsRole' | 'mayActFor'>,
): Promise<Delegation | undefined> {
  if (!onBehalfOf) return undefined;
  const { username, groups = [] } = onBehalfOf;
  const subjects = [['users', username] as const, ...groups.map((group) => ['groups', group] as const)];
  const [holdsRole, ...granted] = await Promise.all([
    ports.holdsRole({ username, groups: [...new Set([...groups, AUTHENTICATED])] }, role),
    ...subjects.map(([kind, name]) => ports.mayActFor(requester, kind, name)),
  ]);
  const refused = subjects.filter((_, index) => !granted[index]).map(([kind, name]) => `${kind}/${name}`);
  return { refused, holdsRole };
}

/** The plugins that a request names, as far as there are any. */
async function pluginsOf(
  { plugins = [] }: CodeExecutionRequest['spec'],
  { pluginsServed: served, plugin }: ClusterFacts,
): Promise<PluginFacts> {
  const found = served ? await Promise.all(plugins.map(plugin)) : [];
  const known = found.filter((one) => one !== undefined);
  return { served, found: new Map(known.map((one) => [one.metadata.name, one])) };
}

/** Gathers all that a verdict depends on, at the same time, and asks the one function that decides. */
export async function judgeRequest(
  request: CodeExecutionRequest,
  namespace: string,
  ports: JudgePorts,
): Promise<Judgement> {
  const { spec } = request;
  const { facts } = ports;
  if (facts.stale()) throw new Error('the API server has not been heard for a minute');
  const rights = async () => {
    const role = await facts.role(spec.role);
    // Who holds a role that does not exist matters to nobody.
    const [holdsRole, delegation] = await Promise.all([
      role !== undefined && ports.holdsRole(spec.requester ?? {}, spec.role),
      role && delegationOf(spec, ports),
    ]);
    return { role, holdsRole, delegation };
  };
  const policies = applicablePolicies(facts.policies(), await facts.namespaceLabels(namespace));
  const plugins = await pluginsOf(spec, facts);
  const { language, code, files = [], actions: declared = [] } = spec;
  const wanted = analysisOptionsOf(policies);
  const actions = [...(wanted.actions ?? []), ...pluginPatterns(plugins.found.values())];
  const [report, { role, holdsRole, delegation }, sandboxClass] = await Promise.all([
    ports.analyse({ language, code, files }, { ...wanted, actions, declared }),
    rights(),
    facts.sandboxClass(spec.sandboxClassName),
  ]);
  return judge({ spec, report, role, holdsRole, delegation, sandboxClass, policies, plugins });
}
