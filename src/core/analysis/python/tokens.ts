/** A comment, text or bracket of a program, found without understanding the program: it may well not parse. */
export interface RoughToken {
  readonly kind: 'comment' | 'text' | 'opening' | 'closing';
  readonly offset: number;
  /** Where it ends, exclusive. */
  readonly end: number;
  /** False for a text that the end of its line, or of the program, cuts short. */
  readonly isWhole: boolean;
}

/** Comments, long texts, texts of one line (that a backslash may continue), brackets. */
const TOKEN =
  /#[^\r\n]*|("""|''')(?:\\[^]|(?!\1)[^])*(\1)?|(["'])(?:\\(?:\r\n|[^])|(?!\3)[^\\\r\n])*(\3)?|[([{]|[)\]}]/g;

function roughKind(token: string): RoughToken['kind'] {
  if (token.startsWith('#')) return 'comment';
  if (token === '(' || token === '[' || token === '{') return 'opening';
  return token === ')' || token === ']' || token === '}' ? 'closing' : 'text';
}

export function* roughTokensOf(text: string): Generator<RoughToken> {
  for (const match of text.matchAll(TOKEN)) {
    const kind = roughKind(match[0]);
    const isWhole = kind !== 'text' || match[2] !== undefined || match[4] !== undefined;
    yield { kind, offset: match.index, end: match.index + match[0].length, isWhole };
  }
}
