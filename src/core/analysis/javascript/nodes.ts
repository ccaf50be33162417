import type { Node } from '@babel/types';
import type { Span } from '../document.ts';
import { compared } from '../program/arithmetic.ts';
import { asPiece } from '../program/fold-text.ts';
import { grown } from '../program/grown.ts';
import { NO_KEYWORDS } from '../program/machine.ts';
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
  text,
  truth,
  truthOf,
  UNKNOWN,
  unknown,
} from '../program/value.ts';
import { importModule } from './behaviours.ts';
import { TELLING } from './names.ts';
import { bindPattern } from './patterns.ts';
import { propertyName } from './properties.ts';
import type { ScriptReader } from './reader.ts';
import { STATEMENTS } from './statements.ts';
import { childrenOf } from './steady.ts';

export type Kind<K extends Node['type']> = Extract<Node, { type: K }>;
export type Reads = { readonly [K in Node['type']]?: (reader: ScriptReader, node: Kind<K>) => Value };

/** Longer texts are not taken to pieces. */
const MAXIMUM_SPREAD = 4096;
const MAXIMUM_PARENTS = 16;

type Member = Kind<'MemberExpression'> | Kind<'OptionalMemberExpression'>;

/** A name or a chain of properties; only the whole chain counts as a reference. */
function chain(reader: ScriptReader, node: Node): Value {
  if (node.type === 'Identifier') return node.name === 'undefined' ? NOTHING : reader.lookup(node.name);
  if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression')
    return member(reader, node);
  return reader.node(node);
}

function member(reader: ScriptReader, node: Member): Value {
  reader.recorder.budget.spend();
  const owner = node.object.type === 'Super' ? UNKNOWN : chain(reader, node.object);
  const name = propertyName(reader, node.property, node.computed);
  if (name !== undefined && TELLING.has(name)) reader.recorder.member(name, owner, reader.span(node));
  if (name === undefined) return unnamed(reader, node, owner);
  const index = Number(name);
  return (owner.kind === 'sequence' || owner.kind === 'text') && Number.isInteger(index)
    ? reader.machine.item(owner, number(index))
    : reader.machine.attribute(owner, name);
}

function unnamed(reader: ScriptReader, node: Member, owner: Value): Value {
  if (owner.kind === 'ref' && !owner.name.includes('('))
    reader.recorder.reference(`${owner.name}.?`, reader.span(node), 'dynamic');
  return owner.kind === 'record' || owner.kind === 'sequence'
    ? reader.machine.item(owner, UNKNOWN)
    : unknown(owner.taint);
}

