import { allOf, namesLike } from '../matching/lists.ts';
import { DUMP_COMMANDS } from '../actions.ts';
import { textsOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const SQL = /\binto\s+(?:outfile|dumpfile)\b|\bcopy\b[\s\S]{1,400}\bto\s+program\b/i;
const QUERIES = namesLike(/\.(?:execute|executemany|executescript|query|raw|exec)$/);
const DUMPERS = allOf(DUMP_COMMANDS);
const CLIENTS = namesLike(/^(?:sqlite3|mysql|psql|mariadb|redis-cli|clickhouse-client)$/);

/**
 * mysqldump, pg_dump, mongodump and their like as the command that really runs, also put together from parts; sqlite3
 * .dump, redis-cli --rdb, SELECT … INTO OUTFILE and COPY … TO PROGRAM handed to a database.
 *
 * Left alone: The words in texts, messages and searches.
 */
export default defineRule({
  id: 'ANY-DBDUMP',
  version: 1,
  title: { en: 'Copies a database out', ja: 'データベースの書き出し' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [200],
  attack: ['T1005', 'T1213'],
  forbids: {
    en: 'mysqldump, pg_dump, mongodump and their like as the command that really runs, also put together from parts; sqlite3 .dump, redis-cli --rdb, SELECT … INTO OUTFILE and COPY … TO PROGRAM handed to a database.',
    ja: 'mysqldump、pg_dump、mongodump などを実際のコマンドとして実行すること(分割された名前を含む)。sqlite3 .dump、INTO OUTFILE なども対象。',
  },
  allows: { en: 'The words in texts, messages and searches.', ja: '文字列、メッセージ、検索の中の語。' },
  message: { en: 'The program copies a database out.', ja: 'データベースを書き出します。' },
  remedy: {
    en: 'Ask for the action export_data, which a person approves.',
    ja: '人が承認する export_data アクションを申請してください。',
  },
  needs: [QUERIES, CLIENTS, DUMPERS],
  *check(program): Iterable<Hit> {
    for (const { name, args, span } of program.commands) {
      if (name === undefined) continue;
      const words = args.flatMap((arg) => [...textsOf(arg)]);
      const dumps =
        CLIENTS.test(name) && words.some((word) => SQL.test(word) || /^\.dump\b|^--rdb$/.test(word));
      if (DUMPERS.has(name) || dumps) yield { span };
    }
    for (const { name, args, span } of program.calls) {
      if (
        name !== undefined &&
        QUERIES.test(name) &&
        args.some((arg) => textsOf(arg).some((text) => SQL.test(text)))
      )
        yield { span };
    }
  },
});
