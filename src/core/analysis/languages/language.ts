import type { Document, Span } from '../document.ts';
import type { Budget } from '../program/budget.ts';
import type { Family, Recorded } from '../program/program.ts';
import type { LanguageName, Sentence } from '../report.ts';

/** The program cannot be read. A refusal, not a fault: the engine turns it into a finding. */
export class Unreadable extends Error {
  readonly place: Span;
  readonly sentence: Sentence;

  constructor(place: Span, sentence: Sentence) {
    super(sentence.en);
    this.place = place;
    this.sentence = sentence;
  }
}

/** How a text came to be read as a program. */
export interface Reading {
  readonly budget: Budget;
  readonly depth: number;
  readonly taint: number;
  readonly host: Recorded['host'];
  /** The files that were handed in with it, which it may import. */
  readonly beside?: readonly Document[];
}

/** A language that Sekisho can read. */
export interface Language {
  readonly name: LanguageName;
  /** Whose rules judge it. */
  readonly family: Family;
  /** File endings, without the dot, by which further files are taken to be in it. */
  readonly extensions: readonly string[];
  /** What stands behind "#!" in its scripts. */
  readonly interpreters: readonly string[];
  /** Reads a document. Throws Unreadable, BudgetExceeded or, on deep nesting, RangeError. */
  read(document: Document, reading: Reading): Recorded;
}

/** A program in which nothing happens, to be filled. */
export function emptyProgram(family: Family, document: Document, reading: Reading): Recorded {
  return {
    family,
    document,
    depth: reading.depth,
    host: reading.host,
    taint: reading.taint,
    references: [],
    calls: [],
    loops: [],
    members: [],
    writes: [],
    imports: [],
    allocations: [],
    commands: [],
    recursive: new Set(),
    disguised: [],
    troubles: [],
  };
}
