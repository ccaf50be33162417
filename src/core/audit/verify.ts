import { hashOf } from './chain.ts';
import type { Head } from './chain.ts';

/** A record's place and hash as the status of a request keeps it. */
export interface Anchor extends Head {
  /** namespace/name of the request. */
  readonly request: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

export type ProblemKind =
  /** A line that is no record. */
  | 'Unreadable'
  /** A record that is not what was written. */
  | 'Changed'
  /** Records that are not there. */
  | 'Missing'
  /** A record that stands where another belongs. */
  | 'Reordered'
  /** A request names another record than the one that stands there. */
  | 'Rewritten';

export interface Problem {
  readonly kind: ProblemKind;
  readonly message: string;
}

export interface Verification {
  readonly records: number;
  /** Sequences of the first and last record; 0 where there are none. */
  readonly first: number;
  readonly last: number;
  readonly anchors: number;
  readonly problems: readonly Problem[];
  /** Records that only the standard output of a process that ended has. */
  readonly lost: number;
}

/** What is in status so long before it is saved at the latest: the controller saves every ten seconds. */
const UNSAVED_MILLISECONDS = 60_000;

interface Entry {
  readonly sequence: number;
  readonly hash: string;
  readonly previous: string;
  readonly lost: number;
  readonly whole: { readonly unmapped: object };
}

function recordOf(line: string): Entry | undefined {
  try {
    const whole = JSON.parse(line) as {
      readonly metadata?: { readonly sequence?: unknown };
      readonly unmapped?: { readonly hash?: unknown; readonly previous?: unknown; readonly lost?: unknown };
    };
    const { hash, previous, lost = 0 } = whole.unmapped ?? {};
    const sequence = whole.metadata?.sequence;
    if (!Number.isSafeInteger(sequence) || typeof hash !== 'string' || typeof previous !== 'string')
      return undefined;
    return {
      sequence: sequence as number,
      hash,
      previous,
      lost: typeof lost === 'number' ? lost : 0,
      whole: whole as Entry['whole'],
    };
  } catch {
    return undefined;
  }
}

function followProblem(record: Entry, before: Entry): Problem | undefined {
  const gap = record.sequence - before.sequence - 1;
  if (gap < 0)
    return {
      kind: 'Reordered',
      message: `Record ${record.sequence} stands after record ${before.sequence}.`,
    };
  if (gap > 0 && record.lost === gap) return undefined;
  if (gap > 0) {
    const range =
      gap === 1
        ? `Record ${before.sequence + 1} is`
        : `Records ${before.sequence + 1} to ${record.sequence - 1} are`;
    return { kind: 'Missing', message: `${range} missing.` };
  }
  return record.previous === before.hash
    ? undefined
    : { kind: 'Changed', message: `Record ${record.sequence} does not follow on record ${before.sequence}.` };
}

interface Walked {
  readonly records: ReadonlyMap<number, Entry>;
  readonly problems: Problem[];
  readonly lost: ReadonlySet<number>;
}

function walk(lines: readonly string[]): Walked {
  const problems: Problem[] = [];
  const records = new Map<number, Entry>();
  const lost = new Set<number>();
  let before: Entry | undefined;
  for (const [index, line] of lines.entries()) {
    const record = recordOf(line);
    if (!record) {
      problems.push({ kind: 'Unreadable', message: `Line ${index + 1} is no record.` });
      continue;
    }
    if (hashOf(record.whole) !== record.hash)
      problems.push({ kind: 'Changed', message: `Record ${record.sequence} is not what was written.` });
    const problem = before && followProblem(record, before);
    if (problem) problems.push(problem);
    for (let number = 1; number <= record.lost; number += 1) lost.add(record.sequence - number);
    records.set(record.sequence, record);
    before = record;
  }
  return { records, problems, lost };
}

function anchorProblem(
  anchor: Anchor,
  { records, lost }: Walked,
  { first, last }: { readonly first: number; readonly last: number },
  now: number,
): Problem | undefined {
  const { request, sequence, hash, time } = anchor;
  const found = records.get(sequence);
  if (found)
    return found.hash === hash
      ? undefined
      : {
          kind: 'Rewritten',
          message: `${request} names another record ${sequence} than the one that stands there.`,
        };
  const tooOld = sequence < first;
  const tooNew = sequence > last && now - time < UNSAVED_MILLISECONDS;
  if (tooOld || tooNew || lost.has(sequence)) return undefined;
  return { kind: 'Missing', message: `${request} names record ${sequence}, which is not there.` };
}

/**
 * Checks that a log is what was written: each record by its hash, each link, and each record that a request names in its status.
 * `lines` in order; what came before the first cannot be told. `now`: epoch milliseconds.
 */
export function verify(lines: readonly string[], anchors: readonly Anchor[], now: number): Verification {
  const walked = walk(lines);
  const sequences = [...walked.records.keys()];
  const range = {
    first: sequences.reduce((least, sequence) => Math.min(least, sequence), sequences[0] ?? 0),
    last: sequences.reduce((most, sequence) => Math.max(most, sequence), 0),
  };
  const atAnchors = anchors.flatMap((anchor) => anchorProblem(anchor, walked, range, now) ?? []);
  return {
    records: walked.records.size,
    ...range,
    anchors: anchors.length,
    problems: [...walked.problems, ...atAnchors],
    lost: [...walked.lost].filter((sequence) => !walked.records.has(sequence)).length,
  };
}
