/** Part of a text: from `start` up to, and without, `end`, in UTF-16 units. */
export interface Found {
  readonly start: number;
  readonly end: number;
}

export type ContentId = 'secrets' | 'personalData' | 'injection';

/** What the gateway looks for in texts that go through it. One kind is one file, and one line in the list in index.ts. */
export interface ContentKind {
  readonly id: ContentId;
  /** What stands in place of what was blanked. */
  readonly mark: string;
  /** Whole: a text that holds it is blanked whole. Part: only what was found. */
  readonly blank: 'Whole' | 'Part';
  /** A quick look: false only where `find` finds nothing in any line of the text. `lower` is the text in lower case. */
  readonly mayHold: (text: string, lower: string) => boolean;
  /** Where it stands. Never throws, and takes time in proportion to the text. Full-width letters come in as plain ones. */
  readonly find: (text: string) => readonly Found[];
}

/** Every place at which a pattern with the flag g matches and, where given, what matched passes a test. */
export const placesOf = (
  text: string,
  pattern: RegExp,
  counts: (matched: string) => boolean = () => true,
): readonly Found[] =>
  [...text.matchAll(pattern)]
    .filter(([matched]) => counts(matched))
    .map(({ 0: matched, index }) => ({ start: index, end: index + matched.length }));

/** Whether one of these stands in a text: much faster than a pattern. */
export const holdsOneOf = (text: string, words: readonly string[]): boolean =>
  words.some((word) => text.includes(word));
