import { canonicalJson, sha256 } from '../verdict/digest.ts';
import { ocsfOf } from './ocsf.ts';
import type { LogEvent } from './ocsf.ts';

/** The end of a chain. */
export interface Head {
  /** Of the last record, from 1. */
  readonly sequence: number;
  /** sha256 of the last record, hexadecimal. */
  readonly hash: string;
}

/** Before the first record. */
export const GENESIS: Head = { sequence: 0, hash: '0'.repeat(64) };

export interface Linked {
  /** One line of canonical JSON, without a line feed. */
  readonly line: string;
  readonly head: Head;
}

interface Unlinked {
  readonly unmapped: object;
}

/** sha256 of a record without its own hash; the hash of the one before is part of it. */
export const hashOf = (record: Unlinked): string => {
  const { hash: _own, ...unmapped } = record.unmapped as { readonly hash?: string };
  return sha256(canonicalJson({ ...record, unmapped }));
};

/** An event as the next record of a chain. `time`: epoch milliseconds. */
export function linked(event: LogEvent, before: Head, time: number): Linked {
  const sequence = before.sequence + 1;
  const record = ocsfOf(event, { time, sequence, previous: before.hash });
  const hash = hashOf(record);
  return {
    line: canonicalJson({ ...record, unmapped: { ...record.unmapped, hash } }),
    head: { sequence, hash },
  };
}
