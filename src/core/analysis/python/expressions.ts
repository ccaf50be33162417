import type { ExprNode } from 'py-ast';
import { compared } from '../program/arithmetic.ts';
import { asPiece } from '../program/fold-text.ts';
import { grown } from '../program/grown.ts';
import { NO_KEYWORDS } from '../program/machine.ts';
import type { Members, Value } from '../program/value.ts';
import {
  choice,
  HOLE,
  NOTHING,
  number,
  ref,
  sequence,
  TAINT,
  taintOf,
  text,
  truth,
  truthOf,
  unknown,
  UNKNOWN,
} from '../program/value.ts';
import { isTelling } from './names.ts';
import { readComprehension } from './comprehensions.ts';
import { fillFields, special } from './objects.ts';
import type { PythonReader } from './reader.ts';
import { defaultsOf } from './defaults.ts';
import { readSubscript } from './subscripts.ts';
import { readTarget } from './targets.ts';

type Node<K extends ExprNode['nodeType']> = Extract<ExprNode, { nodeType: K }>;
type Read<K extends ExprNode['nodeType']> = (reader: PythonReader, node: Node<K>) => Value;

const OPERATORS: Readonly<Record<string, string>> = {
  Add: '+',
  Sub: '-',
  Mult: '*',
  Div: '/',
  FloorDiv: '//',
  Mod: '%',
  Pow: '**',
  LShift: '<<',
  RShift: '>>',
  BitOr: '|',
  BitAnd: '&',
  BitXor: '^',
};
/** The methods by which objects of the program take part in operations. */
const SPECIAL: Readonly<Record<string, string>> = {
  Add: '__add__',
  Sub: '__sub__',
  Mult: '__mul__',
  Div: '__truediv__',
  Mod: '__mod__',
  BitOr: '__or__',
  RShift: '__rshift__',
  LShift: '__lshift__',
};
const COMPARISONS: Readonly<Record<string, string>> = {
  Lt: '<',
  Gt: '>',
  LtE: '<=',
  GtE: '>=',
  Eq: '==',
  NotEq: '!=',
  Is: 'is',
  IsNot: 'is not',
};

/** The symbol of an operator node. */
export const operatorOf = (node: { nodeType: string }): string => OPERATORS[node.nodeType] ?? node.nodeType;

const constant: Read<'Constant'> = (_reader, node) => {
  const value: unknown = node.value;
  if (typeof value === 'string') {
    const style = node.quote_style?.toLowerCase() ?? '';
    // py-ast leaves named characters as they are written; what they are is not known here.
    const content = value.replaceAll(HOLE, '?');
    const known =
      !style.includes('r') && content.includes('\\N{')
        ? content.replace(/\\N\{[^}{\\]{0,100}\}/g, HOLE)
        : content;
    return text(known, 0, style.includes('b'));
  }
  if (typeof value === 'number' || typeof value === 'bigint') return number(Number(value));
  if (typeof value === 'boolean') return truth(value);
  return value === null ? NOTHING : UNKNOWN;
};

/** A name or attribute chain; only the whole chain counts as a reference. */
function chain(reader: PythonReader, node: ExprNode): Value {
  if (node.nodeType === 'Name') return reader.lookup(identifier(reader, node.id, node));
  if (node.nodeType !== 'Attribute') return reader.expression(node);
  reader.recorder.budget.spend();
  const owner = chain(reader, node.value);
  const name = identifier(reader, node.attr, node);
  if (isTelling(name)) reader.recorder.member(name, owner, reader.span(node));
  reader.place = node;
  return reader.machine.attribute(owner, name);
}

const whole = (reader: PythonReader, node: ExprNode): Value => {
  const value = chain(reader, node);
  reader.note(value, node);
  return value;
};

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ASCII = /^[\u0000-\u007f]*$/;

/** Python reads identifiers in their NFKC form; a name that changes by it was written to mislead. */
function identifier(reader: PythonReader, written: string, node: ExprNode): string {
  if (reader.isAscii || ASCII.test(written)) return written;
  const meant = written.normalize('NFKC');
  if (meant !== written && ASCII.test(meant))
    reader.recorder.disguised.push({ written, meant, span: reader.span(node) });
  return meant;
}

function argumentsOf(reader: PythonReader, nodes: readonly ExprNode[]): readonly Value[] {
  const args: Value[] = [];
  for (const node of nodes) {
    const value = reader.expression(node.nodeType === 'Starred' ? node.value : node);
    if (node.nodeType !== 'Starred') args.push(value);
    else if (value.kind === 'sequence') args.push(...value.items);
    else args.push(unknown(value.taint));
  }
  return args;
}

