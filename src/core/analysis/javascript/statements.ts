import type { Node } from '@babel/types';
import { Scope } from '../program/scope.ts';
import type { Members, Value } from '../program/value.ts';
import { ref, UNKNOWN, wholeTextOf } from '../program/value.ts';
import { canonicalName, moduleName } from './names.ts';
import type { Kind, Reads } from './nodes.ts';
import { conditionLoop, eachLoop } from './loops.ts';
import { bindPattern } from './patterns.ts';
import type { ScriptReader } from './reader.ts';

const inBlock = (reader: ScriptReader, body: readonly Node[]): Value => {
  reader.within(new Scope('block', reader.scope, reader.branch), () => reader.block(body));
  return UNKNOWN;
};

const variables = (reader: ScriptReader, node: Kind<'VariableDeclaration'>): Value => {
  for (const { id, init } of node.declarations) {
    const value = reader.node(init);
    if (node.kind === 'var' && id.type === 'Identifier')
      reader.scope.home.assign(id.name, value, reader.branch);
    else bindPattern(reader, id, value, true);
  }
  return UNKNOWN;
};

const imports = (reader: ScriptReader, node: Kind<'ImportDeclaration'>): Value => {
  if (node.importKind === 'type') return UNKNOWN;
  const module = moduleName(node.source.value);
  reader.recorder.imports.push({ module, span: reader.span(node) });
  reader.recorder.reference(module, reader.span(node), 'import');
  for (const specifier of node.specifiers) {
    const whole = specifier.type !== 'ImportSpecifier';
    const imported = whole
      ? ''
      : specifier.imported.type === 'Identifier'
        ? specifier.imported.name
        : specifier.imported.value;
    const name = canonicalName(whole ? module : `${module}.${imported}`);
    if (!whole) reader.recorder.reference(name, reader.span(specifier), 'import');
    reader.scope.declare(specifier.local.name, ref(name));
  }
  return UNKNOWN;
};

const exportsFrom = (
  reader: ScriptReader,
  node: Kind<'ExportAllDeclaration'> | Kind<'ExportNamedDeclaration'>,
): Value => {
  if (node.source) {
    const module = moduleName(node.source.value);
    reader.recorder.imports.push({ module, span: reader.span(node) });
    reader.recorder.reference(`${module}.*`, reader.span(node), 'import');
  }
  return node.type === 'ExportNamedDeclaration' ? reader.node(node.declaration) : UNKNOWN;
};

const branches = (reader: ScriptReader, test: Node, ...arms: readonly (Node | null | undefined)[]): Value => {
  reader.node(test);
  for (const arm of arms) reader.branched(() => reader.node(arm));
  return UNKNOWN;
};

const tried = (reader: ScriptReader, node: Kind<'TryStatement'>): Value => {
  reader.branched(() => reader.node(node.block));
  const { handler } = node;
  if (handler) {
    reader.within(new Scope('block', reader.scope, reader.branch), () => {
      if (handler.param) bindPattern(reader, handler.param, UNKNOWN, true);
      reader.branched(() => reader.node(handler.body));
    });
  }
  reader.node(node.finalizer);
  return UNKNOWN;
};

const switched = (reader: ScriptReader, node: Kind<'SwitchStatement'>): Value => {
  reader.node(node.discriminant);
  for (const { test, consequent } of node.cases) {
    reader.node(test);
    reader.branched(() => inBlock(reader, consequent));
  }
  return UNKNOWN;
};

/** A namespace is an object with what it exports. */
const namespace = (reader: ScriptReader, node: Kind<'TSModuleDeclaration'>): Value => {
  const scope = new Scope('function', reader.scope);
  if (node.body.type === 'TSModuleBlock') {
    const { body } = node.body;
    reader.within(scope, () => reader.block(body));
  } else reader.within(scope, () => reader.node(node.body));
  const made: Members = { kind: 'record', role: 'object', members: scope.names, inherits: [], taint: 0 };
  if (node.id.type === 'Identifier') reader.scope.declare(node.id.name, made);
  return made;
};

const importEquals = (reader: ScriptReader, node: Kind<'TSImportEqualsDeclaration'>): Value => {
  const { moduleReference: from } = node;
  const module =
    from.type === 'TSExternalModuleReference' ? wholeTextOf(reader.node(from.expression)) : undefined;
  if (module !== undefined) {
    reader.recorder.imports.push({ module: moduleName(module), span: reader.span(node) });
    reader.recorder.reference(moduleName(module), reader.span(node), 'import');
  }
  reader.scope.declare(node.id.name, module === undefined ? UNKNOWN : ref(moduleName(module)));
  return UNKNOWN;
};

export const STATEMENTS: Reads = {
  Program: (reader, node) => inBlock(reader, node.body),
  BlockStatement: (reader, node) => inBlock(reader, node.body),
  FunctionDeclaration: () => UNKNOWN,
  VariableDeclaration: variables,
  ImportDeclaration: imports,
  ExportAllDeclaration: exportsFrom,
  ExportNamedDeclaration: exportsFrom,
  ExportDefaultDeclaration: (reader, node) => reader.node(node.declaration),
  IfStatement: (reader, node) => branches(reader, node.test, node.consequent, node.alternate),
  WhileStatement: conditionLoop,
  DoWhileStatement: conditionLoop,
  ForStatement: conditionLoop,
  ForOfStatement: eachLoop,
  ForInStatement: eachLoop,
  TryStatement: tried,
  SwitchStatement: switched,
  ReturnStatement: (reader, node) => {
    const value = reader.node(node.argument);
    const returns = reader.definition?.returns;
    if (returns && returns.length < 200) returns.push(value);
    return value;
  },
  LabeledStatement: (reader, node) => reader.node(node.body),
  BreakStatement: () => UNKNOWN,
  ContinueStatement: () => UNKNOWN,
  TSModuleDeclaration: namespace,
  TSImportEqualsDeclaration: importEquals,
};
