import type { Verdict } from '../../api/v1alpha1/code-execution-request.ts';
import type { Locale } from '../../api/v1alpha1/names.ts';
import { uniqueSentences } from '../../core/verdict/judge.ts';
import type { Finding } from '../../core/analysis/report.ts';
import type { Failure, Judged } from '../input.ts';

export type Decision = Verdict['decision'];

/** A finding as machines read it. */
export function findingRecord(finding: Finding, locale: Locale): object {
  const { rule, severity, file, line, column, endLine, endColumn, message } = finding;
  return {
    rule,
    severity,
    ...(file === undefined ? {} : { file }),
    ...{ line, column, endLine, endColumn },
    message: message[locale],
  };
}

/** The little that a stream of many programs tells of each. */
export function shortRecord({ program, weighed }: Judged): object {
  const { name, spec } = program;
  return {
    ...name,
    language: spec.language,
    decision: weighed.decision,
    riskScore: weighed.riskScore,
    findings: weighed.findings.map((finding) => findingRecord(finding, spec.locale)),
  };
}

/** All that is known of a program. */
export function fullRecord(judged: Judged): object {
  const { program, weighed, truncatedFindings } = judged;
  const { locale } = program.spec;
  const { denials, approvals, findings, riskReasons, actions } = weighed;
  return {
    ...shortRecord(judged),
    findings: findings.map((finding) => ({
      ...findingRecord(finding, locale),
      ...(finding.remedy ? { remedy: finding.remedy[locale] } : {}),
    })),
    ...(truncatedFindings > 0 ? { truncatedFindings } : {}),
    riskReasons,
    actions,
    reasons: uniqueSentences([...denials, ...approvals], locale),
    warnings: uniqueSentences(weighed.warned, locale).map(({ message }) => message),
    policyRevision: weighed.policyRevision,
  };
}

export const failureRecord = ({ name, line, message }: Failure): object => ({
  ...name,
  ...(line === undefined ? {} : { line }),
  error: message,
});
