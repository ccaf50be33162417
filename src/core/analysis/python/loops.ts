import type { StmtNode } from 'py-ast';
import { goThrough, MAXIMUM_ROUNDS, MAXIMUM_STATEMENTS, valuesBefore } from '../program/rounds.ts';
import { truthOf } from '../program/value.ts';
import { leadsOut, takesAway } from './exits.ts';
import { knownItems } from './items.ts';
import { isEndlessIterator, iterationsOf } from './iterators.ts';
import { special } from './objects.ts';
import type { PythonReader } from './reader.ts';
import { readRounds } from './rounds.ts';
import { isSteady, storesIn } from './steady.ts';
import { readTarget } from './targets.ts';

type Node<K extends StmtNode['nodeType']> = Extract<StmtNode, { nodeType: K }>;

export const whileLoop = (reader: PythonReader, node: Node<'While'>): void => {
  const loop = {
    kind: 'condition' as const,
    span: reader.span(node),
    endless: false,
    unconditional: false,
    iterations: undefined,
    iterates: undefined,
  };
  const kept = reader.roundsLeft > 1 ? builtIn(reader, node.body) : [];
  const read = reader.recorder.inLoop(
    loop,
    () => {
      reader.expression(node.test);
      readRounds(reader, node.body);
    },
    () => {
      const test = reader.recorder.quietly(() => truthOf(reader.expression(node.test)));
      const unconditional = test === true && isSteady(reader, node);
      const ends = leadsOut(reader, node.body) || (reader.catching > 0 && takesAway(reader, node.body));
      return { unconditional, endless: unconditional && !ends };
    },
  );
  // What has no end is not gone through to it.
  if (!read.unconditional)
    inRounds(reader, kept, () => {
      const more = truthOf(reader.expression(node.test));
      if (more) reader.statements(node.body);
      return more;
    });
  reader.branched(node.orelse);
};

/** Statements that do one thing after the other. */
const PLAIN = new Set(['Assign', 'AugAssign', 'AnnAssign', 'Expr', 'Pass']);

/** The names that a short and plain body builds something in, before it is read; none where its rounds would tell nothing. */
function builtIn(reader: PythonReader, body: readonly StmtNode[]): ReturnType<typeof valuesBefore> {
  const builds = body.some(({ nodeType }) => nodeType === 'AugAssign' || nodeType === 'Expr');
  if (!builds || body.length > MAXIMUM_STATEMENTS || !body.every(({ nodeType }) => PLAIN.has(nodeType)))
    return [];
  const changed = [...storesIn(body, () => reader.recorder.budget.spend()).all.keys()];
  const grownLists = body.flatMap((statement) => grownIn(statement));
  return valuesBefore(reader.scope, new Set([...changed, ...grownLists])).filter(
    ({ owner }) => owner === reader.scope,
  );
}

/** The list that a statement such as `parts.append(…)` makes longer. */
function grownIn(statement: StmtNode): readonly string[] {
  if (statement.nodeType !== 'Expr' || statement.value.nodeType !== 'Call') return [];
  const { func } = statement.value;
  return func.nodeType === 'Attribute' && func.value.nodeType === 'Name' ? [func.value.id] : [];
}

/** One round after the other, each of them certain. */
function inRounds(
  reader: PythonReader,
  kept: ReturnType<typeof valuesBefore>,
  round: (index: number) => boolean | undefined,
): void {
  if (kept.length === 0) return;
  const { branch } = reader;
  reader.branch = 0;
  goThrough(reader.recorder, kept, branch, round);
  reader.branch = branch;
}

export const forLoop = (reader: PythonReader, node: Node<'For'> | Node<'AsyncFor'>): void => {
  const given = reader.expression(node.iter);
  const source = special(reader, given, { name: '__iter__', args: [], place: node.iter }) ?? given;
  const unconditional = isEndlessIterator(source);
  const loop = {
    kind: 'iteration' as const,
    span: reader.span(node),
    endless: unconditional && node.nodeType === 'For' && !leadsOut(reader, node.body),
    unconditional,
    iterations: iterationsOf(source),
    iterates: source.kind === 'ref' ? source.name : undefined,
  };
  const items = knownItems(source, Math.min(reader.roundsLeft, MAXIMUM_ROUNDS));
  const kept = items ? builtIn(reader, node.body) : [];
  reader.recorder.inLoop(loop, () => {
    reader.branch += 1;
    readTarget(reader, node.target, reader.machine.element(source));
    reader.branch -= 1;
    readRounds(reader, node.body);
  });
  reader.following(items?.length ?? 0, () =>
    inRounds(reader, kept, (index) => {
      const item = items?.[index];
      if (!item) return false;
      readTarget(reader, node.target, item);
      reader.statements(node.body);
      return true;
    }),
  );
  reader.branched(node.orelse);
};
