import type { ContentKind, Found } from './content-kind.ts';
import { placesOf } from './content-kind.ts';
import { ibanLength, isCard, isIban, isMyNumber } from './numbers.ts';

const MAIL_LOCAL = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]/;
const MAIL_DOMAIN = /[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/y;

/** From each @ to both sides, as far as an address may go. */
function mailAddresses(text: string): readonly Found[] {
  const found: Found[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start < 64 && MAIL_LOCAL.test(text[start - 1] ?? '')) start -= 1;
    MAIL_DOMAIN.lastIndex = at + 1;
    const domain = MAIL_DOMAIN.exec(text)?.[0];
    if (start < at && domain !== undefined) found.push({ start, end: at + 1 + domain.length });
  }
  return found;
}

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '');

const DIGITS = /(?<![\w.-])\d(?:[ -]?\d){11,22}(?![\w-])/g;
const PHONES = [
  /\+\d(?:[ ().-]{0,2}\d){7,14}(?!\d)/g,
  /(?<![\w.-])0\d{1,4}-\d{1,4}-\d{3,4}(?![\w-])/g,
  /(?<![\w.-])0\d{1,4}\(\d{1,4}\)\d{4}(?!\d)/g,
  /(?<![\w.-])0[5789]0\d{8}(?![\w-])/g,
  /(?<![\w.-])\(\d{3}\) ?\d{3}-\d{4}(?![\w-])/g,
  /(?<![\w.-])\d{3}[-.]\d{3}[-.]\d{4}(?![\w-])/g,
];
/** What every number of these has: eight digits at the least with little between them, or the letters of a country before some. */
const ANY_NUMBER = /\d(?:[ ().-]{0,2}\d){7}|0\d{1,4}[(-]\d{1,4}[)-]\d{3}|[A-Z]{2}\d{2}/;
/** A date that is no part of a longer number is none, and dates stand everywhere. */
const DATES = /(?<![\w.+(-]|\d[ ().-]{1,2})(?:19|20)\d\d-[01]\d-[0-3]\d(?![ ().-]{0,2}\d)/g;

const IBAN = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}/g;

/** A candidate may be followed by a word in capitals: cut to the length that its country has. */
function ibans(text: string): readonly Found[] {
  return [...text.matchAll(IBAN)].flatMap(({ 0: candidate, index }) => {
    const length = ibanLength(candidate.slice(0, 2)) ?? 0;
    let end = 0;
    for (let taken = 0; taken < length && end < candidate.length; end += 1)
      if (candidate[end] !== ' ') taken += 1;
    return isIban(candidate.slice(0, end).replaceAll(' ', '')) ? [{ start: index, end: index + end }] : [];
  });
}

function numbers(text: string): readonly Found[] {
  const belongs = (matched: string) => isCard(digitsOf(matched)) || isMyNumber(digitsOf(matched));
  return [...placesOf(text, DIGITS, belongs), ...PHONES.flatMap((phone) => placesOf(text, phone))];
}

/** Mail addresses, phone numbers, payment cards, bank accounts (IBAN) and the number of a person in Japan. */
export const personalData: ContentKind = {
  id: 'personalData',
  mark: '[redacted: personal data]',
  blank: 'Part',
  mayHold: (text) => text.includes('@') || ANY_NUMBER.test(text.replaceAll(DATES, '')),
  find: (text) => [
    ...(text.includes('@') ? mailAddresses(text) : []),
    ...(/\d{2}/.test(text) ? [...numbers(text), ...ibans(text)] : []),
  ],
};
