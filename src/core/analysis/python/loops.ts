import type { StmtNode } from 'py-ast';
import { goThrough, MAXIMUM_ROUNDS, MAXIMUM_STATEMENTS, valuesBefore } from '../program/rounds.ts';
import type { Value } from '../program/value.ts';
import { HOLE, number, text, truthOf, UNKNOWN } from '../program/value.ts';
import { leadsOut, takesAway } from './exits.ts';
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
  const kept = builtIn(reader, node.body);
  reader.recorder.inLoop(
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
  inRounds(reader, kept, () => {
    const more = truthOf(reader.expression(node.test));
    if (more) reader.statements(node.body);
    return more;
  });
  reader.branched(node.orelse);
};

/** Whether these are iterators that never end. */
function isEndlessIterator(source: Value): boolean {
  if (source.kind !== 'ref') return false;
  const made = source.made ?? [];
  if (source.name === 'iter()')
    return (
      made.length === 2 &&
      made[0]?.kind === 'ref' &&
      /^(?:int|float|str|list|dict|tuple|bool)$/.test(made[0].name) &&
      truthOf(made[1] ?? UNKNOWN) === true
    );
  if (source.name === 'itertools.repeat()') return made.length === 1;
  return source.name === 'itertools.count()' || source.name === 'itertools.cycle()';
}

/** How often a `for` runs, when it goes through a range or a list of constants. */
function iterationsOf(source: Value): number | undefined {
  if (source.kind === 'sequence') return source.open ? undefined : source.items.length;
  if (source.kind !== 'ref' || source.name !== 'range()') return undefined;
  const [first, second] = source.made ?? [];
  if (first?.kind !== 'number') return undefined;
  return second === undefined
    ? first.value
    : second.kind === 'number'
      ? second.value - first.value
      : undefined;
}

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

/** What a `for` goes through, when all of it is known and it is not long. */
function itemsOf(source: Value): readonly Value[] | undefined {
  if (source.kind === 'sequence') return source.open ? undefined : source.items;
  if (source.kind === 'text')
    return source.text.includes(HOLE)
      ? undefined
      : [...source.text.slice(0, MAXIMUM_ROUNDS + 1)].map((character) =>
          source.bytes ? number(character.charCodeAt(0)) : text(character, source.taint),
        );
  const count = iterationsOf(source);
  if (source.kind !== 'ref' || count === undefined || count > MAXIMUM_ROUNDS || source.made?.[2])
    return undefined;
  const [first, second] = source.made ?? [];
  const start = second && first?.kind === 'number' ? first.value : 0;
  return Array.from({ length: Math.max(0, Math.trunc(count)) }, (_none, index) => number(start + index));
}

export const forLoop = (reader: PythonReader, node: Node<'For'> | Node<'AsyncFor'>): void => {
  const source = reader.expression(node.iter);
  const unconditional = isEndlessIterator(source);
  const loop = {
    kind: 'iteration' as const,
    span: reader.span(node),
    endless: unconditional && node.nodeType === 'For' && !leadsOut(reader, node.body),
    unconditional,
    iterations: iterationsOf(source),
    iterates: source.kind === 'ref' ? source.name : undefined,
  };
  const items = itemsOf(source);
  const kept = items && items.length <= MAXIMUM_ROUNDS ? builtIn(reader, node.body) : [];
  reader.recorder.inLoop(loop, () => {
    reader.branch += 1;
    readTarget(reader, node.target, reader.machine.element(source));
    reader.branch -= 1;
    readRounds(reader, node.body);
  });
  inRounds(reader, kept, (index) => {
    const item = items?.[index];
    if (!item) return false;
    readTarget(reader, node.target, item);
    reader.statements(node.body);
    return true;
  });
  reader.branched(node.orelse);
};
