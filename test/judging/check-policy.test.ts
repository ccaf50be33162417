import { describe, expect, test } from '@jest/globals';
import { checkPolicy } from '../../src/judging/check-policy.ts';

const aRule = (given: object) => ({ id: 'CUSTOM-A', severity: 'High', message: 'No.', ...given });
const errorsOf = async (spec: object) =>
  (await checkPolicy({ metadata: { name: 'a' }, spec })).map(({ path, message }) => `${path} | ${message}`);

describe('a policy', () => {
  test('that can be applied is not objected to', async () => {
    const spec = {
      profile: 'strict',
      rules: [
        { id: 'PY-NET', except: { hosts: ['*.example.com'] } },
        { id: 'CUSTOM-A', enabled: false },
      ],
      customRules: [
        aRule({ call: 'billing.*' }),
        aRule({ id: 'CUSTOM-B', argument: 'db[0-9]+\\.internal' }),
        aRule({ id: 'CUSTOM-C', expression: 'findings.exists(f, f.rule == "PY-NET") && riskScore > 20' }),
      ],
      actions: [{ call: 'billing.charge', action: 'charge_card' }],
    };
    expect(await errorsOf(spec)).toEqual([]);
  });

  test.each([
    [
      'grades a rule that does not exist',
      { rules: [{ id: 'PY-NETT' }] },
      'spec.rules[0].id | spec.rules[0].id is "PY-NETT", which is no rule',
    ],
    [
      'has a pattern with look-ahead',
      { customRules: [aRule({ argument: '(?=a)' })] },
      'spec.customRules[0].argument | spec.customRules[0].argument is no regular expression in the syntax of RE2: ',
    ],
    [
      'has an expression that does not parse',
      { customRules: [aRule({ call: 'a' }), aRule({ id: 'CUSTOM-B', expression: 'findings.exists(' })] },
      'spec.customRules[1].expression | spec.customRules[1].expression is no CEL expression',
    ],
    [
      'has an expression over what is not there',
      { customRules: [aRule({ expression: 'requester == "alice"' })] },
      'spec.customRules[0].expression | ',
    ],
    [
      'has an expression that is a number',
      { customRules: [aRule({ expression: 'riskScore' })] },
      'neither true nor false',
    ],
    [
      'has a rule that says nothing',
      { customRules: [aRule({})] },
      'spec.customRules[0] | spec.customRules[0] must have either expression, or call, argument or both',
    ],
    [
      'has a rule that says it in two ways',
      { customRules: [aRule({ call: 'a', expression: 'true' })] },
      'must have either expression, or call',
    ],
    ['has another form', { mode: 'Sometimes' }, 'spec.mode | '],
  ])('that %s is refused by field', async (_what, spec, expected) => {
    const errors = await errorsOf(spec);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(expected);
  });
});
