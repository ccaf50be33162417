import { GENESIS, linked } from '../core/audit/chain.ts';
import type { Linked } from '../core/audit/chain.ts';
import type { CallRecord } from '../core/audit/call-record.ts';
import type { LogEvent } from '../core/audit/ocsf.ts';
import type { CallEvent } from '../gateway/contract.ts';

export interface CallLogPorts {
  /** Writes one line to the standard output; throws when it cannot. */
  readonly write: (line: string) => void;
  /** Name of this process, whose chain it is. */
  readonly writer: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const recordOf = ({ caller, ...rest }: CallEvent): CallRecord => ({
  activity: 'Call',
  ...(caller ? { request: caller.request, requester: { username: caller.requester } } : {}),
  ...rest,
});

/**
 * The record of every call: a hash chain of its own for each gateway process, from its first line on. What cannot be written throws,
 * and the chain stays where it was.
 */
export function openCallLog({ write, writer, now }: CallLogPorts): (event: CallEvent) => void {
  let { head } = take(linked({ activity: 'Open', writer, lost: 0 }, GENESIS, now()), write);
  return (event) => {
    const record: LogEvent = recordOf(event);
    ({ head } = take(linked(record, head, now()), write));
  };
}

function take(next: Linked, write: (line: string) => void): Linked {
  write(next.line);
  return next;
}
