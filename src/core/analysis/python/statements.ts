import type { ExprNode, StmtNode } from 'py-ast';
import type { Span } from '../document.ts';
import { Scope } from '../program/scope.ts';
import { NO_KEYWORDS } from '../program/machine.ts';
import type { Members, Value } from '../program/value.ts';
import { choice, optionsOf, ref, sequence, UNKNOWN } from '../program/value.ts';
import { constantNamed } from './constants.ts';
import { defaultsOf } from './defaults.ts';
import { operatorOf } from './expressions.ts';
import { forLoop, whileLoop } from './loops.ts';
import { canonicalName } from './names.ts';
import type { PythonReader } from './reader.ts';
import { bindPattern } from './patterns.ts';
import { special } from './objects.ts';
import { readTarget } from './targets.ts';

type Node<K extends StmtNode['nodeType']> = Extract<StmtNode, { nodeType: K }>;
type Read<K extends StmtNode['nodeType']> = (reader: PythonReader, node: Node<K>) => void;

/** `import a.b` of a module that stands beside the program. */
function importOwn(reader: PythonReader, name: string, alias: string | undefined, span: Span): boolean {
  const own = reader.modules.find(name, span);
  if (!own) return false;
  const [root = name] = name.split('.');
  reader.assign(alias ?? root, alias === undefined ? (reader.modules.find(root, span) ?? own) : own);
  return true;
}

/** `from a.b import c` of a module that stands beside the program. */
function importFromOwn(reader: PythonReader, node: Node<'ImportFrom'>): boolean {
  const span = reader.span(node);
  const name = reader.modules.nameOf(node.module ?? '', node.level ?? 0);
  const own = reader.modules.find(name, span);
  if (!own) return false;
  for (const alias of node.names) {
    reader.recorder.budget.spend(alias.name === '*' ? own.members.size : 1);
    if (alias.name === '*')
      own.members.forEach((value, member) => !member.startsWith('_') && reader.assign(member, value));
    else
      reader.assign(
        alias.asname ?? alias.name,
        reader.modules.member(own, name, alias.name, span) ?? UNKNOWN,
      );
  }
  return true;
}

const importPlain: Read<'Import'> = (reader, node) => {
  for (const alias of node.names) {
    if (importOwn(reader, alias.name, alias.asname, reader.span(alias))) continue;
    const name = canonicalName(alias.name);
    reader.recorder.imports.push({ module: name, span: reader.span(alias) });
    reader.recorder.reference(name, reader.span(alias), 'import');
    const [root = alias.name] = alias.name.split('.');
    reader.assign(
      alias.asname ?? root,
      ref(alias.asname === undefined || alias.asname === null ? canonicalName(root) : name),
    );
  }
};

const importFrom: Read<'ImportFrom'> = (reader, node) => {
  if (importFromOwn(reader, node)) return;
  const module = `${'.'.repeat(node.level ?? 0)}${node.module ?? ''}`;
  reader.recorder.imports.push({ module: canonicalName(module), span: reader.span(node) });
  for (const alias of node.names) {
    if (alias.name === '*') {
      reader.starred.push(module);
      reader.recorder.reference(canonicalName(module), reader.span(node), 'import');
      continue;
    }
    const name = canonicalName(module.endsWith('.') ? module + alias.name : `${module}.${alias.name}`);
    reader.recorder.reference(name, reader.span(alias), 'import');
    reader.assign(alias.asname ?? alias.name, constantNamed(name) ?? ref(name));
  }
};

/** Whether it is, or after "from x import *" may be, one of these. */
const isOneOf = (value: Value, names: readonly string[]): boolean =>
  optionsOf(value).some((option) => option.kind === 'ref' && names.includes(option.name));

const functionDefinition = (
  reader: PythonReader,
  node: Node<'FunctionDef'> | Node<'AsyncFunctionDef'>,
): void => {
  const decorators = node.decorator_list.map((decorator) => reader.expression(decorator));
  const defaults = defaultsOf(reader, node.args);
  const plain = decorators.some((value) => isOneOf(value, ['staticmethod', 'classmethod']));
  const inClass = reader.scope.kind === 'class';
  const closure = reader.functions.define({
    name: node.name,
    parameters: node.args,
    defaults,
    body: node.body,
    scope: reader.scope,
    bound: inClass && !plain,
    foreign: reader.isElsewhere,
    self: inClass && !plain ? reader.scope.instance : undefined,
  });
  const isProperty = decorators.some((value) => isOneOf(value, ['property', 'functools.cached_property']));
  if (isProperty && inClass && closure.kind === 'closure') reader.properties.add(closure.id);
  reader.assign(node.name, closure);
  const made = decorate(reader, node, decorators, closure);
  // What stands in place of a method would not know its object.
  if (!inClass && made !== closure) reader.assign(node.name, choice([made]));
};

