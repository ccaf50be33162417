import { RE2JS } from 're2js';
import { parsePolicy } from '../api/parse.ts';
import type { FieldError } from '../api/parse.ts';
import type { PolicyRule, PolicySpec } from '../api/v1alpha1/execution-policy.ts';
import { rules } from '../core/analysis/rules/index.ts';

const because = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function unknownRules({ rules: overrides = [], customRules = [] }: PolicySpec): readonly FieldError[] {
  const known = new Set([...rules, ...customRules].map(({ id }) => id));
  return overrides.flatMap(({ id }, index) =>
    known.has(id)
      ? []
      : [
          {
            path: `spec.rules[${index}].id`,
            message: `spec.rules[${index}].id is "${id}", which is no rule of this version. docs/rules.md lists them; correct the id.`,
          },
        ],
  );
}

function patternErrors({ argument }: PolicyRule, path: string): readonly FieldError[] {
  if (argument === undefined) return [];
  try {
    RE2JS.compile(argument);
    return [];
  } catch (error) {
    const message = `${path}.argument is no regular expression in the syntax of RE2: ${because(error)}. Look-around and back-references are not part of it.`;
    return [{ path: `${path}.argument`, message }];
  }
}

/** Compiles, and answers once about a program without findings, so that a wrong name or type is seen too. */
async function expressionErrors({ expression }: PolicyRule, path: string): Promise<readonly FieldError[]> {
  if (expression === undefined) return [];
  // Loaded for the few policies that have expressions: CEL takes 30 MB.
  const { compileExpression } = await import('../core/analysis/expression.ts');
  try {
    compileExpression(expression)({ language: 'Python', findings: [], actions: [], riskScore: 0 });
    return [];
  } catch (error) {
    const message = `${path}.expression is no CEL expression that is true or false over language, findings, actions and riskScore: ${because(error)}.`;
    return [{ path: `${path}.expression`, message }];
  }
}

function formErrors(rule: PolicyRule, path: string): readonly FieldError[] {
  const byCall = rule.call !== undefined || rule.argument !== undefined;
  if (byCall !== (rule.expression !== undefined)) return [];
  return [{ path, message: `${path} must have either expression, or call, argument or both. Correct it.` }];
}

/** An ExecutionPolicy of unknown making → every reason why it cannot be applied; none when it can. */
export async function checkPolicy(object: unknown): Promise<readonly FieldError[]> {
  const parsed = parsePolicy(object);
  if (!parsed.ok)
    return parsed.errors.map(({ path, message }) => ({ path, message: `${path}: ${message}.` }));
  const { spec } = parsed.value;
  const errors = await Promise.all(
    (spec.customRules ?? []).map(async (rule, index) => {
      const path = `spec.customRules[${index}]`;
      return [
        ...formErrors(rule, path),
        ...patternErrors(rule, path),
        ...(await expressionErrors(rule, path)),
      ];
    }),
  );
  return [...unknownRules(spec), ...errors.flat()];
}
