import { roughTokensOf } from './tokens.ts';

/** Where something begins that never ends. */
export interface Unclosed {
  readonly kind: 'text' | 'bracket';
  readonly offset: number;
}

/** The letters before a text that belong to it: r, b, u, f, t, and two of them. */
const PREFIX = /(?<![\w])[bfrtu]{1,2}$/i;

function beginningOf(text: string, quote: number): number {
  const prefix = PREFIX.exec(text.slice(Math.max(0, quote - 3), quote));
  return quote - (prefix?.[0].length ?? 0);
}

/**
 * The first text that never ends, or else the innermost bracket that is open at the end: what CPython complains about, wherever
 * a parser notices that something is amiss. Only for programs that do not parse.
 */
export function unclosedIn(text: string): Unclosed | undefined {
  const open: number[] = [];
  for (const { kind, offset, isWhole } of roughTokensOf(text)) {
    if (!isWhole) return { kind: 'text', offset: beginningOf(text, offset) };
    if (kind === 'opening') open.push(offset);
    else if (kind === 'closing') open.pop();
  }
  const last = open.at(-1);
  return last === undefined ? undefined : { kind: 'bracket', offset: last };
}

/** Texts in three quotes with a prefix: where they do not end, py-ast takes the rest of the program for them, and says nothing. */
const LONG_WITH_PREFIX = /(?:[bru]|r[ft])(?:"""|''')/i;

/** Whether the end of the program cuts a long text short. */
export function endsInText(text: string): boolean {
  if (!LONG_WITH_PREFIX.test(text)) return false;
  const last = [...roughTokensOf(text)].at(-1);
  return last !== undefined && !last.isWhole && /^(?:"""|''')/.test(text.slice(last.offset, last.offset + 3));
}
