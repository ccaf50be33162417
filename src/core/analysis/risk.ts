import type { Finding, RiskReason, Severity } from './report.ts';
import { gravity } from './report.ts';

/**
 * The risk score.
 *
 * Each rule that was broken gives points once, by its gravest finding: Low 3, Medium 20, High 70, Critical 90. A rule that
 * was broken at more places gives 1 more point for each further place, at most 4. The score is the sum, at most 100.
 * So one High or Critical finding reaches the threshold of denial (70), one Medium capability (20 to 24) passes, two different
 * ones (40 and more) need approval, four are denied, and Low findings alone never reach 40 until there are ten kinds of them.
 * A further finding can only add points or raise the gravest severity of its rule: the score never falls.
 */
const POINTS: Readonly<Record<Severity, number>> = { Low: 3, Medium: 20, High: 70, Critical: 90 };
const MAXIMUM_EXTRA_PLACES = 4;
const MAXIMUM_SCORE = 100;

type Graded = Pick<Finding, 'rule' | 'severity'>;

/** The points of each rule, most first. */
export function riskReasonsOf(findings: readonly Graded[]): readonly RiskReason[] {
  const byRule = new Map<string, { gravest: Severity; places: number }>();
  for (const { rule, severity } of findings) {
    const known = byRule.get(rule);
    const gravest = known && gravity(known.gravest) > gravity(severity) ? known.gravest : severity;
    byRule.set(rule, { gravest, places: (known?.places ?? 0) + 1 });
  }
  return [...byRule]
    .map(([rule, { gravest, places }]) => ({
      rule,
      points: POINTS[gravest] + Math.min(places - 1, MAXIMUM_EXTRA_PLACES),
    }))
    .sort((a, b) => b.points - a.points || (a.rule < b.rule ? -1 : 1));
}

/** The score that these reasons amount to. */
export const scoreOf = (reasons: readonly RiskReason[]): number =>
  Math.min(
    MAXIMUM_SCORE,
    reasons.reduce((sum, { points }) => sum + points, 0),
  );

/** The score that these findings amount to. */
export const riskOf = (findings: readonly Graded[]): number => scoreOf(riskReasonsOf(findings));
