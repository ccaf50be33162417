import type { Node } from '@babel/types';
import { truthOf } from '../program/value.ts';
import type { ScriptReader } from './reader.ts';

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string';

/** The nodes directly below a node. */
export function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc' || key === 'extra' || key === 'errors' || key === 'comments' || key === 'tokens')
      continue;
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  }
  return children;
}

export function* descendants(root: Node, spend: () => void): Generator<Node> {
  const queue: Node[] = [root];
  for (let node = queue.pop(); node; node = queue.pop()) {
    spend();
    yield node;
    queue.push(...childrenOf(node));
  }
}

const CHANGING = new Set([
  'CallExpression',
  'OptionalCallExpression',
  'NewExpression',
  'MemberExpression',
  'OptionalMemberExpression',
  'AwaitExpression',
  'AssignmentExpression',
  'UpdateExpression',
  'YieldExpression',
]);

/** Whether a condition stays as it is: it calls nothing, reads no property, and its names are given a value only once. */
export function isSteady(reader: ScriptReader, test: Node): boolean {
  for (const node of descendants(test, () => reader.recorder.budget.spend())) {
    if (CHANGING.has(node.type)) return false;
    if (node.type === 'Identifier' && (reader.stores.get(node.name) ?? 0) > 1) return false;
  }
  return true;
}

/** How often each name is given a value; a pattern counts for all names in it. */
export function storesIn(root: Node, spend: () => void): ReadonlyMap<string, number> {
  const stores = new Map<string, number>();
  const count = (target: Node): void => {
    for (const node of target.type === 'Identifier' ? [target] : descendants(target, spend)) {
      if (node.type === 'Identifier') stores.set(node.name, (stores.get(node.name) ?? 0) + 1);
    }
  };
  for (const node of descendants(root, spend)) {
    if (node.type === 'AssignmentExpression') count(node.left);
    else if (node.type === 'UpdateExpression') count(node.argument);
    else if (node.type === 'VariableDeclarator' && node.init) count(node.id);
    else if (node.type === 'ForOfStatement' || node.type === 'ForInStatement') count(node.left);
  }
  return stores;
}

interface Place {
  readonly nested: boolean;
  readonly guarded: boolean;
}

const LOOPS = new Set([
  'WhileStatement',
  'DoWhileStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
]);
const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
  'ClassDeclaration',
  'ClassExpression',
]);
const ENDING = /^process\.(?:exit|abort|kill|reallyExit)$/;

/** Whether the body of a loop has a way out of it. */
export function leadsOut(
  reader: ScriptReader,
  node: Node,
  place: Place = { nested: false, guarded: false },
): boolean {
  reader.recorder.budget.spend();
  if (FUNCTIONS.has(node.type)) return false;
  switch (node.type) {
    case 'ReturnStatement':
    case 'AwaitExpression':
    case 'YieldExpression':
      return true;
    case 'BreakStatement':
      return !place.nested || node.label !== null;
    case 'ThrowStatement':
      return !place.guarded;
    case 'CallExpression':
      return callEnds(reader, node) || childrenLeadOut(reader, node, place);
    case 'IfStatement': {
      const test = node.test.type.endsWith('Literal') ? truthOf(reader.node(node.test)) : undefined;
      const [yes, no] = [
        test !== false && leadsOut(reader, node.consequent, place),
        test !== true && node.alternate ? leadsOut(reader, node.alternate, place) : false,
      ];
      return yes || no || leadsOut(reader, node.test, place);
    }
    case 'TryStatement':
      return (
        leadsOut(reader, node.block, { ...place, guarded: place.guarded || Boolean(node.handler) }) ||
        (node.handler ? leadsOut(reader, node.handler.body, place) : false) ||
        (node.finalizer ? leadsOut(reader, node.finalizer, place) : false)
      );
    default:
      return childrenLeadOut(reader, node, LOOPS.has(node.type) ? { ...place, nested: true } : place);
  }
}

const childrenLeadOut = (reader: ScriptReader, node: Node, place: Place): boolean =>
  childrenOf(node).some((child) => leadsOut(reader, child, place));

function callEnds(reader: ScriptReader, node: Extract<Node, { type: 'CallExpression' }>): boolean {
  if (node.callee.type !== 'Identifier' && node.callee.type !== 'MemberExpression') return false;
  const { callee } = node;
  const value = reader.recorder.quietly(() => reader.node(callee));
  if (value.kind === 'ref') return ENDING.test(value.name);
  const body = value.kind === 'closure' ? reader.functions.of(value)?.body : undefined;
  return (
    body !== undefined &&
    [...descendants(body, () => reader.recorder.budget.spend())].some(({ type }) => type === 'ThrowStatement')
  );
}
