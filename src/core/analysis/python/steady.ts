import type { ExprNode } from 'py-ast';
import type { PythonReader } from './reader.ts';

/** The nodes below a node, in any order. */
function childrenOf(node: object): readonly object[] {
  return Object.values(node).flatMap((value: unknown) =>
    Array.isArray(value)
      ? value.filter((item): item is object => typeof item === 'object' && item !== null)
      : typeof value === 'object' && value !== null
        ? [value]
        : [],
  );
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
 * Whether the condition stays as it is: it calls nothing, reads no attribute, and its names are given a value only once in the program.
 */
export function isSteady(reader: PythonReader, test: ExprNode): boolean {
  // How often names are given a value is known of this file only.
  if (reader.isElsewhere) return false;
  const spend = (): void => reader.recorder.budget.spend();
  for (const node of descendants(test, spend)) {
    const type = field(node, 'nodeType');
    if (type === 'Call' && !asksConstant(reader, field(node, 'func'))) return false;
    if (type === 'Attribute' || type === 'Await' || type === 'Subscript') return false;
    const name = field(node, 'id');
    if (type !== 'Name' || typeof name !== 'string' || ASKING.has(name)) continue;
    // What a list holds may change without an assignment.
    const known = reader.scope.lookup(name)?.kind;
    if ((reader.stores.get(name) ?? 0) > 1 || known === 'sequence' || known === 'record') return false;
  }
  return true;
}

/** How often each name is given a value. */
export function storesIn(body: readonly object[], spend: () => void): ReadonlyMap<string, number> {
  const stores = new Map<string, number>();
  const count = (name: unknown): void => {
    if (typeof name === 'string') stores.set(name, (stores.get(name) ?? 0) + 1);
  };
  for (const node of descendants({ body }, spend)) {
    const type = field(node, 'nodeType');
    const context = field(node, 'ctx');
    if (
      type === 'Name' &&
      typeof context === 'object' &&
      context !== null &&
      field(context, 'nodeType') !== 'Load'
    )
      count(field(node, 'id'));
    else if (type === 'Arg') count(field(node, 'arg'));
    else if (type === 'AugAssign')
      for (let times = 0; times < 2; times += 1) count(field(Object(field(node, 'target')), 'id'));
    else if (type === 'Global' || type === 'Nonlocal')
      for (const name of [field(node, 'names')].flat()) count(name);
  }
  return stores;
}
