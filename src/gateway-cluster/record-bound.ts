import type { CallEvent } from '../gateway/contract.ts';

/** Refused calls of one caller that have a record of their own within a minute. */
export const RECORDS_PER_MINUTE = 30;
const MINUTE = 60_000;
/** Callers that are looked at by themselves; those beyond count as one. */
const MAX_CALLERS = 4096;

interface Caller {
  /** Epoch milliseconds at which its minute began. */
  readonly since: number;
  records: number;
  keptBack: number;
  last: CallEvent | undefined;
}

/**
 * Whether a record is bounded by something else: calls that were let as far as their arguments are, by the pace of their operation. What
 * is refused before, for its target, its token, its grant or its pace, costs the caller nothing.
 */
const isBounded = ({ outcome, requestBytes }: CallEvent): boolean =>
  outcome !== 'Refused' || requestBytes !== undefined;

/**
 * Keeps the record from being flooded. Of what one caller is refused within a minute the first calls have a record each; the last one has
 * one when the minute is over, and says how many others there were. So nothing is left uncounted, and nobody can drown the rest.
 */
export class RecordBound {
  readonly #callers = new Map<string, Caller>();
  readonly #now: () => number;

  /** `now`: epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether an event has a record of its own, now; one that has not is kept until its minute is over. */
  admits(event: CallEvent): boolean {
    if (isBounded(event)) return true;
    const caller = this.#of(event);
    if (caller.records < RECORDS_PER_MINUTE) {
      caller.records += 1;
      return true;
    }
    caller.keptBack += 1;
    caller.last = event;
    return false;
  }

  /** Writes what was kept back of minutes that are over, or of all. What cannot be written is kept. */
  tell(write: (event: CallEvent) => void, all = false): void {
    for (const [key, { since, last, keptBack }] of this.#callers) {
      if (!all && this.#now() - since < MINUTE) continue;
      if (last) write(keptBack > 1 ? { ...last, others: keptBack - 1 } : last);
      this.#callers.delete(key);
    }
  }

  #of({ caller, address = '' }: CallEvent): Caller {
    const own = caller ? `request ${caller.request.uid}` : `address ${address}`;
    const key = this.#callers.has(own) || this.#callers.size < MAX_CALLERS ? own : '';
    const known = this.#callers.get(key) ?? { since: this.#now(), records: 0, keptBack: 0, last: undefined };
    this.#callers.set(key, known);
    return known;
  }
}
