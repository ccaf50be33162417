import { describe, expect, test } from '@jest/globals';
import type { CustomRule } from '../../../src/core/analysis/custom-rules.ts';
import { analyse } from '../../../src/core/analysis/engine.ts';
import { compileExpression } from '../../../src/core/analysis/expression.ts';
import type { LanguageName } from '../../../src/core/analysis/report.ts';

const aRule = (given: Partial<CustomRule>): CustomRule => ({
  policy: 'billing',
  id: 'CUSTOM-A',
  severity: 'High',
  message: { en: 'Not here.', ja: 'ここでは使えません。' },
  ...given,
});

function found(rule: Partial<CustomRule>, code: string, language: LanguageName = 'Python') {
  const { findings } = analyse({ language, code }, { customRules: [aRule(rule)] }, compileExpression);
  return findings.filter(({ policy }) => policy === 'billing');
}
const linesOf = (...given: Parameters<typeof found>) => found(...given).map(({ line }) => line);

describe('a rule by call name', () => {
  test('finds the call, an alias and a reference, wherever they come from', () => {
    const code =
      'import billing as b\nfrom billing import charge as c\nb.charge(1)\nc(2)\nprint(max)\nrun = c';
    expect(linesOf({ call: 'billing.charge' }, code)).toEqual([2, 3, 4, 6]);
  });

  test('finds all below a name, and nothing beside it', () => {
    const code =
      'import billing, billings\nbilling.a.b()\nbillings.a()\nprint("billing.charge(1)")  # billing.charge(1)';
    expect(linesOf({ call: 'billing.*' }, code)).toEqual([2]);
  });

  test('finds a command, also one that Python starts', () => {
    expect(linesOf({ call: 'terraform' }, 'cd infra\nterraform apply\necho terraform', 'Bash')).toEqual([2]);
    expect(
      linesOf({ call: 'terraform' }, 'import subprocess\nsubprocess.run(["terraform", "apply"])'),
    ).toEqual([2]);
  });

  test('tells in which policy it is, and what it says', () => {
    expect(found({ call: 'billing.charge' }, 'import billing\nbilling.charge(1)')).toMatchObject([
      {
        rule: 'CUSTOM-A',
        severity: 'High',
        policy: 'billing',
        message: { en: 'Not here.', ja: 'ここでは使えません。' },
      },
    ]);
  });

  test('counts only for its languages', () => {
    expect(found({ call: 'terraform', languages: ['Python'] }, 'terraform apply', 'Bash')).toEqual([]);
    expect(found({ call: 'terraform', languages: ['Bash'] }, 'terraform apply', 'Bash')).toHaveLength(1);
  });
});

describe('a rule by argument', () => {
  test('finds constants that were put together, in any call', () => {
    const code = 'host = "db." + "internal"\nconnect(host)\nprint("db.internal")\nconnect("other")';
    expect(linesOf({ argument: 'db\\.internal$' }, code)).toEqual([2]);
  });

  test('holds to the call where one is named', () => {
    const code = 'import billing\nbilling.charge("EUR")\nbilling.refund("EUR")';
    expect(linesOf({ call: 'billing.refund', argument: '^EUR$' }, code)).toEqual([3]);
  });

  test('takes linear time, whatever the pattern', () => {
    const code = `connect("${'a'.repeat(50_000)}!")`;
    expect(linesOf({ argument: '^(a+)+$' }, code)).toEqual([]);
  });

  test('that does not compile counts as broken', () => {
    const [finding] = found({ argument: '(?=look)' }, 'print(1)');
    expect(finding?.message.en).toMatch(/^Not here\. \(This rule could not be applied: .*\)$/);
  });
});

describe('a rule by expression', () => {
  const code = 'import requests, os\nrequests.get("https://a.example")\nbooking.send_email(1)';

  test.each([
    ['language == "Python"', true],
    ['language == "Bash"', false],
    ['findings.exists(f, f.rule == "PY-NET" && f.severity == "Medium")', true],
    ['findings.all(f, f.rule == "PY-FORK")', false],
    ['"send_email" in actions && riskScore >= 20', true],
    ['riskScore > 90', false],
  ])('%s holds: %s', (expression, holds) => {
    expect(found({ expression }, code)).toHaveLength(holds ? 1 : 0);
  });

  test.each([
    ['does not parse', 'findings.exists('],
    ['names what is not there', 'requester == "alice"'],
    ['is no question', 'riskScore'],
    ['compares what cannot be compared', 'riskScore > "a"'],
    ['goes through too many lists', '[1].all(a, [1].all(b, [1].all(c, [1].all(d, true))))'],
  ])('that %s counts as broken, and says so', (_what, expression) => {
    expect(found({ expression }, 'print(1)')[0]?.message.en).toMatch(/could not be applied: /);
  });

  test('counts as broken where nothing can compile it', () => {
    const { findings } = analyse(
      { language: 'Python', code: '' },
      { customRules: [aRule({ expression: 'true' })] },
    );
    expect(findings).toMatchObject([{ rule: 'CUSTOM-A', policy: 'billing' }]);
  });
});

test('what policies find is no part of the risk that the rules of Sekisho give', () => {
  const source = { language: 'Python', code: 'print(1)' } as const;
  expect(analyse(source, { customRules: [aRule({ call: 'print' })] })).toMatchObject({
    riskScore: 0,
    riskReasons: [],
  });
});
