export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is set and not understood; the message is for a person. */
export class Misset extends Error {}

const MAX_CHARACTERS = 8192;
const MAX_PAIRS = 64;
const SHOWN = 100;

/** The variable, its value, and what would be right. */
export const misset = (name: string, value: string, remedy: string): Misset =>
  new Misset(`${name} is "${value.slice(0, SHOWN)}": ${remedy}`);

/** Reads variables by their kind. What is empty counts as not set; what is wrong throws. */
export interface Variables {
  readonly text: (name: string) => string | undefined;
  readonly word: (name: string, words: readonly string[]) => string | undefined;
  /** A whole number from 1. */
  readonly whole: (name: string, max: number) => number | undefined;
  readonly ratio: (name: string) => number | undefined;
  /** name=value,name=value; names and values may be percent-encoded. The values of a secret stand in no message. */
  readonly pairs: (name: string, kind?: 'secret') => Readonly<Record<string, string>> | undefined;
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,255}$/;
const PRINTABLE = /^[\x20-\x7e]{0,4096}$/;

/** One name=value; undefined where it is none. */
function pairOf(text: string): readonly [string, string] | undefined {
  const at = text.indexOf('=');
  try {
    const name = decodeURIComponent(text.slice(0, Math.max(at, 0)).trim());
    const value = decodeURIComponent(text.slice(at + 1).trim());
    return NAME.test(name) && PRINTABLE.test(value) ? [name, value] : undefined;
  } catch {
    return undefined;
  }
}

function pairsOf(text: string): Readonly<Record<string, string>> | undefined {
  const parts = text.split(',').filter((part) => part.trim() !== '');
  const pairs = parts.flatMap((part) => {
    const pair = pairOf(part);
    return pair ? [pair] : [];
  });
  return pairs.length === parts.length && pairs.length <= MAX_PAIRS ? Object.fromEntries(pairs) : undefined;
}

export function variablesOf(environment: Environment): Variables {
  const text = (name: string): string | undefined => {
    const value = environment[name]?.trim();
    if (value === undefined || value === '') return undefined;
    if (value.length > MAX_CHARACTERS)
      throw new Misset(`${name} has ${value.length} characters: write at most ${MAX_CHARACTERS}`);
    return value;
  };
  const read = <T>(name: string, as: (value: string) => T | undefined, remedy: string): T | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const found = as(value);
    if (found === undefined) throw misset(name, value, remedy);
    return found;
  };
  return {
    text,
    word: (name, words) =>
      read(name, (value) => words.find((one) => one === value), `write ${words.join(' or ')}`),
    whole: (name, max) => {
      const as = (value: string) => (/^[0-9]{1,9}$/.test(value) ? Number(value) : 0);
      const within = (value: string) => (as(value) >= 1 && as(value) <= max ? as(value) : undefined);
      return read(name, within, `write a whole number from 1 to ${max}`);
    },
    ratio: (name) => {
      const within = (value: string) =>
        Number(value) >= 0 && Number(value) <= 1 ? Number(value) : undefined;
      return read(name, within, 'write a number from 0 to 1');
    },
    pairs: (name, kind) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const pairs = pairsOf(value);
      if (pairs) return pairs;
      const remedy = `write at most ${MAX_PAIRS} pairs as name=value,name=value, percent-encoded where they hold a comma`;
      throw kind === 'secret'
        ? new Misset(`${name} is not understood: ${remedy}`)
        : misset(name, value, remedy);
    },
  };
}
