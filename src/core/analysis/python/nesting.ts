import { roughTokensOf } from './tokens.ts';

/** Brackets in brackets that CPython reads: MAXLEVEL in Parser/lexer/state.h. What nests deeper is no Python program. */
export const MAX_BRACKETS = 200;

/** Whether there are more opening brackets at all than may stand in one another. */
function hasMany(text: string): boolean {
  let opening = 0;
  for (const bracket of '([{')
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      opening += 1;
      if (opening > MAX_BRACKETS) return true;
    }
  return false;
}

/**
 * The offset of the first bracket that stands deeper than CPython reads; undefined where none does. Asked before the parser, whose
 * own limit is the stack that happens to be left: the same program must get the same answer everywhere.
 */
export function tooDeepBracket(text: string): number | undefined {
  if (!hasMany(text)) return undefined;
  let depth = 0;
  for (const { kind, offset } of roughTokensOf(text)) {
    if (kind === 'opening') depth += 1;
    else if (kind === 'closing') depth = Math.max(0, depth - 1);
    if (depth > MAX_BRACKETS) return offset;
  }
  return undefined;
}
