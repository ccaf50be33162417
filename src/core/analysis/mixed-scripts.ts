import type { Document } from './document.ts';
import type { Disguised } from './program/program.ts';

/**
 * Letters of other scripts that look like Latin ones in nearly every typeface (UTS #39). Greek small letters but omicron are not
 * among them: formulas use them for what they are.
 */
const LIKE_LATIN = [
  // Cyrillic
  ['аԁеһіјӏорԛѕѵԝхуүс', 'adehijlopqsvwxyyc'],
  ['АВСЕԌНІЈКМОРԚЅТѴԜХУҮ', 'ABCEGHIJKMOPQSTVWXYY'],
  // Greek
  ['οΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'oABEZHIKMNOPTYX'],
  // Armenian
  ['օոսհցզՍՕՏԼ', 'onuhgqUOSL'],
  // Cherokee
  ['ᎠᎡᎢᎪᎫᎬᎳᎷᎻᏀᏃᏒᏙᏚᏞᏟᏢᏦᏴ', 'DRTAJEWMHGZRVSLCPKB'],
] as const;

const LATIN_OF = new Map(
  LIKE_LATIN.flatMap(([others, latin]) => [...others].map((other, index) => [other, latin[index] ?? ''])),
);

/** One letter of these is enough to look closer. */
const OTHERS = new RegExp(`[${[...LATIN_OF.keys()].join('')}]`);
const WORD = /[\p{L}\p{M}\p{N}_$]+/gu;
const ASCII_NAME = /^[\w$]+$/;

/** Whether the text holds any letter that could be taken for a Latin one. Next to no program does. */
export const mayMixScripts = (text: string): boolean => OTHERS.test(text);

/** The Latin word for which an identifier will be taken; undefined when it is in one script, or shows that it is not Latin. */
export function takenFor(word: string): string | undefined {
  if (!/[a-z]/i.test(word) || !OTHERS.test(word)) return undefined;
  const shown = [...word].map((letter) => LATIN_OF.get(letter) ?? letter).join('');
  return ASCII_NAME.test(shown) ? shown : undefined;
}

/** A part of a text, `end` exclusive. */
export interface Part {
  readonly offset: number;
  readonly end: number;
}

/** The identifiers of mixed script in a text, without those in its quoted parts and comments. */
export function* mixedOutside(document: Document, quoted: Iterable<Part>): Generator<Disguised> {
  let rest = '';
  for (const { offset, end } of quoted)
    rest += document.text.slice(rest.length, offset) + ' '.repeat(end - offset);
  rest += document.text.slice(rest.length);
  for (const { 0: written, index } of rest.matchAll(WORD)) {
    const meant = takenFor(written);
    if (meant !== undefined) yield { written, meant, span: document.spanAt(index, index + written.length) };
  }
}