function keywordsOf(reader: PythonReader, nodes: Node<'Call'>['keywords']): ReadonlyMap<string, Value> {
  const keywords = new Map<string, Value>();
  for (const { arg, value } of nodes) {
    const given = reader.expression(value);
    if (arg !== undefined && arg !== null) keywords.set(arg, given);
    else if (given.kind === 'record') given.members.forEach((member, name) => keywords.set(name, member));
  }
  return keywords;
}

const call: Read<'Call'> = (reader, node) => {
  const callee = reader.expression(node.func);
  const args = argumentsOf(reader, node.args);
  const keywords = node.keywords.length === 0 ? NO_KEYWORDS : keywordsOf(reader, node.keywords);
  if (callee.kind === 'choice') callee.options.forEach((option) => fillFields(option, args, keywords));
  else fillFields(callee, args, keywords);
  const result = reader.machine.invoke({
    callee,
    args,
    keywords,
    span: reader.span(node),
  });
  const after = grown(callee, args, reader.recorder.context.loop !== undefined);
  if (after && node.func.nodeType === 'Attribute') readTarget(reader, node.func.value, after);
  return dynamicScope(reader, callee, args) ?? result;
};

/** globals()["name"] and vars(module) need the reader's own names. */
function dynamicScope(reader: PythonReader, callee: Value, args: readonly Value[]): Value | undefined {
  const name = callee.kind === 'ref' ? callee.name : '';
  if (name !== 'globals' && name !== 'locals' && !(name === 'vars' && args.length === 0)) return undefined;
  return {
    kind: 'record',
    role: 'dict',
    members: new Map(reader.scope.home.names),
    inherits: [ref('builtins')],
    taint: 0,
  };
}

const joined = (reader: PythonReader, node: Node<'JoinedStr'> | Node<'TemplateStr'>): Value => {
  let content = '';
  let taint = 0;
  for (const piece of node.values) {
    const value = reader.expression(piece);
    taint |= value.taint;
    content += asPiece(value);
  }
  return text(content, taint);
};

const formatted = (reader: PythonReader, node: Node<'FormattedValue'> | Node<'Interpolation'>): Value => {
  const value = reader.expression(node.value);
  // Showing the environment is a use of it like any other.
  if (value.kind === 'ref' && (value.taint & TAINT.Environment) !== 0)
    reader.recorder.call({
      name: 'format',
      callee: ref('format'),
      args: [value],
      keywords: NO_KEYWORDS,
      span: reader.span(node.value),
      followed: false,
    });
  if (!node.format_spec)
    return node.conversion === 114 || node.conversion === 97 ? unknown(value.taint) : value;
  const spec = reader.expression(node.format_spec);
  if (spec.kind === 'text' && spec.text === 's' && value.kind === 'text') return value;
  const width = /^.?[<>^=]?0?(\d{1,15})/.exec(spec.kind === 'text' ? spec.text : '')?.[1];
  if (width !== undefined) reader.recorder.allocation(Number(width), reader.span(node));
  return spec.kind === 'text' && spec.text === 'c' && value.kind === 'number'
    ? text(String.fromCharCode(value.value), value.taint)
    : unknown(value.taint);
};

const compare: Read<'Compare'> = (reader, node) => {
  const left = reader.expression(node.left);
  const rights = node.comparators.map((comparator) => reader.expression(comparator));
  const [operator, right] = [node.ops[0], rights[0]];
  if (node.ops.length !== 1 || !operator || !right) return unknown(left.taint | taintOf(rights));
  const result = compared(COMPARISONS[operator.nodeType] ?? '', left, right);
  return result === undefined ? unknown(left.taint | right.taint) : truth(result);
};

const boolean: Read<'BoolOp'> = (reader, node) => {
  const values = node.values.map((value) => reader.expression(value));
  const decides = node.op.nodeType === 'Or';
  for (const value of values) {
    const known = truthOf(value);
    if (known === decides) return value;
    if (known === undefined) return choice(values);
  }
  return values.at(-1) ?? UNKNOWN;
};

const unary: Read<'UnaryOp'> = (reader, node) => {
  const operand = reader.expression(node.operand);
  if (node.op.nodeType === 'Not') {
    const known = truthOf(operand);
    return known === undefined ? UNKNOWN : truth(!known);
  }
  if (operand.kind !== 'number') return unknown(operand.taint);
  if (node.op.nodeType === 'Invert') return number(-operand.value - 1);
  return number(node.op.nodeType === 'USub' ? -operand.value : operand.value);
};

