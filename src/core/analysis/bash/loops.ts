import type {
  ArithmeticExpression,
  ArithmeticFor,
  CompoundList,
  Statement,
  SyntaxNode,
  TestExpression,
  While,
} from 'unbash';
import { forEachChild } from 'unbash';
import type { BashReader } from './reader.ts';

function lastCommand(list: CompoundList): Statement['command'] | undefined {
  return list.commands.at(-1)?.command;
}

const wordTruth = (words: readonly string[]): boolean | undefined => {
  const [first = '', operator, second] = words;
  if (words.length === 0) return false;
  if (words.length === 1) return first !== '';
  if (first === '!') return negated(wordTruth(words.slice(1)));
  if (words.length === 2)
    return first === '-n' ? operator !== '' : first === '-z' ? operator === '' : undefined;
  if (operator === '-eq' || operator === '=' || operator === '==') return first === second;
  if (operator === '-ne' || operator === '!=') return first !== second;
  const [a, b] = [Number(first), Number(second)];
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  return operator === '-lt'
    ? a < b
    : operator === '-gt'
      ? a > b
      : operator === '-le'
        ? a <= b
        : operator === '-ge'
          ? a >= b
          : undefined;
};

const negated = (value: boolean | undefined): boolean | undefined =>
  value === undefined ? undefined : !value;

const plain = (text: string): string | undefined =>
  /[$`*?]/.test(text) ? undefined : text.replace(/['"\\]/g, '');

function testTruth(test: TestExpression): boolean | undefined {
  switch (test.type) {
    case 'TestUnary':
      return plain(test.operand.text) === undefined
        ? undefined
        : wordTruth([test.operator, plain(test.operand.text) ?? '']);
    case 'TestBinary': {
      const [left, right] = [plain(test.left.text), plain(test.right.text)];
      return left === undefined || right === undefined ? undefined : wordTruth([left, test.operator, right]);
    }
    case 'TestNot':
      return test.negations.length % 2 === 1 ? negated(testTruth(test.operand)) : testTruth(test.operand);
    case 'TestGroup':
      return testTruth(test.expression);
    default:
      return undefined;
  }
}

function arithmeticTruth(expression: ArithmeticExpression | undefined): boolean | undefined {
  if (expression?.type === 'ArithmeticGroup') return arithmeticTruth(expression.expression);
  if (expression?.type === 'ArithmeticWord')
    return /^\d+$/.test(expression.value) ? Number(expression.value) !== 0 : undefined;
  if (expression?.type !== 'ArithmeticBinary') return undefined;
  const { left, right, operator } = expression;
  if (
    left.type !== 'ArithmeticWord' ||
    right.type !== 'ArithmeticWord' ||
    !/^\d+$/.test(left.value + right.value)
  )
    return undefined;
  const words = { '<': '-lt', '>': '-gt', '<=': '-le', '>=': '-ge', '==': '=', '!=': '!=' }[operator];
  return words === undefined ? undefined : wordTruth([left.value, words, right.value]);
}

/** Whether a command succeeds whatever happens. */
export function alwaysSucceeds(node: Statement['command'] | undefined): boolean | undefined {
  if (!node) return undefined;
  if (node.type === 'TestCommand') return testTruth(node.expression);
  if (node.type === 'ArithmeticCommand') return arithmeticTruth(node.expression);
  if (node.type === 'Pipeline') {
    const only = node.commands.length === 1 ? alwaysSucceeds(node.commands[0]) : undefined;
    return node.prefixes.filter(({ type }) => type === 'Negation').length % 2 === 1 ? negated(only) : only;
  }
  if (node.type !== 'Command') return undefined;
  const name = plain(node.name?.text ?? '');
  if (name === 'true' || name === ':') return true;
  if (name === 'false') return false;
  const words = node.args.map((word) => plain(word.text));
  if ((name !== '[' && name !== 'test') || words.some((word) => word === undefined)) return undefined;
  const given = words.filter((word) => word !== undefined);
  return wordTruth(name === '[' && given.at(-1) === ']' ? given.slice(0, -1) : given);
}

/** Whether a loop goes on for ever as far as its condition is concerned. */
export function isUnconditional(loop: While | ArithmeticFor): boolean {
  if (loop.type === 'ArithmeticFor') return loop.test === undefined || arithmeticTruth(loop.test) === true;
  const result = alwaysSucceeds(lastCommand(loop.clause));
  return loop.kind === 'until' ? result === false : result === true;
}

/** Commands that end the script or leave the loop. */
const LEAVING = new Set(['exit', 'return', 'exec', 'logout']);
const LOOPS = new Set(['While', 'For', 'ArithmeticFor', 'Select']);

/** Whether the body of a loop has a way out: a subshell, a pipe or another function cannot leave it. */
export function leadsOut(reader: BashReader, node: SyntaxNode, nested = 0): boolean {
  reader.recorder.budget.spend();
  if (node.type === 'Function' || node.type === 'Subshell' || node.type === 'Coproc') return false;
  if (node.type === 'Pipeline' && node.commands.length > 1) return false;
  if (node.type === 'Statement' && node.background === true) return false;
  if (node.type === 'If' && alwaysSucceeds(lastCommand(node.clause)) === false) {
    return [...node.elif, ...(node.else ? [node.else] : [])].some((branch) =>
      leadsOut(reader, branch, nested),
    );
  }
  if (node.type === 'Command') {
    const name = plain(node.name?.text ?? '') ?? '';
    if (name === 'break') return nested === 0 || Number(node.args[0]?.text ?? 1) > nested;
    return LEAVING.has(name) && !(name === 'exec' && node.args.length === 0)
      ? true
      : reader.functionEnds(name);
  }
  if (node.type === 'Word') return false;
  let found = false;
  const inside = LOOPS.has(node.type) ? nested + 1 : nested;
  forEachChild(node, (child) => {
    found ||= leadsOut(reader, child, inside);
  });
  return found;
}
