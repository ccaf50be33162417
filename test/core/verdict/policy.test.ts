import { describe, expect, test } from '@jest/globals';
import { selects } from '../../../src/core/label-selector.ts';
import { applicablePolicies, evaluate, STANDARD_POLICY } from '../../../src/core/verdict/policy.ts';
import type { Finding } from '../../../src/core/analysis/report.ts';
import { aFinding, aPolicy, aReport } from '../../support/build.ts';

const labels = { team: 'a', tier: 'prod' };
const expression = (
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist',
  key: string,
  values?: string[],
) => ({
  matchExpressions: [{ key, operator, ...(values ? { values } : {}) }],
});

describe('a label selector', () => {
  test.each([
    ['nothing at all', undefined, true],
    ['an empty selector', {}, true],
    ['an equal label', { matchLabels: { team: 'a' } }, true],
    ['two labels of which one differs', { matchLabels: { team: 'a', tier: 'test' } }, false],
    ['a label that is not there', { matchLabels: { other: '' } }, false],
    ['In with the value', expression('In', 'team', ['b', 'a']), true],
    ['In without the value', expression('In', 'team', ['b']), false],
    ['In on a missing label', expression('In', 'other', ['a']), false],
    ['In without values', expression('In', 'team'), false],
    ['NotIn with the value', expression('NotIn', 'team', ['a']), false],
    ['NotIn without the value', expression('NotIn', 'team', ['b']), true],
    ['NotIn on a missing label', expression('NotIn', 'other', ['a']), true],
    ['Exists on a label', expression('Exists', 'team'), true],
    ['Exists on a missing label', expression('Exists', 'other'), false],
    ['DoesNotExist on a label', expression('DoesNotExist', 'team'), false],
    ['DoesNotExist on a missing label', expression('DoesNotExist', 'other'), true],
    [
      'labels that hold and an expression that does not',
      { matchLabels: { team: 'a' }, ...expression('Exists', 'other') },
      false,
    ],
  ] as const)('with %s answers as Kubernetes does', (_title, selector, answer) => {
    expect(selects(selector, labels)).toBe(answer);
  });
});

describe('policies', () => {
  test('are the standard one where none applies', () => {
    const elsewhere = aPolicy({ namespaceSelector: { matchLabels: { team: 'b' } } });
    expect(applicablePolicies([elsewhere], labels)).toEqual([STANDARD_POLICY]);
  });

  test('that apply take the place of the standard one, by name', () => {
    const [b, a] = [aPolicy({}, { name: 'b' }), aPolicy({}, { name: 'a' })];
    expect(applicablePolicies([b, a], labels)).toEqual([a, b]);
  });

  test('turn rules off and grade them anew', () => {
    const report = aReport({ findings: [aFinding(), aFinding({ rule: 'PY-NET', severity: 'Medium' })] });
    const rules = [
      { id: 'PY-FORK', enabled: false },
      { id: 'PY-NET', severity: 'High' },
    ];
    expect(evaluate(report, aPolicy({ rules }))).toMatchObject({
      findings: [{ rule: 'PY-NET', severity: 'High' }],
      riskScore: 70,
      denials: [{ reason: 'CodeRefused', params: ['PY-NET', 3, 'High'] }],
      approvals: [],
    });
  });

  test.each([
    [39, 'passes', [], []],
    [40, 'needs approval', [], ['RiskNeedsApproval']],
    [69, 'needs approval', [], ['RiskNeedsApproval']],
    [70, 'is denied', ['RiskTooHigh'], []],
  ])('at the standard thresholds a score of %i %s', (score, _what, denials, approvals) => {
    // Two rules and n further places: 20 + up to 4 each; the rest in rules of 3 points.
    const findings = {
      39: ['Medium', 'Low', 'Low', 'Low', 'Low', 'Low', 'Low+1'],
      40: ['Medium', 'Medium'],
      69: ['Medium', 'Medium', 'Medium', 'Low', 'Low', 'Low'],
      70: ['Medium', 'Medium', 'Medium', 'Low', 'Low', 'Low', 'again'],
    }[score] as string[];
    const made = findings.flatMap((word, index) => {
      if (word === 'again') return [aFinding({ rule: 'R-0', severity: 'Medium', line: 9 })];
      const severity = word.startsWith('Low') ? 'Low' : 'Medium';
      const one = aFinding({ rule: `R-${index}`, severity });
      return word.endsWith('+1') ? [one, { ...one, line: 8 }] : [one];
    });
    const answer = evaluate(aReport({ findings: made }), STANDARD_POLICY);
    expect(answer.riskScore).toBe(score);
    expect(answer.denials.map(({ reason }) => reason)).toEqual(denials);
    expect(answer.approvals.map(({ reason }) => reason)).toEqual(approvals);
  });
});

describe('a profile', () => {
  const decisionOf = (profile: string, findings: readonly Finding[], spec: object = {}) => {
    const { denials, approvals } = evaluate(aReport({ findings }), aPolicy({ profile, ...spec }));
    return denials.length > 0 ? 'Deny' : approvals.length > 0 ? 'RequireApproval' : 'Allow';
  };
  const medium = (...rules: string[]) => rules.map((rule) => aFinding({ rule, severity: 'Medium' }));

  test.each([
    ['strict', ['RequireApproval', 'RequireApproval', 'Deny']],
    ['standard', ['Allow', 'RequireApproval', 'RequireApproval']],
    ['data-science', ['Allow', 'RequireApproval', 'RequireApproval']],
  ])('%s judges one, two and three capabilities', (profile, expected) => {
    const capabilities = ['PY-NET', 'PY-EXEC-SUBPROCESS', 'ANY-ENV-SECRET'];
    expect([1, 2, 3].map((count) => decisionOf(profile, medium(...capabilities.slice(0, count))))).toEqual(
      expected,
    );
  });

  test('data-science lets models be loaded, but not a pickle that carries commands', () => {
    expect(decisionOf('data-science', medium('PY-DESER', 'PY-LIMITS', 'PY-NET'))).toBe('Allow');
    expect(decisionOf('data-science', [aFinding({ rule: 'PY-DESER', severity: 'High' })])).toBe('Deny');
  });

  test('counts only where the policy says nothing itself', () => {
    const findings = medium('PY-NET', 'PY-DESER');
    expect(decisionOf('data-science', findings, { rules: [{ id: 'PY-DESER', severity: 'High' }] })).toBe(
      'Deny',
    );
    expect(decisionOf('strict', findings, { thresholds: { approve: 101 } })).toBe('Allow');
    expect(decisionOf('strict', findings, { denySeverities: ['Medium'] })).toBe('Deny');
  });
});
