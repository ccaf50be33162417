import type { Program, Trouble } from './program/program.ts';

/** Troubles that people may cause by a slip; in a text that is only quoted they mean that it would not run. */
const SLIPS = new Set<Trouble['kind']>(['syntax']);
const READABLE = new Set<Trouble['kind']>(['encoding', 'invisible', 'escaped', 'obscured']);

/** Why a program, or a part of it, could not be read to its end. Nobody knows what it does then. */
export function unreadParts({ troubles, depth }: Program): readonly Trouble[] {
  return troubles.filter(({ kind }) => !READABLE.has(kind) && !(depth > 0 && SLIPS.has(kind)));
}