/** A decorator is a call of it with what it stands before. */
function decorate(
  reader: PythonReader,
  node: { decorator_list: ExprNode[] },
  decorators: readonly Value[],
  value: Value,
): Value {
  return decorators.reduceRight((inner, callee, index) => {
    const place = node.decorator_list[index];
    const made =
      place &&
      reader.machine.apply(callee, [inner], {
        callee,
        args: [],
        keywords: NO_KEYWORDS,
        span: reader.span(place),
      });
    return made?.kind === 'closure' || made?.kind === 'bound' ? made : inner;
  }, value);
}

const classDefinition: Read<'ClassDef'> = (reader, node) => {
  const decorators = node.decorator_list.map((decorator) => reader.expression(decorator));
  const inherits = node.bases.flatMap((base) => [...optionsOf(reader.expression(base))]);
  node.keywords.forEach(({ value }) => reader.expression(value));
  const scope = new Scope('class', reader.scope, reader.branch);
  const fields = node.body.flatMap((field) =>
    field.nodeType === 'AnnAssign' && field.target.nodeType === 'Name' ? [field.target.id] : [],
  );
  const made: Members = { kind: 'record', role: 'class', members: scope.names, inherits, fields, taint: 0 };
  scope.instance = { ...made, role: 'instance' };
  reader.assign(node.name, made);
  reader.within(scope, () => reader.statements(node.body));
  decorate(reader, node, decorators, made);
};

/** How often the innermost loop runs; undefined outside of loops and when it is not known. */
function repetitions(reader: PythonReader): number | undefined {
  const { loop } = reader.recorder.context;
  return loop?.unconditional === true ? Infinity : loop?.iterations;
}

const DOUBLINGS = 26;

/** `a = a * 2`, again and again, on a list or a text: it takes as many bytes as the power says. */
function noteGrowth(
  reader: PythonReader,
  target: ExprNode | undefined,
  factors: readonly ExprNode[],
  place: StmtNode,
): void {
  const times = repetitions(reader);
  if (times === undefined || times < DOUBLINGS || target?.nodeType !== 'Name') return;
  if (!factors.some((factor) => factor.nodeType === 'Name' && factor.id === target.id)) return;
  const grows = optionsOf(reader.lookup(target.id)).some(
    ({ kind }) => kind === 'sequence' || kind === 'text',
  );
  if (grows) reader.recorder.allocation(2 ** Math.min(times, 64), reader.span(place));
}

const assignment: Read<'Assign'> = (reader, node) => {
  const { value: right } = node;
  if (right.nodeType === 'BinOp' && right.op.nodeType === 'Mult')
    noteGrowth(reader, node.targets[0], [right.left, right.right], node);
  if (
    right.nodeType === 'BinOp' &&
    right.op.nodeType === 'Add' &&
    right.left.nodeType === 'Name' &&
    right.right.nodeType === 'Name' &&
    right.left.id === right.right.id
  ) {
    noteGrowth(reader, node.targets[0], [right.left], node);
  }
  const value = reader.expression(right);
  node.targets.forEach((target) => readTarget(reader, target, value));
};

const augmented: Read<'AugAssign'> = (reader, node) => {
  if (node.op.nodeType === 'Mult') noteGrowth(reader, node.target, [node.target], node);
  else if (node.op.nodeType === 'Add') noteGrowth(reader, node.target, [node.value], node);
  const before = reader.expression(node.target);
  const value = reader.machine.operate(
    operatorOf(node.op),
    before,
    reader.expression(node.value),
    reader.span(node),
  );
  readTarget(reader, node.target, value);
};

const conditional: Read<'If'> = (reader, node) => {
  reader.expression(node.test);
  reader.branched(node.body);
  reader.branched(node.orelse);
};

const withBlock = (reader: PythonReader, node: Node<'With'> | Node<'AsyncWith'>): void => {
  for (const { context_expr: context, optional_vars: target } of node.items) {
    const value = reader.expression(context);
    const entered = special(reader, value, { name: '__enter__', args: [], place: context }) ?? value;
    // A context manager that was written as a generator hands out what it yields.
    if (target)
      readTarget(reader, target, entered.kind === 'sequence' ? reader.machine.element(entered) : entered);
  }
  reader.statements(node.body);
};