const whole = (reader: ScriptReader, node: Node): Value => {
  const value = chain(reader, node);
  const computed =
    (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression') &&
    node.computed &&
    node.property.type !== 'NumericLiteral';
  reader.note(value, node, computed ? 'dynamic' : 'direct');
  return value;
};

type CallNode = Kind<'CallExpression'> | Kind<'OptionalCallExpression'> | Kind<'NewExpression'>;

/** What a class of the program is made from may act on what it is made with: `class extends Function`. */
function callParents(reader: ScriptReader, made: Value, args: readonly Value[], span: Span): Value {
  const above = new Set<Value>([made]);
  for (const one of above) {
    if (above.size > MAXIMUM_PARENTS) break;
    if (one.kind === 'record') one.inherits.forEach((parent) => above.add(parent));
    else if (one.kind === 'ref')
      reader.machine.apply(one, args, { callee: one, args, keywords: NO_KEYWORDS, span });
  }
  return UNKNOWN;
}

const call = (reader: ScriptReader, node: CallNode): Value => {
  const args = node.arguments.flatMap((argument) => {
    if (argument.type !== 'SpreadElement') return [reader.node(argument)];
    const spread = reader.node(argument.argument);
    return spread.kind === 'sequence' ? [...spread.items] : [unknown(spread.taint)];
  });
  const places = {
    span: reader.span(node),
    keywords: NO_KEYWORDS,
  };
  if (node.callee.type === 'Import')
    return importModule({ callee: UNKNOWN, args, ...places }, reader.machine) ?? UNKNOWN;
  if (node.callee.type === 'Super') return callParents(reader, reader.self, args, places.span);
  const callee = reader.node(node.callee);
  if (callee.kind === 'record' && !callee.members.has('constructor'))
    callParents(reader, callee, args, places.span);
  const result = reader.machine.invoke({ callee, args, ...places });
  const after = grown(callee, args, reader.recorder.context.loop !== undefined);
  const { callee: place } = node;
  if (after && (place.type === 'MemberExpression' || place.type === 'OptionalMemberExpression'))
    bindPattern(reader, place.object, after, false);
  return result;
};

/** An object in a text stands for what its toString gives. */
function shown(reader: ScriptReader, value: Value, place: Node): Value {
  const shows = value.kind === 'record' ? value.members.get('toString') : undefined;
  return shows?.kind === 'closure' ? called(reader, shows, place) : value;
}

const template = (reader: ScriptReader, node: Kind<'TemplateLiteral'>): Value => {
  let content = '';
  let taint = 0;
  node.quasis.forEach((quasi, index) => {
    content += quasi.value.cooked ?? quasi.value.raw;
    const inner = node.expressions[index];
    if (!inner) return;
    const value = shown(reader, reader.node(inner), inner);
    taint |= value.taint;
    content += asPiece(value);
  });
  return text(content, taint);
};

const COMPARISONS = new Set(['<', '>', '<=', '>=', '==', '===', '!=', '!==']);

const binary = (reader: ScriptReader, node: Kind<'BinaryExpression'>): Value => {
  const left = node.left.type === 'PrivateName' ? UNKNOWN : reader.node(node.left);
  const right = reader.node(node.right);
  if (!COMPARISONS.has(node.operator))
    return reader.machine.operate(node.operator, left, right, reader.span(node));
  const result = compared(node.operator, left, right);
  return result === undefined ? unknown(left.taint | right.taint) : truth(result);
};

const logical = (reader: ScriptReader, node: Kind<'LogicalExpression'>): Value => {
  const [left, right] = [reader.node(node.left), reader.node(node.right)];
  const known = truthOf(left);
  if (known === undefined || node.operator === '??') return choice([left, right]);
  return (node.operator === '||') === known ? left : right;
};

const unary = (reader: ScriptReader, node: Kind<'UnaryExpression'>): Value => {
  const operand = reader.node(node.argument);
  const known = truthOf(operand);
  if (node.operator === '!')
    return operand.kind === 'sequence' ? truth(false) : known === undefined ? UNKNOWN : truth(!known);
  if (node.operator === 'void') return NOTHING;
  if (operand.kind !== 'number') return unknown(operand.taint);
  return node.operator === '-'
    ? number(-operand.value)
    : node.operator === '~'
      ? number(-operand.value - 1)
      : operand;
};

const assignment = (reader: ScriptReader, node: Kind<'AssignmentExpression'>): Value => {
  const right = reader.node(node.right);
  const operator = node.operator.slice(0, -1);
  const value =
    operator === ''
      ? right
      : /^(?:\|\||&&|\?\?)$/.test(operator)
        ? choice([reader.node(node.left), right])
        : reader.machine.operate(operator, reader.node(node.left), right, reader.span(node));
  bindPattern(reader, node.left, value, false);
  return value;
};

/** Under these names a package.json holds command lines that run when somebody installs or publishes the package. */
const LIFECYCLE = new Set(['preinstall', 'postinstall', 'preuninstall', 'prepublish', 'prepublishOnly']);

const runsLater = (reader: ScriptReader, line: Value, place: Node): void =>
  reader.recorder.call({
    name: 'npm.script',
    callee: ref('npm.script'),
    args: [line],
    keywords: NO_KEYWORDS,
    span: reader.span(place),
    followed: false,
  });

const called = (reader: ScriptReader, callee: Value, place: Node): Value =>
  reader.machine.apply(callee, [], { callee, args: [], keywords: NO_KEYWORDS, span: reader.span(place) });

const object = (reader: ScriptReader, node: Kind<'ObjectExpression'>): Value => {
  const inherits: Value[] = [];
  const record: Members = { kind: 'record', role: 'object', members: new Map(), inherits, taint: 0 };
  let taint = 0;
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = reader.node(property.argument);
      taint |= spread.taint;
      // All of something that others made: what is not overwritten is still there.
      if (spread.kind === 'ref') inherits.push(spread);
      if (spread.kind === 'record') spread.members.forEach((value, name) => record.members.set(name, value));
      continue;
    }
    const name = propertyName(reader, property.key, property.computed) ?? '?';
    const value =
      property.type === 'ObjectMethod' ? reader.method(property, record) : reader.node(property.value);
    if (name === '__proto__') reader.recorder.member(name, record, reader.span(property));
    if (LIFECYCLE.has(name) && value.kind === 'text') runsLater(reader, value, property);
    taint |= value.taint;
    record.members.set(name, value);
  }
  return taint === 0 ? record : { ...record, taint };
};

