import type { StmtNode } from 'py-ast';
import type { Value } from '../program/value.ts';
import { optionsOf } from '../program/value.ts';
import { knownItems } from './items.ts';
import type { PythonReader } from './reader.ts';
import { readTarget } from './targets.ts';

type For = Extract<StmtNode, { nodeType: 'For' | 'AsyncFor' }>;

/** Names that mean something new after the body was read, by which its next round may do something else. */
function hasNewMeaning(before: ReadonlyMap<string, Value>, after: ReadonlyMap<string, Value>): boolean {
  for (const [name, value] of after) {
    const known = before.get(name);
    if (!known || known === value) continue;
    if (optionsOf(value).some(({ kind }) => kind === 'ref' || kind === 'closure' || kind === 'text'))
      return true;
  }
  return false;
}

/**
 * Reads the body of a loop. What its end assigns matters at its beginning in the next round, so it is read again when a name that was
 * known before has come to mean something else; once, and not again within that.
 */
export function readRounds(reader: PythonReader, body: readonly StmtNode[]): void {
  const { home } = reader.scope;
  reader.recorder.budget.spend(home.names.size >> 3);
  const before = new Map(home.names);
  reader.branched(body);
  if (reader.again || reader.recorder.budget.isHalfSpent || !hasNewMeaning(before, home.names)) return;
  reader.again = true;
  reader.branched(body);
  reader.again = false;
}

const MAXIMUM_ROUNDS = 128;
const MAXIMUM_STATEMENTS = 6;

/** A statement that does nothing but put values together. */
const isPlain = ({ nodeType }: StmtNode): boolean =>
  nodeType === 'Assign' || nodeType === 'AugAssign' || nodeType === 'AnnAssign' || nodeType === 'Expr';

/** A short loop over constants that puts a text or a list together is followed round by round, unrecorded, for what it gives in the end. */
export function unroll(
  reader: PythonReader,
  node: For,
  { source, before }: { source: Value; before: ReadonlyMap<string, Value> },
): void {
  const items = knownItems(source, Math.min(reader.roundsLeft, MAXIMUM_ROUNDS));
  const { home } = reader.scope;
  if (
    !items ||
    items.length === 0 ||
    items.length > MAXIMUM_ROUNDS ||
    node.body.length > MAXIMUM_STATEMENTS ||
    !node.body.every(isPlain)
  )
    return;
  if (reader.again) return;
  const changed = [...home.names].filter(([name, value]) => before.has(name) && before.get(name) !== value);
  if (!changed.some(([name]) => isBuilt(before.get(name)))) return;
  for (const [name] of changed) {
    const value = before.get(name);
    if (value) home.declare(name, value);
  }
  reader.following(items.length, () => {
    for (const item of items) {
      readTarget(reader, node.target, item);
      reader.statements(node.body);
    }
  });
}

/** A text or a list that was begun before the loop. */
const isBuilt = (value: Value | undefined): boolean => value?.kind === 'text' || value?.kind === 'sequence';
