/** Brackets in brackets that CPython reads: MAXLEVEL in Parser/lexer/state.h. What nests deeper is no Python program. */
export const MAX_BRACKETS = 200;

/** Comments and texts, which may be cut short by the end of a line or of the program, and brackets. */
const TOKEN =
  /#[^\n]*|("""|''')(?:\\[^]|(?!\1)[^])*\1?|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?|[([{]|[)\]}]/g;
const BRACKET = /[([{]/g;

/**
 * The offset of the first bracket that stands deeper than CPython reads; undefined where none does. Asked before the parser, whose
 * own limit is the stack that happens to be left: the same program must get the same answer everywhere.
 */
export function tooDeepBracket(text: string): number | undefined {
  let opening = 0;
  BRACKET.lastIndex = 0;
  while (opening <= MAX_BRACKETS && BRACKET.test(text)) opening += 1;
  BRACKET.lastIndex = 0;
  if (opening <= MAX_BRACKETS) return undefined;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if ('([{'.includes(token)) depth += 1;
    else if (')]}'.includes(token)) depth = Math.max(0, depth - 1);
    if (depth > MAX_BRACKETS) return index;
  }
  return undefined;
}
