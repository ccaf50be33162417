import type { CodeExecutionRequest, ExecutionPolicy, ExecutionRole, SandboxClass } from '../api/parse.ts';
import type { Identity } from '../api/v1alpha1/identity.ts';
import type { AnalysisOptions } from '../core/analysis/engine.ts';
import type { Report } from '../core/analysis/report.ts';
import { judge } from '../core/verdict/judge.ts';
import type { Judgement } from '../core/verdict/judge.ts';
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
  readonly namespaceLabels: (name: string) => Promise<Labels>;
}

/** What a program is judged with. */
export interface JudgePorts {
  readonly facts: ClusterFacts;
  /** Whether RBAC grants the requester "use" on the role. */
  readonly holdsRole: (requester: Identity, role: string) => Promise<boolean>;
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
    return {
      role,
      holdsRole: role !== undefined && (await ports.holdsRole(spec.requester ?? {}, spec.role)),
    };
  };
  const policies = applicablePolicies(facts.policies(), await facts.namespaceLabels(namespace));
  const { language, code, files = [], actions: declared = [] } = spec;
  const [report, { role, holdsRole }, sandboxClass] = await Promise.all([
    ports.analyse({ language, code, files }, { ...analysisOptionsOf(policies), declared }),
    rights(),
    facts.sandboxClass(spec.sandboxClassName),
  ]);
  return judge({ spec, report, role, holdsRole, sandboxClass, policies });
}
