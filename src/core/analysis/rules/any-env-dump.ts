import { namesOf } from '../matching/lists.ts';
import type { Call, Command, Program } from '../program/program.ts';
import type { Value } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const ENVIRONMENTS = ['os.environ', 'os.environb', 'process.env'];
const ALL = new Set(
  ENVIRONMENTS.flatMap((name) => [
    name,
    ...['items', 'values', 'keys', 'copy'].map((method) => `${name}.${method}()`),
  ]),
);
const LISTED = new Set(['os.environ.items', 'os.environ.values', 'os.environb.items', 'os.environb.values']);
const HARMLESS =
  /^(?:len|isinstance|type|bool|os\.|subprocess\.|child_process\.|Object\.freeze|copy\.|require$|typeof)/;
const LISTERS = namesOf('env printenv export set');
const SEARCHES = namesOf('grep egrep fgrep rg awk sed cut head wc');

const MAXIMUM_DEPTH = 3;

/** A list may hold itself again and again: it is looked into only so far. */
function isAll(value: Value, depth = 0): boolean {
  if (value.kind === 'ref') return ALL.has(value.name);
  if (depth >= MAXIMUM_DEPTH) return false;
  const within = (inner: Value): boolean => isAll(inner, depth + 1);
  if (value.kind === 'sequence') return value.items.some(within);
  return (
    value.kind === 'record' &&
    (value.role === 'dict' || value.role === 'object') &&
    value.inherits.some(within)
  );
}

const dumps = ({ name, args }: Call): boolean =>
  name !== undefined &&
  (LISTED.has(name) ||
    (args.some((arg) => isAll(arg)) && !HARMLESS.test(name) && !ALL.has(name.replace(/\.\w+$/, ''))));

/** Which command reads the output of which. */
const readersIn = ({ commands }: Program): ReadonlyMap<Command | undefined, Command> =>
  new Map(commands.map((command) => [command.upstream.at(-1), command]));

function dumpsInShell(command: Command, reader: Command | undefined): boolean {
  const { name, args, wrappers } = command;
  if (name === undefined || !LISTERS.has(name) || args.length > 0 || wrappers.length > 0) return false;
  return name === 'env' || name === 'printenv'
    ? !(reader?.name !== undefined && SEARCHES.has(reader.name))
    : reader !== undefined && !SEARCHES.has(reader.name ?? '');
}

/**
 * All of os.environ or process.env printed, serialised, listed or iterated; env or printenv whose output is not
 * searched.
 *
 * Left alone: Single variables; an environment that is handed on to a program; env with a command or a search.
 */
export default defineRule({
  id: 'ANY-ENV-DUMP',
  version: 3,
  title: { en: 'Reads the whole environment', ja: '環境変数の一括取得' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [526],
  attack: ['T1082', 'T1552.007'],
  forbids: {
    en: 'All of os.environ or process.env printed, serialised, listed or iterated; env or printenv whose output is not searched.',
    ja: 'os.environ や process.env 全体の表示・直列化・列挙、検索に使わない env や printenv。',
  },
  allows: {
    en: 'Single variables; an environment that is handed on to a program; env with a command or a search.',
    ja: '個々の変数、子プロセスへの受け渡し、コマンド付きの env、検索。',
  },
  message: {
    en: 'The program reads the whole environment, secrets included.',
    ja: '秘密を含む環境変数をすべて読み取ります。',
  },
  remedy: {
    en: 'Read the variables that are needed, by name.',
    ja: '必要な変数だけを名前で読んでください。',
  },
  needs: ['calls', 'loops', LISTERS],
  *check(program): Iterable<Hit> {
    for (const call of program.calls) if (dumps(call)) yield { span: call.span };
    for (const { iterates, span } of program.loops)
      if (iterates !== undefined && ALL.has(iterates)) yield { span };
    if (program.commands.length === 0) return;
    const readers = readersIn(program);
    for (const command of program.commands)
      if (dumpsInShell(command, readers.get(command))) yield { span: command.span };
  },
});