/** The characters of a text, as spreading gives them. */
const characters = ({ text: content, taint }: Extract<Value, { kind: 'text' }>): Value =>
  content.includes(HOLE) || content.length > MAXIMUM_SPREAD
    ? unknown(taint)
    : sequence([...content].map((character) => text(character, taint)));

const array = (reader: ScriptReader, node: Kind<'ArrayExpression'>): Value => {
  let open = false;
  const items = node.elements.flatMap((element) => {
    if (element?.type !== 'SpreadElement') return [reader.node(element)];
    const given = reader.node(element.argument);
    const spread = given.kind === 'text' ? characters(given) : given;
    open ||= spread.kind !== 'sequence' || spread.open;
    return spread.kind === 'sequence' ? [...spread.items] : [];
  });
  return sequence(items, open);
};

const conditional = (reader: ScriptReader, node: Kind<'ConditionalExpression'>): Value => {
  const test = truthOf(reader.node(node.test));
  const [yes, no] = [reader.node(node.consequent), reader.node(node.alternate)];
  return test === undefined ? choice([yes, no]) : test ? yes : no;
};

const functionExpression = (
  reader: ScriptReader,
  node: Kind<'FunctionExpression'> | Kind<'ArrowFunctionExpression'>,
): Value => {
  if (node.type === 'ArrowFunctionExpression' || !node.id)
    return reader.define(node.params, node.body, reader.self);
  const scope = new Scope('block', reader.scope, reader.branch);
  return reader.within(scope, () => {
    const closure = reader.define(node.params, node.body);
    scope.declare(node.id?.name ?? '', closure);
    return closure;
  });
};

const classNode = (reader: ScriptReader, node: Kind<'ClassDeclaration'> | Kind<'ClassExpression'>): Value => {
  const parent = node.superClass ? [...optionsOf(reader.node(node.superClass))] : [];
  node.decorators?.forEach((decorator) => reader.node(decorator));
  const made: Members = { kind: 'record', role: 'class', members: new Map(), inherits: parent, taint: 0 };
  const instance: Members = { ...made, role: 'instance' };
  if (node.id) reader.scope.declare(node.id.name, made);
  for (const part of node.body.body) {
    if (part.type === 'ClassMethod')
      made.members.set(
        propertyName(reader, part.key, part.computed) ?? '?',
        reader.method(part, part.static ? made : instance),
      );
    else if (part.type === 'ClassPrivateMethod')
      made.members.set(`#${part.key.id.name}`, reader.define(part.params, part.body, instance));
    else if (part.type === 'ClassProperty')
      made.members.set(
        propertyName(reader, part.key, part.computed) ?? '?',
        part.value ? reader.node(part.value) : UNKNOWN,
      );
    else if (part.type === 'ClassPrivateProperty')
      made.members.set(`#${part.key.id.name}`, part.value ? reader.node(part.value) : UNKNOWN);
    else if (part.type === 'StaticBlock') reader.block(part.body);
  }
  return made;
};

