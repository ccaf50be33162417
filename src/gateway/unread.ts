import { sha256 } from '../core/verdict/digest.ts';

/** What the record knows of a text that was not understood: that it can be recognised, and how it is odd. Nothing of the text itself. */
export interface Unread {
  /** sha256:… of the text in UTF-8. */
  readonly digest: string;
  readonly characters: number;
  /** Of a closed set: what in it is no plain name or path. */
  readonly oddities: readonly Oddity[];
}

const ODDITIES = {
  Control: /[\p{Cc}\p{Cf}]/u,
  NotAscii: /[^\0-\x7f]/,
  Percent: /%/,
  Backslash: /\\/,
  Dots: /\.\./,
  DoubleSlash: /\/\//,
  DoubleUnderscore: /__/,
  Query: /[?#]/,
  UpperCase: /\p{Lu}/u,
} as const satisfies Readonly<Record<string, RegExp>>;

export type Oddity = keyof typeof ODDITIES;

/** A path or a name that could not be read, as far as it may go on record. Pure. */
export const unreadOf = (text: string): Unread => ({
  digest: `sha256:${sha256(text)}`,
  characters: text.length,
  oddities: (Object.keys(ODDITIES) as Oddity[]).filter((oddity) => ODDITIES[oddity].test(text)),
});
