import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const DISGUISE = {
  en: 'This means something else than it shows.',
  ja: '見た目と異なる意味を持つ書き方です。',
};

/**
 * Bidirectional and invisible control characters, identifiers that mean other ones after normalisation, identifiers of
 * Latin letters and of others that look like Latin ones, code far to the right, NUL characters in scripts, words glued
 * together by $IFS, plain letters written as numbers. High for the names that obfuscators make.
 *
 * Left alone: Identifiers that are wholly in one script, or have letters that nobody takes for Latin ones; mixed words in
 * texts and comments; joiners in emoji, a byte-order mark at the beginning.
 */
export default defineRule({
  id: 'ANY-OBFUSC',
  version: 3,
  title: { en: 'Hides what it says', ja: '難読化' },
  severity: 'Medium',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [506],
  attack: ['T1027'],
  forbids: {
    en: 'Bidirectional and invisible control characters, identifiers that mean other ones after normalisation, identifiers that mix Latin letters with letters of other scripts that look like them, code far to the right, NUL characters in scripts, words glued together by $IFS, plain letters written as numbers. High for the names that obfuscators make.',
    ja: '双方向制御文字や不可視文字、正規化で別の意味になる識別子、ラテン文字とそれに似た他の文字体系の文字が混在する識別子、画面外の右端のコード、スクリプト中の NUL、$IFS でつないだ単語、番号で書かれた普通の文字。難読化ツールが作る名前は High。',
  },
  allows: {
    en: 'Identifiers that are wholly in one script, or have letters that nobody takes for Latin ones; mixed words in texts and comments; joiners in emoji, a byte-order mark at the beginning.',
    ja: '一つの文字体系だけの識別子、ラテン文字と見間違えない文字を含む識別子、文字列やコメントの中の混在、絵文字の結合文字、先頭の BOM。',
  },
  message: {
    en: 'The text is written so that people read it wrongly.',
    ja: '人が読み誤るように書かれています。',
  },
  remedy: { en: 'Write plain text.', ja: '普通の文字で書いてください。' },
  needs: ['disguised', 'troubles'],
  *check(program): Iterable<Hit> {
    for (const { span } of program.disguised) yield { span, message: DISGUISE };
    for (const { kind, span, message } of program.troubles) {
      if (kind === 'obscured') yield { span, message, severity: 'High' };
      if (kind === 'invisible' || kind === 'escaped' || (kind === 'encoding' && program.family !== 'Python'))
        yield { span, message };
    }
  },
});