const dict: Read<'Dict'> = (reader, node) => {
  const members = new Map<string, Value>();
  const spread: Value[] = [];
  let taint = 0;
  node.values.forEach((valueNode, index) => {
    const keyNode = node.keys[index];
    const key = keyNode ? reader.expression(keyNode) : UNKNOWN;
    const value = reader.expression(valueNode);
    taint |= value.taint;
    if (!keyNode && value.kind === 'ref') spread.push(value);
    if (!keyNode && value.kind === 'record')
      value.members.forEach((member, name) => members.set(name, member));
    else
      members.set(
        key.kind === 'text' ? key.text : key.kind === 'number' ? String(key.value) : `\0${index}`,
        value,
      );
  });
  const record: Members = { kind: 'record', role: 'dict', members, inherits: spread, taint };
  return record;
};

const elements = (reader: PythonReader, node: { elts: ExprNode[] }): Value => {
  let open = false;
  const items = node.elts.flatMap((element) => {
    if (element.nodeType !== 'Starred') return [reader.expression(element)];
    const spread = reader.expression(element.value);
    open ||= spread.kind !== 'sequence' || spread.open;
    return spread.kind === 'sequence' ? [...spread.items] : [];
  });
  return sequence(items, open);
};

const conditional: Read<'IfExp'> = (reader, node) => {
  const test = truthOf(reader.expression(node.test));
  const [yes, no] = [reader.expression(node.body), reader.expression(node.orelse)];
  return test === undefined ? choice([yes, no]) : test ? yes : no;
};

const named: Read<'NamedExpr'> = (reader, node) => {
  const value = reader.expression(node.value);
  readTarget(reader, node.target, value);
  return value;
};

const lambda: Read<'Lambda'> = (reader, node) => {
  const defaults = defaultsOf(reader, node.args);
  return reader.functions.define({
    name: 'lambda',
    parameters: node.args,
    defaults,
    body: node.body,
    scope: reader.scope,
    bound: false,
    foreign: reader.isElsewhere,
    self: undefined,
  });
};

const inner = (reader: PythonReader, node: { value?: ExprNode }): Value => reader.expression(node.value);

const MAXIMUM_YIELDS = 200;

const yielded: Read<'Yield'> = (reader, node) => {
  const value = node.value ? reader.expression(node.value) : UNKNOWN;
  if (reader.yields.length < MAXIMUM_YIELDS) reader.yields.push(value);
  return unknown(value.taint);
};

const READERS: { readonly [K in ExprNode['nodeType']]: Read<K> } = {
  Constant: constant,
  Name: whole,
  Attribute: whole,
  Call: call,
  Subscript: readSubscript,
  JoinedStr: joined,
  TemplateStr: joined,
  FormattedValue: formatted,
  Interpolation: formatted,
  BinOp: (reader, node) => {
    const left = reader.expression(node.left);
    const right = reader.expression(node.right);
    const name = SPECIAL[node.op.nodeType];
    const own = name === undefined ? undefined : special(reader, left, { name, args: [right], place: node });
    return own ?? reader.machine.operate(operatorOf(node.op), left, right, reader.span(node));
  },
  BoolOp: boolean,
  UnaryOp: unary,
  Compare: compare,
  IfExp: conditional,
  Lambda: lambda,
  NamedExpr: named,
  Dict: dict,
  Set: elements,
  List: elements,
  Tuple: elements,
  Starred: inner,
  Await: inner,
  Yield: yielded,
  YieldFrom: (reader, node) => {
    reader.yields.push(reader.machine.element(reader.expression(node.value)));
    return UNKNOWN;
  },
  ListComp: (reader, node) => readComprehension(reader, node.generators, node.elt),
  SetComp: (reader, node) => readComprehension(reader, node.generators, node.elt),
  GeneratorExp: (reader, node) => readComprehension(reader, node.generators, node.elt),
  DictComp: (reader, node) => readComprehension(reader, node.generators, node.value, node.key),
  Slice: (reader, node) => {
    [node.lower, node.upper, node.step].forEach((bound) => reader.expression(bound));
    return UNKNOWN;
  },
};

/** What the expression is, as far as that can be known; what it uses is recorded on the way. */
export function readExpression(reader: PythonReader, node: ExprNode): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table has the right reader for each kind of node
  const read = READERS[node.nodeType] as ((reader: PythonReader, node: ExprNode) => Value) | undefined;
  return read ? read(reader, node) : UNKNOWN;
}
