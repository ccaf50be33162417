import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { unreadParts } from '../unread.ts';

/**
 * What cannot be read is denied: nobody knows what it does. That holds for syntax errors, nesting beyond what the parsers can follow,
 * more than 256 KiB, and analyses that were stopped. A text that is only quoted in the program (an argument of eval, of a shell) and
 * does not parse is left to the rules for dynamic code: in most cases it would fail when run, too.
 */
export default defineRule({
  id: 'ANY-PARSE',
  version: 1,
  title: { en: 'Program cannot be read', ja: '読み取れないプログラム' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [1286],
  attack: ['T1027'],
  forbids: {
    en: 'Programs that do not parse, are nested too deeply, are larger than 256 KiB, or whose analysis did not end in time.',
    ja: '構文解析できない、入れ子が深すぎる、256 KiB を超える、または解析が時間内に終わらないプログラム。',
  },
  allows: {
    en: 'Texts quoted inside a program that do not parse: they are judged by the rules for dynamic code.',
    ja: 'プログラム内の文字列で構文解析できないもの(動的コードの規則で判定します)。',
  },
  message: {
    en: 'The program cannot be read, so nobody knows what it does.',
    ja: 'プログラムを読み取れないため、何をするか分かりません。',
  },
  remedy: {
    en: 'Correct the syntax, or split the program into smaller ones.',
    ja: '構文を直すか、プログラムを小さく分けてください。',
  },
  needs: ['troubles'],
  *check(program): Iterable<Hit> {
    for (const trouble of unreadParts(program)) yield { span: trouble.span, message: trouble.message };
  },
});
