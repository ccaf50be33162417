import { parse } from '@babel/parser';

/** One small change of a source file. */
export interface Mutant {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly loc: { readonly start: { readonly line: number } };
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string';

/** Operators and what stands in for each: turned round, or with its boundary moved. */
const OPERATORS: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '/',
  '&&': '||',
  '||': '&&',
  '??': '&&',
};

type Change = (node: Node, text: string) => string | undefined;

function otherOperator(node: Node, text: string): string | undefined {
  const { left, right, operator } = node;
  const other = OPERATORS[String(operator)];
  if (other === undefined || !isNode(left) || !isNode(right)) return undefined;
  // Mixed ?? and && must not stand side by side without brackets.
  return `((${text.slice(left.start, left.end)}) ${other} (${text.slice(right.start, right.end)}))`;
}

function negatedTest(node: Node, text: string): string | undefined {
  const { test } = node;
  if (!isNode(test)) return undefined;
  const whole = text.slice(node.start, node.end);
  const [from, to] = [test.start - node.start, test.end - node.start];
  return `${whole.slice(0, from)}!(${whole.slice(from, to)})${whole.slice(to)}`;
}

const CHANGES: Readonly<Record<string, Change>> = {
  BinaryExpression: otherOperator,
  LogicalExpression: otherOperator,
  BooleanLiteral: ({ value }) => String(value !== true),
  NumericLiteral: ({ value }) => String(Number(value) + 1),
  IfStatement: negatedTest,
  ConditionalExpression: negatedTest,
  UnaryExpression: ({ operator, argument }, text) =>
    operator === '!' && isNode(argument) ? `(${text.slice(argument.start, argument.end)})` : undefined,
  ExpressionStatement: ({ expression }) =>
    isNode(expression) && expression.type === 'CallExpression' ? ';' : undefined,
};

/** Types are no part of what runs; what TypeScript wraps around an expression is. */
const HOLDS_CODE = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression']);

function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesIn(item);
  else if (isNode(value) && (!value.type.startsWith('TS') || HOLDS_CODE.has(value.type))) {
    yield value;
    for (const [key, field] of Object.entries(value)) if (key !== 'loc') yield* nodesIn(field);
  }
}

/** Every small change that a file can take. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const { program } = parse(text, { sourceType: 'module', plugins: ['typescript'] });
  return [...nodesIn(program.body)].flatMap((node) => {
    const after = CHANGES[node.type]?.(node, text);
    if (after === undefined) return [];
    const { start, end, loc } = node;
    return [{ file, line: loc.start.line, start, end, before: text.slice(start, end), after }];
  });
}
