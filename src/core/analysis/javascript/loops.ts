import type { Node } from '@babel/types';
import type { Loop } from '../program/program.ts';
import { goThrough, MAXIMUM_ROUNDS, MAXIMUM_STATEMENTS, valuesBefore } from '../program/rounds.ts';
import { Scope } from '../program/scope.ts';
import type { Value } from '../program/value.ts';
import { HOLE, text, truthOf, UNKNOWN } from '../program/value.ts';
import type { Kind } from './nodes.ts';
import { bindPattern } from './patterns.ts';
import type { ScriptReader } from './reader.ts';
import { isSteady, leadsOut, storesIn } from './steady.ts';

/** Statements that do one thing after the other. */
const PLAIN = new Set(['ExpressionStatement', 'VariableDeclaration', 'EmptyStatement']);

/** The list that a statement such as `parts.push(…)` makes longer. */
function grownIn(statement: Node): readonly string[] {
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') return [];
  const { callee } = statement.expression;
  return callee.type === 'MemberExpression' && callee.object.type === 'Identifier'
    ? [callee.object.name]
    : [];
}

/** The names that a short and plain body builds something in, before it is read; none where its rounds would tell nothing. */
function builtIn(
  reader: ScriptReader,
  loop: LoopNode | Kind<'ForOfStatement'> | Kind<'ForInStatement'>,
): ReturnType<typeof valuesBefore> {
  const body = loop.body.type === 'BlockStatement' ? loop.body.body : [loop.body];
  const builds = body.some(({ type }) => type === 'ExpressionStatement');
  if (!builds || body.length > MAXIMUM_STATEMENTS || !body.every(({ type }) => PLAIN.has(type))) return [];
  const changed = [...storesIn(loop, () => reader.recorder.budget.spend()).all.keys()];
  return valuesBefore(reader.scope, new Set([...changed, ...body.flatMap(grownIn)]));
}

/** One round after the other, each of them certain. */
function inRounds(
  reader: ScriptReader,
  kept: ReturnType<typeof valuesBefore>,
  round: (index: number) => boolean | undefined,
): void {
  if (kept.length === 0) return;
  const { branch } = reader;
  reader.branch = 0;
  reader.exact = true;
  goThrough(reader.recorder, kept, branch, round);
  reader.exact = false;
  reader.branch = branch;
}

/** What a `for … of` goes through, when all of it is known and it is not long. */
function itemsOf(source: Value): readonly Value[] | undefined {
  const items =
    source.kind === 'sequence' && !source.open
      ? source.items
      : source.kind === 'text' && !source.text.includes(HOLE)
        ? [...source.text.slice(0, MAXIMUM_ROUNDS + 1)].map((character) => text(character, source.taint))
        : undefined;
  return items && items.length <= MAXIMUM_ROUNDS ? items : undefined;
}

type LoopNode = Kind<'WhileStatement'> | Kind<'DoWhileStatement'> | Kind<'ForStatement'>;

function loopOf(reader: ScriptReader, node: Node, part: Partial<Loop>): Omit<Loop, 'outer'> {
  return {
    kind: 'condition',
    span: reader.span(node),
    endless: false,
    unconditional: false,
    iterations: undefined,
    iterates: undefined,
    ...part,
  };
}

export const conditionLoop = (reader: ScriptReader, node: LoopNode): Value => {
  reader.within(new Scope('block', reader.scope, reader.branch), () => {
    if (node.type === 'ForStatement') reader.node(node.init);
    const kept = builtIn(reader, node);
    const read = reader.recorder.inLoop(
      loopOf(reader, node, {}),
      () =>
        reader.branched(() => {
          reader.node(node.test);
          reader.node(node.body);
          if (node.type === 'ForStatement') reader.node(node.update);
        }),
      () => settled(reader, node),
    );
    // What has no end is not gone through to it.
    if (read.unconditional) return;
    inRounds(reader, kept, (index) => {
      const more = node.type === 'DoWhileStatement' && index === 0 ? true : truthOf(reader.node(node.test));
      if (more !== true) return more;
      reader.node(node.body);
      if (node.type === 'ForStatement') reader.node(node.update);
      return true;
    });
  });
  return UNKNOWN;
};

function settled(reader: ScriptReader, node: LoopNode): { endless: boolean; unconditional: boolean } {
  const { test, body } = node;
  const unconditional =
    !test ||
    (isSteady(reader, test, node) && reader.recorder.quietly(() => truthOf(reader.node(test))) === true);
  const update = node.type === 'ForStatement' ? node.update : undefined;
  return {
    unconditional,
    endless: unconditional && !leadsOut(reader, body) && !(update && leadsOut(reader, update)),
  };
}

export const eachLoop = (
  reader: ScriptReader,
  node: Kind<'ForOfStatement'> | Kind<'ForInStatement'>,
): Value => {
  const source = reader.node(node.right);
  const part = {
    kind: 'iteration' as const,
    iterates: source.kind === 'ref' ? source.name : undefined,
    iterations: source.kind === 'sequence' && !source.open ? source.items.length : undefined,
  };
  const round = (value: Value): void => {
    const target = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left;
    if (target) bindPattern(reader, target, value, node.left.type === 'VariableDeclaration');
    reader.node(node.body);
  };
  const items = node.type === 'ForOfStatement' ? itemsOf(source) : undefined;
  reader.within(new Scope('block', reader.scope, reader.branch), () => {
    const kept = items ? builtIn(reader, node) : [];
    const value = node.type === 'ForOfStatement' ? reader.machine.element(source) : UNKNOWN;
    reader.recorder.inLoop(loopOf(reader, node, part), () => reader.branched(() => round(value)));
    inRounds(reader, kept, (index) => {
      const item = items?.[index];
      if (item) round(item);
      return item !== undefined;
    });
  });
  return UNKNOWN;
};