const tagged = (reader: ScriptReader, node: Kind<'TaggedTemplateExpression'>): Value => {
  const callee = reader.node(node.tag);
  const joined = reader.node(node.quasi);
  // A function of the program gets the pieces and the values, others (String.raw) are taken to put them together.
  const pieces = node.quasi.quasis.map(({ value }) => text(value.cooked ?? value.raw));
  const given = reader.recorder.quietly(() => node.quasi.expressions.map((inner) => reader.node(inner)));
  const args = callee.kind === 'closure' ? [sequence(pieces), ...given] : [joined];
  return reader.machine.apply(callee, args, {
    callee,
    args: [],
    keywords: NO_KEYWORDS,
    span: reader.span(node),
  });
};

const inner = (reader: ScriptReader, node: { readonly expression: Node }): Value =>
  reader.node(node.expression);

const READERS: Reads = {
  ...STATEMENTS,
  Identifier: whole,
  MemberExpression: whole,
  OptionalMemberExpression: whole,
  CallExpression: call,
  OptionalCallExpression: call,
  NewExpression: call,
  StringLiteral: (_reader, node) => text(node.value.replaceAll(HOLE, '?')),
  NumericLiteral: (_reader, node) => number(node.value),
  BigIntLiteral: (_reader, node) => number(Number(node.value)),
  BooleanLiteral: (_reader, node) => truth(node.value),
  NullLiteral: () => NOTHING,
  RegExpLiteral: (reader, node) => {
    const args = [text(node.pattern.replaceAll(HOLE, '?'))];
    const span = reader.span(node);
    const callee = ref('RegExp');
    reader.recorder.call({
      name: 'RegExp',
      callee,
      args,
      keywords: NO_KEYWORDS,
      span,
      followed: false,
    });
    return ref('RegExp()', { made: args });
  },
  TemplateLiteral: template,
  TaggedTemplateExpression: tagged,
  BinaryExpression: binary,
  LogicalExpression: logical,
  UnaryExpression: unary,
  UpdateExpression: (reader, node) => {
    const before = reader.node(node.argument);
    // In a loop that is read once for all its rounds nobody knows how often this happened.
    const after =
      reader.exact && before.kind === 'number'
        ? number(before.value + (node.operator === '++' ? 1 : -1))
        : UNKNOWN;
    bindPattern(reader, node.argument, after, false);
    return after === UNKNOWN ? UNKNOWN : node.prefix ? after : before;
  },
  AssignmentExpression: assignment,
  ObjectExpression: object,
  ArrayExpression: array,
  ConditionalExpression: conditional,
  SequenceExpression: (reader, node) =>
    node.expressions.map((expression) => reader.node(expression)).at(-1) ?? UNKNOWN,
  FunctionExpression: functionExpression,
  ArrowFunctionExpression: functionExpression,
  ClassDeclaration: classNode,
  ClassExpression: classNode,
  ThisExpression: (reader) => reader.self,
  AwaitExpression: (reader, node) => reader.node(node.argument),
  YieldExpression: (reader, node) => reader.node(node.argument),
  MetaProperty: (_reader, node) => (node.meta.name === 'import' ? ref('import.meta') : UNKNOWN),
  ParenthesizedExpression: inner,
  TSAsExpression: inner,
  TSSatisfiesExpression: inner,
  TSNonNullExpression: inner,
  TSTypeAssertion: inner,
  TSInstantiationExpression: inner,
};

/** What an expression is, as far as that can be known; what it uses is recorded on the way. Types are left out. */
export function readNode(reader: ScriptReader, node: Node): Value {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table has the right reader for each kind of node
  const read = READERS[node.type] as ((reader: ScriptReader, node: Node) => Value) | undefined;
  if (read) return read(reader, node);
  if (node.type.startsWith('TS') && !node.type.startsWith('TSModule') && node.type !== 'TSEnumDeclaration')
    return UNKNOWN;
  for (const child of childrenOf(node)) reader.node(child);
  return UNKNOWN;
}
