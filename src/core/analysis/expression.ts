import { celEnv, parse, plan } from '@bufbuild/cel';
import type { CompileExpression, Facts } from './custom-rules.ts';

/** Each of these goes through a list; with so many, lists of 64 findings and the length of an expression, the work stays small. */
const MAXIMUM_MACROS = 3;
const MACRO = /\.\s*(?:all|exists|exists_one|filter|map)\s*\(/g;

const bindingsOf = ({ language, findings, actions, riskScore }: Facts) => ({
  language,
  findings: findings.map(({ rule, severity }) => ({ rule, severity })),
  actions: [...actions],
  riskScore: BigInt(riskScore),
});

/** https://cel.dev; the variables are those of Facts. */
export const compileExpression: CompileExpression = (text) => {
  if ((text.match(MACRO)?.length ?? 0) > MAXIMUM_MACROS)
    throw new Error(`it has more than ${MAXIMUM_MACROS} macros (all, exists, exists_one, filter, map)`);
  const evaluate = plan(celEnv(), parse(text));
  return (facts) => {
    const answer = evaluate(bindingsOf(facts));
    if (answer instanceof Error) throw answer;
    if (typeof answer !== 'boolean') throw new Error('it is neither true nor false');
    return answer;
  };
};
