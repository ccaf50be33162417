import type { ExecutionPolicy } from '../../api/parse.ts';
import type { PolicySpec } from '../../api/v1alpha1/execution-policy.ts';
import { gravity } from '../analysis/report.ts';
import type { AnalysisOptions } from '../analysis/engine.ts';
import type { Finding, Report } from '../analysis/report.ts';
import { selects } from '../label-selector.ts';
import type { Labels } from '../label-selector.ts';
import { riskOf } from '../analysis/risk.ts';
import { ruleOf } from '../analysis/rules/index.ts';
import { withoutExcepted } from './exceptions.ts';
import { profilePolicy, settingsOf } from './profiles.ts';
import type { Settings } from './profiles.ts';
import type { Objection } from './reasons.ts';

/** Judges every namespace for which no ExecutionPolicy was written. */
export const STANDARD_POLICY: ExecutionPolicy = profilePolicy('standard');

/** The policies that apply to a namespace, by name; the built-in standard where none was written. */
export function applicablePolicies(
  policies: readonly ExecutionPolicy[],
  namespaceLabels: Labels,
): readonly ExecutionPolicy[] {
  const matching = policies.filter((policy) => selects(policy.spec.namespaceSelector, namespaceLabels));
  if (matching.length === 0) return [STANDARD_POLICY];
  return matching.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** What the analysis must look for, on behalf of the policies that apply. */
export function analysisOptionsOf(policies: readonly ExecutionPolicy[]): AnalysisOptions {
  return {
    subjects: policies.some(({ spec }) => spec.rules?.some((rule) => rule.except)),
    actions: policies.flatMap(({ spec }) => spec.actions ?? []),
    customRules: policies.flatMap(({ metadata, spec }) =>
      (spec.customRules ?? []).map(({ message, messageJa = message, ...rule }) => ({
        ...rule,
        policy: metadata.name,
        message: { en: message, ja: messageJa },
      })),
    ),
  };
}

/** What one policy says of a report. */
export interface PolicyAnswer {
  readonly spec: PolicySpec;
  readonly findings: readonly Finding[];
  readonly riskScore: number;
  readonly denials: readonly Objection[];
  readonly approvals: readonly Objection[];
}

/**
 * The grade that a policy gives. It takes the place of the rule's usual one; where the rule saw something graver than usual (a pickle
 * that carries commands, a shell behind subprocess) that stands, so that grading a capability down opens no door.
 */
function gradeOf({ rule, severity }: Finding, wanted: Finding['severity'] | undefined): Finding['severity'] {
  if (wanted === undefined) return severity;
  const usual = ruleOf(rule)?.severity ?? severity;
  return gravity(severity) > gravity(usual) && gravity(severity) > gravity(wanted) ? severity : wanted;
}

function gradedFindings(report: Report, policy: ExecutionPolicy, { rules }: Settings): readonly Finding[] {
  const overrides = new Map(rules.map((rule) => [rule.id, rule]));
  const own = report.findings.filter(
    (one) => one.policy === undefined || one.policy === policy.metadata.name,
  );
  return [...Map.groupBy(own, ({ rule }) => rule)].flatMap(([id, findings]) => {
    const override = overrides.get(id);
    if (override?.enabled === false) return [];
    return withoutExcepted(findings, override?.except).map((finding) => ({
      ...finding,
      severity: gradeOf(finding, override?.severity),
    }));
  });
}

/** One policy's answer. What could not be parsed is denied whatever the policy says: nobody knows what it does. */
export function evaluate(report: Report, policy: ExecutionPolicy): PolicyAnswer {
  const { spec } = policy;
  const settings = settingsOf(spec);
  const { denySeverities, thresholds, rules } = settings;
  const findings = gradedFindings(report, policy, settings);
  // The findings that did not fit were the least grave ones by the rules' own grading; a policy that grades anew, or turns off what
  // took their place, can no longer tell.
  const unsure = report.truncatedFindings > 0 && (rules.length > 0 || (spec.customRules ?? []).length > 0);
  const riskScore = report.parsed && !unsure ? riskOf(findings) : 100;
  const denials: Objection[] = report.parsed ? [] : [{ reason: 'CodeNotParsed', params: [] }];
  const approvals: Objection[] = [];
  for (const finding of findings) {
    if (denySeverities.includes(finding.severity))
      denials.push({ reason: 'CodeRefused', params: [finding.rule, finding.line, finding.severity] });
  }
  const { approve } = thresholds;
  const deny = unsure ? Math.min(thresholds.deny, 100) : thresholds.deny;
  if (riskScore >= deny && denials.length === 0)
    denials.push({ reason: 'RiskTooHigh', params: [riskScore, deny] });
  else if (riskScore >= approve && riskScore < deny)
    approvals.push({ reason: 'RiskNeedsApproval', params: [riskScore, approve] });
  return { spec, findings, riskScore, denials, approvals };
}
