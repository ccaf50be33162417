import type { StmtNode } from 'py-ast';
import type { Value } from '../program/value.ts';
import { optionsOf } from '../program/value.ts';
import type { PythonReader } from './reader.ts';

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
