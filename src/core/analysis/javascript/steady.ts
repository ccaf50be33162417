import type { Node } from '@babel/types';
import { truthOf } from '../program/value.ts';
import type { ScriptReader } from './reader.ts';

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string';

/** The nodes directly below a node. */
export function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (const key of Object.keys(node)) {
    if (key === 'loc' || key === 'extra' || key === 'errors' || key === 'comments' || key === 'tokens')
      continue;
    const value: unknown = Reflect.get(node, key);
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

/**
 * Whether the condition of a loop stays as it is: it calls nothing, reads no property, and its names are given no value in the loop, nor by a
 * function that may run meanwhile. What stands before or after the loop does not change it.
 */
export function isSteady(reader: ScriptReader, test: Node, loop: Node): boolean {
  const spend = (): void => reader.recorder.budget.spend();
  let inLoop: ReadonlyMap<string, number> | undefined;
  for (const node of descendants(test, spend)) {
    if (CHANGING.has(node.type)) return false;
    if (node.type !== 'Identifier') continue;
    const { all, inFunctions } = reader.stores;
    // The first value of a `for` is given once.
    inLoop ??= storesIn(loop.type === 'ForStatement' ? { ...loop, init: null } : loop, spend).all;
    if (inLoop.has(node.name) || ((all.get(node.name) ?? 0) > 1 && inFunctions.has(node.name))) return false;
  }
  return true;
}

/** How often each name is given a value, and which in functions. */
export interface Stores {
  readonly all: ReadonlyMap<string, number>;
  readonly inFunctions: ReadonlyMap<string, number>;
}

export const NO_STORES: Stores = { all: new Map(), inFunctions: new Map() };

/** What a node itself gives a value to: a name, or a pattern that counts for all names in it. */
function storedBy(node: Node): Node | undefined {
  switch (node.type) {
    case 'AssignmentExpression':
    case 'ForOfStatement':
    case 'ForInStatement':
      return node.left;
    case 'UpdateExpression':
      return node.argument;
    case 'VariableDeclarator':
      return node.init ? node.id : undefined;
    default:
      return undefined;
  }
}

export function storesIn(root: Node, spend: () => void): Stores {
  const all = new Map<string, number>();
  const inFunctions = new Map<string, number>();
  const count = (stores: Map<string, number>, target: Node): void => {
    for (const node of target.type === 'Identifier' ? [target] : descendants(target, spend))
      if (node.type === 'Identifier') stores.set(node.name, (stores.get(node.name) ?? 0) + 1);
  };
  const queue = [{ node: root, inFunction: false }];
  for (let next = queue.pop(); next; next = queue.pop()) {
    spend();
    const inFunction = next.inFunction || FUNCTIONS.has(next.node.type);
    const target = storedBy(next.node);
    if (target) count(all, target);
    if (target && inFunction) count(inFunctions, target);
    for (const node of childrenOf(next.node)) queue.push({ node, inFunction });
  }
  return { all, inFunctions };
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
