import { callsTo, namesOf } from '../matching/names.ts';
import { TAINT } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const LOOKUPS = namesOf(
  'socket.gethostbyname socket.gethostbyname_ex socket.getaddrinfo dns.* dns.promises.*',
);

/**
 * A secret or a value of the environment put into a name that is looked up.
 *
 * Left alone: Looking up names that are written in the program.
 */
export default defineRule({
  id: 'ANY-DNS-EXFIL',
  version: 1,
  title: { en: 'Sends data in host names', ja: 'ホスト名による持ち出し' },
  severity: 'High',
  languages: ['Python', 'JavaScript'],
  cwe: [200],
  attack: ['T1048.003'],
  forbids: {
    en: 'A secret or a value of the environment put into a name that is looked up.',
    ja: '秘密や環境変数の値を含む名前の問い合わせ。',
  },
  allows: {
    en: 'Looking up names that are written in the program.',
    ja: 'プログラムに書かれた名前の問い合わせ。',
  },
  message: {
    en: 'The program sends data away in the names that it looks up.',
    ja: '問い合わせる名前にデータを載せて持ち出します。',
  },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  *check(program): Iterable<Hit> {
    for (const { args, span } of callsTo(program, LOOKUPS)) {
      if (args.some(({ taint }) => (taint & (TAINT.Environment | TAINT.Secret)) !== 0)) yield { span };
    }
  },
});
