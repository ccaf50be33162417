import type { ExprNode } from 'py-ast';
import { compared } from '../program/arithmetic.ts';
import { asPiece } from '../program/fold-text.ts';
import { Scope } from '../program/scope.ts';
import type { Members, Value } from '../program/value.ts';
import {
  choice,
  HOLE,
  NOTHING,
  number,
  optionsOf,
  ref,
  sequence,
  taintOf,
  text,
  truth,
  truthOf,
  unknown,
  UNKNOWN,
  wholeTextOf,
} from '../program/value.ts';
import { isTelling } from './names.ts';
import type { PythonReader } from './reader.ts';
import { readTarget } from './targets.ts';

type Node<K extends ExprNode['nodeType']> = Extract<ExprNode, { nodeType: K }>;
type Read<K extends ExprNode['nodeType']> = (reader: PythonReader, node: Node<K>) => Value;
type Generator = Node<'ListComp'>['generators'][number];

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
  if (ASCII.test(written)) return written;
  const meant = written.normalize('NFKC');
  if (meant !== written && ASCII.test(meant))
    reader.recorder.disguised.push({ written, meant, span: reader.span(node) });
  return meant;
}

const call: Read<'Call'> = (reader, node) => {
  const callee = reader.expression(node.func);
  const args = node.args.flatMap((arg) => {
    if (arg.nodeType !== 'Starred') return [reader.expression(arg)];
    const spread = reader.expression(arg.value);
    return spread.kind === 'sequence' ? [...spread.items] : [unknown(spread.taint)];
  });
  const keywords = new Map<string, Value>();
  for (const { arg, value } of node.keywords) {
    const given = reader.expression(value);
    if (arg !== undefined && arg !== null) keywords.set(arg, given);
    else if (given.kind === 'record') given.members.forEach((member, name) => keywords.set(name, member));
  }
  const places = [...node.args, ...node.keywords.map(({ value }) => value)];
  const result = reader.machine.invoke({
    callee,
    args,
    keywords,
    span: reader.span(node),
    argSpans: places.map((place) => reader.span(place)),
  });
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

const subscript: Read<'Subscript'> = (reader, node) => {
  const owner = reader.expression(node.value);
  if (node.slice.nodeType === 'Slice') return sliced(reader, owner, node.slice);
  const key = reader.expression(node.slice);
  const name = wholeTextOf(key);
  const results = optionsOf(owner).map((option) => {
    const getter = option.kind === 'record' ? option.members.get('__class_getitem__') : undefined;
    if (getter)
      return reader.machine.apply(getter, [key], {
        callee: getter,
        args: [],
        keywords: new Map(),
        span: reader.span(node),
        argSpans: [],
      });
    if (option.kind === 'ref') return looked(reader, node, option, name);
    const [beneath] =
      option.kind === 'record' && name !== undefined && !option.members.has(name) ? option.inherits : [];
    return beneath && name !== undefined
      ? reader.machine.attribute(beneath, name)
      : reader.machine.item(option, key);
  });
  const value = choice(results);
  if (value.kind === 'ref' && !value.name.endsWith('[]')) {
    const namespace = optionsOf(owner).some(isNamespace);
    reader.note(value, node, namespace ? 'dynamic' : 'direct');
  }
  return value;
};

/** Mappings from names to what modules hold. */
const isNamespace = (owner: Value): boolean =>
  (owner.kind === 'record' &&
    owner.inherits.some((beneath) => beneath.kind === 'ref' && beneath.name === 'builtins')) ||
  (owner.kind === 'ref' &&
    (owner.name === 'sys.modules' || owner.name === 'builtins' || owner.name.endsWith('__dict__')));

/** Items of mappings that hold what modules hold. */
function looked(
  reader: PythonReader,
  node: Node<'Subscript'>,
  owner: Extract<Value, { kind: 'ref' }>,
  key: string | undefined,
): Value {
  if (owner.name.endsWith('__dict__') && owner.receiver) {
    if (key !== undefined) return reader.machine.attribute(owner.receiver, key);
    if (owner.receiver.kind === 'ref')
      reader.recorder.reference(`${owner.receiver.name}.?`, reader.span(node), 'dynamic');
    return unknown(owner.taint);
  }
  if (owner.name === 'sys.modules') return reader.lookupModule(key);
  if (owner.name === 'builtins') return key === undefined ? unknown() : reader.lookup(key);
  if (owner.name === 'os.environ') return reader.machine.attribute(owner, key ?? '?');
  return reader.machine.item(owner, key === undefined ? UNKNOWN : text(key));
}

function sliced(reader: PythonReader, owner: Value, node: Node<'Slice'>): Value {
  const at = (bound: ExprNode | undefined): number | undefined => {
    const value = bound ? reader.expression(bound) : undefined;
    return value?.kind === 'number' ? value.value : undefined;
  };
  const [lower, upper, step] = [at(node.lower), at(node.upper), at(node.step)];
  const unclear =
    (node.lower && lower === undefined) ||
    (node.upper && upper === undefined) ||
    (node.step && step === undefined);
  if (unclear || (owner.kind !== 'text' && owner.kind !== 'sequence')) return unknown(owner.taint);
  const units: readonly (string | Value)[] = owner.kind === 'text' ? [...owner.text] : owner.items;
  const picked = pick(units, { lower, upper, step: step ?? 1 });
  reader.recorder.budget.spend(units.length >> 4);
  if (owner.kind === 'text') return text(picked.map(String).join(''), owner.taint, owner.bytes);
  return sequence(picked.filter((unit) => typeof unit !== 'string'));
}

function pick<T>(
  units: readonly T[],
  { lower, upper, step }: { lower: number | undefined; upper: number | undefined; step: number },
): readonly T[] {
  if (step > 0) return units.slice(lower, upper).filter((_unit, index) => index % step === 0);
  const from = lower === undefined ? units.length - 1 : lower < 0 ? units.length + lower : lower;
  const to = upper === undefined ? -1 : upper < 0 ? units.length + upper : upper;
  const picked: T[] = [];
  if (step === 0) return [];
  for (let index = Math.min(from, units.length - 1); index > to && index >= 0; index += step) {
    const unit = units[index];
    if (unit !== undefined) picked.push(unit);
  }
  return picked;
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
  if (!node.format_spec)
    return node.conversion === 114 || node.conversion === 97 ? unknown(value.taint) : value;
  const spec = reader.expression(node.format_spec);
  return spec.kind === 'text' && spec.text === 'c' && value.kind === 'number'
    ? text(String.fromCharCode(value.value), value.taint)
    : unknown(value.taint);
};

/** A comprehension over constants is followed item by item, unrecorded; over anything else its element is read once. */
function comprehension(
  reader: PythonReader,
  generators: readonly Generator[],
  element: ExprNode,
  key?: ExprNode,
): Value {
  const [first] = generators;
  if (!first) return UNKNOWN;
  const source = reader.expression(first.iter);
  const iterates = source.kind === 'ref' ? source.name : undefined;
  const loop = {
    kind: 'comprehension' as const,
    span: reader.span(element),
    endless: false,
    unconditional: false,
    iterations: undefined,
    iterates,
  };
  return reader.within(new Scope('block', reader.scope, reader.branch), () => {
    let result: Value = UNKNOWN;
    reader.recorder.inLoop(loop, () => {
      declareTarget(reader, first.target, reader.machine.element(source));
      first.ifs.forEach((test) => reader.expression(test));
      const rest = generators.slice(1);
      if (rest.length === 0) reader.expression(key);
      result = rest.length > 0 ? comprehension(reader, rest, element, key) : reader.expression(element);
    });
    const items = itemsOf(source);
    if (!items || generators.length > 1 || first.ifs.length > 0) return sequence([result], true);
    return sequence(
      items.map((item) => {
        declareTarget(reader, first.target, item);
        return reader.recorder.quietly(() => reader.expression(element));
      }),
    );
  });
}

function itemsOf(source: Value): readonly Value[] | undefined {
  if (source.kind === 'text' && source.text.length <= 400) {
    return [...source.text].map((unit) =>
      source.bytes ? number(unit.charCodeAt(0), source.taint) : text(unit, source.taint),
    );
  }
  return source.kind === 'sequence' && !source.open && source.items.length <= 400 ? source.items : undefined;
}

function declareTarget(reader: PythonReader, target: ExprNode, value: Value): void {
  if (target.nodeType === 'Name') reader.scope.declare(target.id, value);
  else readTarget(reader, target, value, true);
}

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
  let taint = 0;
  node.values.forEach((valueNode, index) => {
    const keyNode = node.keys[index];
    const key = keyNode ? reader.expression(keyNode) : UNKNOWN;
    const value = reader.expression(valueNode);
    taint |= value.taint;
    if (!keyNode && value.kind === 'record')
      value.members.forEach((member, name) => members.set(name, member));
    else
      members.set(
        key.kind === 'text' ? key.text : key.kind === 'number' ? String(key.value) : `\0${index}`,
        value,
      );
  });
  const record: Members = { kind: 'record', role: 'dict', members, inherits: [], taint };
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
  node.args.defaults.forEach((value) => reader.expression(value));
  return reader.define({
    name: 'lambda',
    parameters: node.args,
    body: node.body,
    scope: reader.scope,
    bound: false,
    self: undefined,
  });
};

const inner = (reader: PythonReader, node: { value?: ExprNode }): Value => reader.expression(node.value);

const READERS: { readonly [K in ExprNode['nodeType']]: Read<K> } = {
  Constant: constant,
  Name: whole,
  Attribute: whole,
  Call: call,
  Subscript: subscript,
  JoinedStr: joined,
  TemplateStr: joined,
  FormattedValue: formatted,
  Interpolation: formatted,
  BinOp: (reader, node) => {
    const left = reader.expression(node.left);
    return reader.machine.operate(
      operatorOf(node.op),
      left,
      reader.expression(node.right),
      reader.span(node),
    );
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
  Yield: inner,
  YieldFrom: inner,
  ListComp: (reader, node) => comprehension(reader, node.generators, node.elt),
  SetComp: (reader, node) => comprehension(reader, node.generators, node.elt),
  GeneratorExp: (reader, node) => comprehension(reader, node.generators, node.elt),
  DictComp: (reader, node) => comprehension(reader, node.generators, node.value, node.key),
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
