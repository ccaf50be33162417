import type { Recorder } from './recorder.ts';
import type { Scope } from './scope.ts';
import type { Value } from './value.ts';

/** Longer loops are not gone through. */
export const MAXIMUM_ROUNDS = 256;
/** Nor are loops with longer bodies. */
export const MAXIMUM_STATEMENTS = 8;

/** A name that a loop gives a value, where it lives, and its value before the loop. */
interface Kept {
  readonly name: string;
  readonly owner: Scope;
  readonly before: Value;
}

/** The values that names have before a loop. */
export function valuesBefore(scope: Scope, names: Iterable<string>): readonly Kept[] {
  return [...names].flatMap((name) => {
    const owner = scope.owner(name);
    const before = owner?.names.get(name);
    return owner && before ? [{ name, owner, before }] : [];
  });
}

/** One round; false when there is none left, undefined when that is not known. */
type Round = (index: number) => boolean | undefined;

function endOf(recorder: Recorder, round: Round): boolean {
  for (let index = 0; index <= MAXIMUM_ROUNDS && !recorder.budget.isHalfSpent; index += 1) {
    const more = round(index);
    if (more !== true) return more === false;
  }
  return false;
}

/**
 * Learns what a short loop over constants builds, a decoder for example: once the loop was read, its rounds are gone through one after the
 * other, without a record, from the values before it. Where the end is not reached, what the reading found stands.
 */
export function goThrough(recorder: Recorder, kept: readonly Kept[], branch: number, round: Round): void {
  recorder.quietly(() => {
    const after = kept.map(({ name, owner, before }) => {
      const value = owner.names.get(name) ?? before;
      owner.declare(name, before);
      return value;
    });
    const ended = endOf(recorder, round);
    kept.forEach(({ name, owner, before }, index) => {
      const built = owner.names.get(name) ?? before;
      owner.declare(name, ended ? before : (after[index] ?? before));
      if (ended) owner.assign(name, built, branch);
    });
  });
}
