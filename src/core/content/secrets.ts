import type { ContentKind, Found } from './content-kind.ts';
import { holdsOneOf, placesOf } from './content-kind.ts';
import { KEY_SHAPES } from './key-shapes.ts';

const BEGIN = '-----BEGIN ';
const PEM_HEAD = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;
const END = '-----END ';

/** From the first line of a private key to its last, or to the end of the text. */
function privateKeys(text: string): readonly Found[] {
  const found: Found[] = [];
  for (const { start, end } of text.includes(BEGIN) ? placesOf(text, PEM_HEAD) : []) {
    if (start < (found.at(-1)?.end ?? 0)) continue;
    const tail = text.indexOf(END, end);
    const close = tail < 0 ? -1 : text.indexOf('-----', tail + END.length);
    found.push({ start, end: close < 0 ? text.length : close + 5 });
  }
  return found;
}

/** The look-behind lets one attempt begin in each run of letters only, so that no text takes longer than its length. */
const TOKENS = [
  KEY_SHAPES,
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  /\b(?:Bearer|Basic) {1,4}[\w.~+/-]{16,}={0,2}/gi,
  /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,15}:\/\/[^\s/:@]{1,64}:[^\s/@]{1,128}@/gi,
];

/** How each of them begins, in lower case. A shape that is added to KEY_SHAPES needs its beginning here, which a test holds together. */
const BEGINNINGS = [
  'akia',
  'asia',
  'ghp_',
  'gho_',
  'ghu_',
  'ghs_',
  'ghr_',
  'github_pat_',
  'xox',
  'sk-',
  'aiza',
  'glpat-',
  'npm_',
  '-----begin',
  'eyj',
  'bearer ',
  'basic ',
  '://',
];

/** Keys of known shapes, JSON web tokens, credentials of headers and URLs, private keys. */
export const secrets: ContentKind = {
  id: 'secrets',
  mark: '[redacted: secret]',
  blank: 'Part',
  mayHold: (_text, lower) => holdsOneOf(lower, BEGINNINGS),
  find: (text) =>
    text.length < 16 ? [] : [...privateKeys(text), ...TOKENS.flatMap((token) => placesOf(text, token))],
};
