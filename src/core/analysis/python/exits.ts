import type { ExprNode, StmtNode } from 'py-ast';
import { truthOf } from '../program/value.ts';
import type { PythonReader } from './reader.ts';
import { descendants } from './steady.ts';

/** Calls that end a program, or a loop by an exception that belongs to their normal work. */
const ENDING = new Set([
  'sys.exit',
  'exit',
  'quit',
  'os._exit',
  'os.abort',
  'input',
  'next',
  'os.kill',
  'signal.raise_signal',
]);

interface Place {
  /** Inside a loop within the loop: its `break` is its own. */
  readonly nested: boolean;
  /** Inside a `try` whose handlers may catch what is raised. */
  readonly guarded: boolean;
}

type Node<K extends StmtNode['nodeType']> = Extract<StmtNode, { nodeType: K }>;

/** Whether the body of a loop has a way out of it. */
export function leadsOut(
  reader: PythonReader,
  body: readonly StmtNode[],
  place: Place = { nested: false, guarded: false },
): boolean {
  return body.some((statement) => statementLeadsOut(reader, statement, place));
}

function statementLeadsOut(reader: PythonReader, node: StmtNode, place: Place): boolean {
  reader.recorder.budget.spend();
  switch (node.nodeType) {
    case 'Break':
      return !place.nested;
    case 'Return':
      return true;
    case 'Raise':
      return !place.guarded;
    case 'Assert':
      return !place.guarded && known(reader, node.test) !== true;
    case 'FunctionDef':
    case 'AsyncFunctionDef':
    case 'ClassDef':
      return false;
    case 'AsyncFor':
    case 'AsyncWith':
      return true;
    case 'If':
      return ifLeadsOut(reader, node, place);
    default:
      return blockLeadsOut(reader, node, place);
  }
}

const known = (reader: PythonReader, test: ExprNode): boolean | undefined =>
  reader.recorder.quietly(() => truthOf(reader.expression(test)));

/** The way out in a branch that can never be taken is none. */
function ifLeadsOut(reader: PythonReader, node: Node<'If'>, place: Place): boolean {
  if (expressionLeadsOut(reader, node.test, place)) return true;
  const named = partsOf(reader, node.test).some((part) => Reflect.get(part, 'nodeType') === 'Name');
  const test = named ? undefined : known(reader, node.test);
  return (
    (test !== false && leadsOut(reader, node.body, place)) ||
    (test !== true && leadsOut(reader, node.orelse, place))
  );
}

const partsOf = (reader: PythonReader, root: object): readonly object[] => [
  ...descendants(root, () => reader.recorder.budget.spend()),
];

function blockLeadsOut(reader: PythonReader, node: StmtNode, place: Place): boolean {
  switch (node.nodeType) {
    case 'While':
    case 'For':
      return leadsOut(reader, node.body, { ...place, nested: true }) || leadsOut(reader, node.orelse, place);
    case 'With':
      return (
        node.items.some(({ context_expr: context }) => expressionLeadsOut(reader, context, place)) ||
        leadsOut(reader, node.body, place)
      );
    case 'Try':
    case 'TryStar':
      return tryLeadsOut(reader, node, place);
    case 'Match':
      return node.cases.some(({ body }) => leadsOut(reader, body, place));
    default:
      return expressionLeadsOut(reader, node, place);
  }
}

function tryLeadsOut(reader: PythonReader, node: Node<'Try'> | Node<'TryStar'>, place: Place): boolean {
  const inside = { ...place, guarded: place.guarded || node.handlers.length > 0 };
  return (
    leadsOut(reader, node.body, inside) ||
    node.handlers.some(({ body }) => leadsOut(reader, body, place)) ||
    leadsOut(reader, node.orelse, place) ||
    leadsOut(reader, node.finalbody, place)
  );
}

/** A yield or await hands control away; some calls end the program. */
function expressionLeadsOut(reader: PythonReader, root: object, place: Place): boolean {
  for (const node of partsOf(reader, root)) {
    const type: unknown = Reflect.get(node, 'nodeType');
    if (type === 'Yield' || type === 'YieldFrom' || type === 'Await') return true;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the node says so itself
    if (
      type === 'Call' &&
      callLeadsOut(reader, (node as Extract<ExprNode, { nodeType: 'Call' }>).func, place)
    )
      return true;
  }
  return false;
}

function callLeadsOut(reader: PythonReader, callee: ExprNode, place: Place): boolean {
  if (callee.nodeType !== 'Name' && callee.nodeType !== 'Attribute') return false;
  const value = reader.recorder.quietly(() => reader.expression(callee));
  if (value.kind === 'ref')
    return ENDING.has(value.name) && !(place.guarded && (value.name === 'input' || value.name === 'next'));
  if (value.kind !== 'closure') return false;
  const definition = reader.functions.of(value);
  return definition !== undefined && endsItself(reader, definition.body, place.guarded);
}

/** Whether a function of the program may end it, or raise what nobody in the loop catches. */
function endsItself(reader: PythonReader, body: object, guarded: boolean): boolean {
  return partsOf(reader, { body }).some((node) => {
    if (Reflect.get(node, 'nodeType') === 'Raise') return !guarded;
    return Reflect.get(node, 'nodeType') === 'Call' && ENDING.has(dottedName(Reflect.get(node, 'func')));
  });
}

function dottedName(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  const [id, attribute]: readonly unknown[] = [Reflect.get(node, 'id'), Reflect.get(node, 'attr')];
  if (typeof id === 'string') return id;
  return typeof attribute === 'string' ? `${dottedName(Reflect.get(node, 'value'))}.${attribute}` : '';
}

const TAKING =
  /^(?:pop|popleft|popitem|get|get_nowait|remove|index|send|recv|read|readline|readexactly|__next__)$/;

/** Whether something in the body takes from what may run out: `queue.pop()`, `items[i]`, `next(it)`. */
export function takesAway(reader: PythonReader, body: readonly StmtNode[]): boolean {
  return partsOf(reader, { body }).some((node) => {
    const type: unknown = Reflect.get(node, 'nodeType');
    return type === 'Subscript' || (type === 'Attribute' && TAKING.test(String(Reflect.get(node, 'attr'))));
  });
}
