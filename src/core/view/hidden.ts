import { safeText } from '../run/text.ts';

/** Letters of scripts whose shapes pass for Latin ones. */
const LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/gu;
const WORD = /[\p{L}\p{N}_]+/gu;
const WORD_OR_REST = /[\p{L}\p{N}_]+|[^\p{L}\p{N}_]+/gu;
const LATIN = /\p{Script=Latin}/u;

/** A stretch of a line: as it stands, or the escape of one character that a person would not see, or mistake. */
export type Piece = string | { readonly hidden: string };

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

const withoutLookalikes = (word: string): string =>
  LATIN.test(word) ? word.replaceAll(LOOKALIKE, escaped) : word;

// A line that begins within a line would say something of its own.
const safeLine = (text: string): string => safeText(text).replaceAll('\n', '\\u000a');

/** A line as a person should see it: what is invisible, reorders text or passes for a Latin letter inside a Latin word is escaped. */
export const plainly = (line: string): string =>
  safeLine(line.toWellFormed().replaceAll(WORD, withoutLookalikes));

function* shown(line: string): Generator<Piece> {
  let plain = '';
  for (const [part] of line.matchAll(WORD_OR_REST)) {
    const isLatin = LATIN.test(part);
    for (const character of part) {
      const seen = safeLine(isLatin ? character.replaceAll(LOOKALIKE, escaped) : character);
      if (seen === character) {
        plain += character;
        continue;
      }
      if (plain !== '') yield plain;
      plain = '';
      yield { hidden: seen };
    }
  }
  if (plain !== '') yield plain;
}

/** The same as {@link plainly}, in pieces, so that an escape can be told from a text that only looks like one. */
export function piecesOf(line: string): readonly Piece[] {
  const whole = line.toWellFormed();
  return plainly(whole) === whole ? [whole] : [...shown(whole)];
}

/** The text of pieces. */
export const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : piece.hidden)).join('');
