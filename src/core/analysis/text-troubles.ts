import type { Document } from './document.ts';
import type { Family, Trouble } from './program/program.ts';

const SENTENCES = {
  nul: {
    en: 'The text holds a NUL character, which parsers treat differently.',
    ja: 'NUL 文字が含まれています(処理系により解釈が異なります)。',
  },
  cr: {
    en: 'A lone carriage return hides code from readers: it ends a line for Python, and not for most editors.',
    ja: '単独の CR(復帰)がコードを隠しています。Python では改行ですが、多くのエディターでは改行に見えません。',
  },
  cookie: {
    en: 'The encoding comment makes Python read another text than the one shown.',
    ja: 'エンコーディング指定により、Python は表示と異なるテキストを読みます。',
  },
  bidi: {
    en: 'Bidirectional control characters show the text in another order than it runs.',
    ja: '双方向制御文字により、実行順と異なる順序で表示されます。',
  },
  invisible: {
    en: 'Invisible characters hide what the text says.',
    ja: '不可視文字がテキストの内容を隠しています。',
  },
  named: {
    en: 'Names that a program made hide what the code does.',
    ja: 'プログラムで生成された名前が、コードの内容を隠しています。',
  },
  escaped: {
    en: 'Plain letters are written as numbers, so that nobody reads them.',
    ja: '普通の文字が番号で書かれ、読めなくなっています。',
  },
  far: { en: 'Code stands far to the right, out of sight.', ja: 'コードが画面外の右端に置かれています。' },
} as const;

const HARMLESS_CODINGS = /^(?:utf-?8|utf-?8-sig|u8|ascii|us-ascii|latin-?1|iso-?8859-?1|iso-latin-1|cp1252)$/;

const FIRST_LINES = /^[^\r\n]*(?:\r\n?|\n)?[^\r\n]*/;

/** PEP 263: a comment in the first two lines. */
function codingOf(document: Document): { coding: string; line: number } | undefined {
  if (FIRST_LINES.exec(document.text)?.[0].includes('coding') !== true) return undefined;
  for (const [index, line] of document.lines.slice(0, 2).entries()) {
    const coding = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/.exec(line)?.[1];
    if (coding !== undefined) return { coding, line: index + 1 };
    if (!/^[ \t\f]*(?:#.*)?$/.test(line)) return undefined;
  }
  return undefined;
}

function* matches(
  document: Document,
  pattern: RegExp,
  kind: Trouble['kind'],
  sentence: keyof typeof SENTENCES,
): Generator<Trouble> {
  const match = pattern.exec(document.text);
  if (match)
    yield {
      kind,
      message: SENTENCES[sentence],
      span: document.spanAt(match.index, match.index + match[0].length),
    };
}

/** Any of what is looked for one by one where there is any: most texts have none. */
// oxlint-disable-next-line no-control-regex -- NUL is what is looked for
const ANY = /[\u0000\u200b-\u200d\u202a-\u202e\u2060\u2066-\u2069\ufeff]|[ \t]{200}|\r(?!\n)/;

/** What is wrong with the characters of a text, in any language. */
function oddCharacters(document: Document): readonly Trouble[] {
  return [
    // oxlint-disable-next-line no-control-regex -- NUL is what is looked for
    ...matches(document, /\u0000/, 'encoding', 'nul'),
    ...matches(document, /[\u202a-\u202e\u2066-\u2069]/, 'invisible', 'bidi'),
    ...matches(document, /(?!^)[\ufeff\u200b\u2060]|\w[\u200c\u200d]\w/, 'invisible', 'invisible'),
    ...matches(document, /\S[ \t]{200,}[^\s#]/, 'invisible', 'far'),
  ];
}

/** As obfuscators call what they rename, and many of them. */
const MADE_NAME = /\b_0x[\da-f]{4,8}\b/g;
const MANY_NAMES = 4;
/** Letters, digits and signs of which words and calls are made, one after the other: none needs to be escaped. */
const ESCAPED = /(?:\\(?:x|u00|u\{)(?:2[0278e-f9b]|3[\dab]|[46][1-9a-f]|[57][\da]|5f)\}?){8,}/i;
const mayBeObscured = (text: string): boolean =>
  text.includes('\\x') || text.includes('\\u') || text.includes('_0x');

/** What was made so that people cannot read it. */
function* obscured(document: Document): Generator<Trouble> {
  const names = new Set<string>();
  for (const { 0: name, index } of document.text.matchAll(MADE_NAME)) {
    names.add(name);
    if (names.size < MANY_NAMES) continue;
    yield { kind: 'obscured', message: SENTENCES.named, span: document.spanAt(index, index + name.length) };
    break;
  }
  yield* matches(document, ESCAPED, 'escaped', 'escaped');
}

/** What is wrong with the text itself, before anything is parsed. One of each kind is enough. */
export function textTroubles(document: Document, family: Family): readonly Trouble[] {
  const isOdd = ANY.test(document.text);
  const troubles = isOdd ? [...oddCharacters(document)] : [];
  if (mayBeObscured(document.text)) troubles.push(...obscured(document));
  if (family !== 'Python') return troubles;
  if (isOdd) troubles.push(...matches(document, /\r(?!\n)/, 'encoding', 'cr'));
  const coding = codingOf(document);
  if (coding && !HARMLESS_CODINGS.test(coding.coding.toLowerCase().replaceAll('_', '-'))) {
    const length = document.lines[coding.line - 1]?.length ?? 0;
    troubles.push({
      kind: 'encoding',
      message: SENTENCES.cookie,
      span: { line: coding.line, column: 1, endLine: coding.line, endColumn: length + 1 },
    });
  }
  return troubles;
}
