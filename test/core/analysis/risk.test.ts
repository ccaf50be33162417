import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Severity } from '../../../src/core/analysis/report.ts';
import { SEVERITIES } from '../../../src/core/analysis/report.ts';
import { riskOf, riskReasonsOf } from '../../../src/core/analysis/risk.ts';

const graded = (...severities: readonly Severity[]) =>
  severities.map((severity, index) => ({ rule: `ANY-${index}`, severity }));
const finding = fc.record({
  rule: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
  severity: fc.constantFrom(...SEVERITIES),
});
const findings = fc.array(finding, { maxLength: 30 });

describe('the risk score', () => {
  it.each([
    [[], 0, 0],
    [['Low'], 1, 39],
    [['Medium'], 15, 39],
    [['Medium', 'Medium'], 40, 69],
    [['High'], 70, 100],
    [['Critical'], 70, 100],
  ] as const)('of %j lies where the thresholds of policies expect it', (severities, least, most) => {
    const score = riskOf(graded(...severities));
    expect(score).toBeGreaterThanOrEqual(least);
    expect(score).toBeLessThanOrEqual(most);
  });

  it('is an integer from 0 to 100 that no further finding lowers', () => {
    fc.assert(
      fc.property(findings, finding, (some, further) => {
        const score = riskOf(some);
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
        expect(riskOf([...some, further])).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  it('is not lowered by a graver finding in place of a lesser one', () => {
    fc.assert(
      fc.property(findings, finding, fc.constantFrom(...SEVERITIES), (some, one, severity) => {
        const graver =
          SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(one.severity) ? severity : one.severity;
        expect(riskOf([...some, { ...one, severity: graver }])).toBeGreaterThanOrEqual(
          riskOf([...some, one]),
        );
      }),
    );
  });

  it('is explained: the points of the rules add up to it', () => {
    fc.assert(
      fc.property(findings, (some) => {
        const points = riskReasonsOf(some).reduce((sum, reason) => sum + reason.points, 0);
        expect(Math.min(100, points)).toBe(riskOf(some));
      }),
    );
  });
});
