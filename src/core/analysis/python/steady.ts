import type { ExprNode } from 'py-ast';
import type { PythonReader } from './reader.ts';

/** The nodes below a node, in any order. */
function childrenOf(node: object): readonly object[] {
  const children: object[] = [];
  for (const value of Object.values(node) as readonly unknown[]) {
    if (Array.isArray(value)) for (const item of value) keep(children, item);
    else keep(children, value);
  }
  return children;
}

function keep(children: object[], value: unknown): void {
  if (typeof value === 'object' && value !== null) children.push(value);
}

export function* descendants(root: object, spend: () => void): Generator<object> {
  const queue: object[] = [root];
  for (let node = queue.pop(); node; node = queue.pop()) {
    spend();
    yield node;
    for (const child of childrenOf(node)) queue.push(child);
  }
}

const field = (node: object, name: string): unknown => Reflect.get(node, name);

const ASKING = new Set(['bool', 'len', 'int', 'str', 'abs', 'not', 'min', 'max', 'ord', 'chr']);

/** A call that gives the same whenever it is made: a built-in function that only asks, or a lambda on the spot. */
function asksConstant(reader: PythonReader, callee: unknown): boolean {
  if (typeof callee !== 'object' || callee === null) return false;
  if (field(callee, 'nodeType') === 'Lambda') return true;
  const name = field(callee, 'id');
  return typeof name === 'string' && ASKING.has(name) && reader.scope.lookup(name) === undefined;
}

/**
 * Whether the condition of a loop stays as it is: it calls nothing, reads no attribute, and its names are given no value in the loop, nor by a
 * function that may run meanwhile. What stands before or after the loop does not change it.
 */
export function isSteady(
  reader: PythonReader,
  loop: { readonly test: ExprNode; readonly body: readonly object[] },
): boolean {
  // How often names are given a value is known of this file only.
  if (reader.isElsewhere) return false;
  const spend = (): void => reader.recorder.budget.spend();
  let inLoop: ReadonlyMap<string, number> | undefined;
  for (const node of descendants(loop.test, spend)) {
    const type = field(node, 'nodeType');
    if (type === 'Call' && !asksConstant(reader, field(node, 'func'))) return false;
    if (type === 'Attribute' || type === 'Await' || type === 'Subscript') return false;
    const name = field(node, 'id');
    if (type !== 'Name' || typeof name !== 'string' || ASKING.has(name)) continue;
    // What a list holds may change without an assignment.
    const known = reader.scope.lookup(name)?.kind;
    if (known === 'sequence' || known === 'record') return false;
    const { all, inFunctions } = reader.stores;
    inLoop ??= storesIn(loop.body, spend).all;
    if (inLoop.has(name) || ((all.get(name) ?? 0) > 1 && inFunctions.has(name))) return false;
  }
  return true;
}

/** How often each name is given a value, and which in functions. */
export interface Stores {
  readonly all: ReadonlyMap<string, number>;
  readonly inFunctions: ReadonlyMap<string, number>;
}

const FUNCTIONS = new Set<unknown>(['FunctionDef', 'AsyncFunctionDef', 'Lambda']);
const isFunction = (node: object): boolean => FUNCTIONS.has(field(node, 'nodeType'));

function count(stores: Map<string, number>, name: unknown): void {
  if (typeof name === 'string') stores.set(name, (stores.get(name) ?? 0) + 1);
}

/** The names that a node itself gives a value; a change counts twice, since there must be a first value. */
function namesStored(node: object): readonly unknown[] {
  const type = field(node, 'nodeType');
  const context = field(node, 'ctx');
  if (type === 'Name')
    return typeof context === 'object' && context !== null && field(context, 'nodeType') !== 'Load'
      ? [field(node, 'id')]
      : [];
  if (type === 'Arg') return [field(node, 'arg')];
  if (type === 'AugAssign') {
    const name = field(Object(field(node, 'target')), 'id');
    return [name, name];
  }
  return type === 'Global' || type === 'Nonlocal' ? [field(node, 'names')].flat() : [];
}

export function storesIn(body: readonly object[], spend: () => void): Stores {
  const all = new Map<string, number>();
  const inFunctions = new Map<string, number>();
  const queue = [{ node: { body } as object, inFunction: false }];
  for (let next = queue.pop(); next; next = queue.pop()) {
    spend();
    const inFunction = next.inFunction || isFunction(next.node);
    for (const name of namesStored(next.node)) {
      count(all, name);
      if (inFunction) count(inFunctions, name);
    }
    for (const node of childrenOf(next.node)) queue.push({ node, inFunction });
  }
  return { all, inFunctions };
}