/** Exceptions by which iterators, queues and inputs say that there is nothing left. */
const LAST =
  /^(?:StopIteration|StopAsyncIteration|IndexError|KeyError|EOFError|Empty|IncompleteReadError|GeneratorExit)$/;

function endsLoops(type: ExprNode): boolean {
  if (type.nodeType === 'Tuple') return type.elts.some(endsLoops);
  const name = type.nodeType === 'Name' ? type.id : type.nodeType === 'Attribute' ? type.attr : '';
  return LAST.test(name);
}

const tryBlock = (reader: PythonReader, node: Node<'Try'> | Node<'TryStar'>): void => {
  const catches = node.handlers.some(({ type }) => type !== undefined && endsLoops(type));
  if (catches) reader.catching += 1;
  reader.branched(node.body);
  if (catches) reader.catching -= 1;
  for (const handler of node.handlers) {
    reader.expression(handler.type);
    if (handler.name !== undefined && handler.name !== null)
      reader.assign(handler.name, choice([UNKNOWN, ...reader.raised]));
    reader.branched(handler.body);
  }
  reader.branched(node.orelse);
  reader.branched(node.finalbody);
};

const matchBlock: Read<'Match'> = (reader, node) => {
  const subject = reader.expression(node.subject);
  for (const { pattern, guard, body } of node.cases) {
    bindPattern(reader, pattern, subject);
    reader.expression(guard);
    reader.branched(body);
  }
};

/** The names are those of the module. */
const globalNames: Read<'Global'> = (reader, node) => {
  const { home } = reader.scope;
  let module = home;
  while (module.parent) module = module.parent;
  for (const name of node.names) home.borrow(name, module);
};

/** The names are those of a function around this one. */
const nonlocalNames: Read<'Nonlocal'> = (reader, node) => {
  const { home } = reader.scope;
  for (const name of node.names) {
    const owner = home.parent?.owner(name);
    if (owner) home.borrow(name, owner);
  }
};

const returned: Read<'Return'> = (reader, node) => {
  const value = reader.expression(node.value);
  const returns = reader.definition?.returns;
  if (returns && returns.length < 200) returns.push(value);
};

const MAXIMUM_RAISED = 16;

/** What an exception of the program carries can be read where it is caught. */
function noteRaised(reader: PythonReader, node: ExprNode | undefined, value: Value): void {
  if (value.kind !== 'record' || reader.raised.length >= MAXIMUM_RAISED) return;
  const args = node?.nodeType === 'Call' ? node.args : [];
  const carried = reader.recorder.quietly(() => sequence(args.map((arg) => reader.expression(arg))));
  reader.raised.push({
    kind: 'record',
    role: 'instance',
    members: new Map([['args', carried]]),
    inherits: [value],
    taint: 0,
  });
}

const nothing = (): void => undefined;

const READERS: { readonly [K in StmtNode['nodeType']]: Read<K> } = {
  Import: importPlain,
  ImportFrom: importFrom,
  FunctionDef: functionDefinition,
  AsyncFunctionDef: functionDefinition,
  ClassDef: classDefinition,
  Assign: assignment,
  AugAssign: augmented,
  AnnAssign: (reader, node) => {
    if (node.value) readTarget(reader, node.target, reader.expression(node.value));
  },
  If: conditional,
  While: whileLoop,
  For: forLoop,
  AsyncFor: forLoop,
  With: withBlock,
  AsyncWith: withBlock,
  Try: tryBlock,
  TryStar: tryBlock,
  Match: matchBlock,
  Global: globalNames,
  Nonlocal: nonlocalNames,
  Return: returned,
  Expr: (reader, node) => {
    reader.expression(node.value);
  },
  Raise: (reader, node) => {
    noteRaised(reader, node.exc, reader.expression(node.exc));
    reader.expression(node.cause);
  },
  Assert: (reader, node) => {
    reader.expression(node.test);
    reader.expression(node.msg);
  },
  Delete: (reader, node) => node.targets.forEach((target) => reader.expression(target)),
  TypeAlias: nothing,
  Pass: nothing,
  Break: nothing,
  Continue: nothing,
  Comment: nothing,
};

export function readStatement(reader: PythonReader, node: StmtNode): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table has the right reader for each kind of node
  const read = READERS[node.nodeType] as ((reader: PythonReader, node: StmtNode) => void) | undefined;
  read?.(reader, node);
}
