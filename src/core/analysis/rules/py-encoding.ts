import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

/**
 * An encoding comment other than UTF-8, ASCII or Latin-1, a lone carriage return, a NUL character.
 *
 * Left alone: Encoding comments that change nothing.
 */
export default defineRule({
  id: 'PY-ENCODING',
  version: 1,
  title: { en: 'Text that Python reads differently', ja: 'Python の解釈が表示と異なるテキスト' },
  severity: 'Critical',
  languages: ['Python'],
  cwe: [176],
  attack: ['T1027'],
  forbids: {
    en: 'An encoding comment other than UTF-8, ASCII or Latin-1, a lone carriage return, a NUL character.',
    ja: 'UTF-8・ASCII・Latin-1 以外のエンコーディング指定、単独の CR、NUL 文字。',
  },
  allows: { en: 'Encoding comments that change nothing.', ja: '影響のないエンコーディング指定。' },
  message: {
    en: 'Python reads another text here than people do.',
    ja: 'Python は人間が見るものと異なるテキストを読みます。',
  },
  remedy: {
    en: 'Write the program in UTF-8 with plain line ends.',
    ja: 'UTF-8 と通常の改行で書いてください。',
  },
  needs: ['troubles'],
  *check(program): Iterable<Hit> {
    for (const { kind, span, message } of program.troubles) if (kind === 'encoding') yield { span, message };
  },
});
