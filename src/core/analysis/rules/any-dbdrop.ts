import { namesLike } from '../matching/lists.ts';
import type { Program } from '../program/program.ts';
import { textsOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const QUERIES = namesLike(
  /\.(?:execute|executemany|executescript|query|raw|exec|run|prepare)$|^pandas\.read_sql\w*$/,
);
const CLIENTS = namesLike(
  /^(?:sqlite3|mysql|mariadb|psql|mongo|mongosh|redis-cli|clickhouse-client|sqlcmd|bq)$/,
);
const DROP =
  /\bdrop\s+(?:table|database|schema|view|index)\s+(?:if\s+exists\s+)?["'`[]?([\w.]+)|\btruncate\s+(?:table\s+)?["'`[]?([\w.]+)|\bdelete\s+from\s+["'`[]?([\w.]+)["'`\]]?\s*(?:;|$)/gi;
const CREATE =
  /\bcreate\s+(?:temp(?:orary)?\s+)?(?:table|view|index|database|schema)\s+(?:if\s+not\s+exists\s+)?["'`[]?([\w.]+)/gi;
const FLUSH = /^(?:flushall|flushdb|db\.dropdatabase\(\))$/i;
const MAXIMUM_QUERY = 20_000;

/** Texts that go to a database, with where they do. */
function* queries(program: Program): Iterable<{ readonly text: string; readonly span: Hit['span'] }> {
  for (const { name, args, span } of program.calls)
    if (name !== undefined && QUERIES.test(name))
      for (const text of args.flatMap((arg) => [...textsOf(arg)])) yield { text, span };
  for (const { name, args, fed, span } of program.commands)
    if (name !== undefined && CLIENTS.test(name))
      for (const text of [...args, ...fed].flatMap((arg) => [...textsOf(arg)])) yield { text, span };
}

/** Tables that the program makes itself are its own to remove. */
const madeIn = (texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => [...text.matchAll(CREATE)].map(([, name = '']) => name.toLowerCase())));

const removedBy = (text: string): readonly string[] =>
  [...text.matchAll(DROP)].map(([, table, emptied, deleted]) =>
    (table ?? emptied ?? deleted ?? '').toLowerCase(),
  );

/**
 * DROP, TRUNCATE and DELETE without WHERE in a constant query that is handed to a database; FLUSHALL.
 *
 * Left alone: Tables that the same program creates; DELETE with WHERE; the words in other texts.
 */
export default defineRule({
  id: 'ANY-DBDROP',
  version: 1,
  title: { en: 'Removes data from a database', ja: 'データベースのデータ削除' },
  severity: 'Medium',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [89],
  attack: ['T1485'],
  forbids: {
    en: 'DROP, TRUNCATE and DELETE without WHERE in a constant query that is handed to a database; FLUSHALL.',
    ja: 'データベースに渡す定数のクエリーの DROP、TRUNCATE、WHERE のない DELETE、FLUSHALL。',
  },
  allows: {
    en: 'Tables that the same program creates; DELETE with WHERE; the words in other texts.',
    ja: '同じプログラムが作った表、WHERE 付きの DELETE、その他の文字列の中の語。',
  },
  message: { en: 'The program removes data from a database.', ja: 'データベースのデータを削除します。' },
  remedy: {
    en: 'Delete by a condition, or ask for the action delete_data.',
    ja: '条件を付けて削除するか、delete_data アクションを申請してください。',
  },
  needs: [QUERIES, CLIENTS],
  *check(program): Iterable<Hit> {
    const all = [...queries(program)].filter(({ text }) => text.length <= MAXIMUM_QUERY);
    const made = madeIn(all.map(({ text }) => text));
    for (const { text, span } of all)
      if (FLUSH.test(text.trim()) || removedBy(text).some((table) => !made.has(table))) yield { span };
  },
});
