import { allOf, isNamed, membersOf } from '../matching/lists.ts';
import { callsTo, referencesTo } from '../matching/names.ts';
import { asksShell, codeOf, codeSinkOf } from '../program/code-sinks.ts';
import type { Call } from '../program/program.ts';
import { wholeTextOf } from '../program/value.ts';
import type { Severity } from '../report.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** The same functions, as methods of an event loop. */
const LOOP_STARTERS = allOf(
  ...['get_event_loop', 'get_running_loop', 'new_event_loop'].map((name) =>
    membersOf(`asyncio.${name}()`, 'subprocess_exec subprocess_shell'),
  ),
  membersOf('asyncio.subprocess', 'create_subprocess_exec create_subprocess_shell'),
);
const STARTERS = allOf(
  membersOf('subprocess', 'run Popen call check_call check_output getoutput getstatusoutput fork_exec'),
  LOOP_STARTERS,
  membersOf('asyncio', 'create_subprocess_exec create_subprocess_shell'),
  membersOf('pty', 'spawn fork'),
);
const SHELLS = new Set([
  'subprocess.getoutput',
  'subprocess.getstatusoutput',
  'asyncio.create_subprocess_shell',
  'pty.spawn',
]);

/** An argv of constant words is a capability; everything else may be an injection. */
function severityOf(call: Call): Severity {
  if (isNamed(call.name ?? '', SHELLS) || asksShell(call)) return 'High';
  const sink = codeSinkOf('Python', call);
  const code = sink && codeOf(call, sink);
  if (code?.kind === 'sequence')
    return code.items.some((item) => wholeTextOf(item) === '-c') ? 'High' : 'Medium';
  return call.name === 'asyncio.create_subprocess_exec' ? 'Medium' : 'High';
}

/**
 * subprocess, asyncio.create_subprocess_*, pty.spawn. Medium with an argv; High with a shell, a command line or anything
 * that is not known, since that is how commands are injected.
 *
 * Left alone: Importing the module, its constants and exceptions.
 */
export default defineRule({
  id: 'PY-EXEC-SUBPROCESS',
  version: 2,
  title: { en: 'Starts a program through subprocess', ja: 'subprocess によるプログラムの起動' },
  severity: 'Medium',
  languages: ['Python'],
  cwe: [78],
  attack: ['T1059.006'],
  forbids: {
    en: 'subprocess, asyncio.create_subprocess_*, pty.spawn. Medium with an argv; High with a shell, a command line or anything that is not known, since that is how commands are injected.',
    ja: 'subprocess、asyncio.create_subprocess_*、pty.spawn。引数リストなら Medium、シェル経由や内容が不明な場合は High。',
  },
  allows: {
    en: 'Importing the module, its constants and exceptions.',
    ja: 'モジュールの読み込みだけ、定数、例外。',
  },
  message: { en: 'The program starts another program.', ja: '別のプログラムを起動します。' },
  remedy: {
    en: 'Do the work in Python itself; if a program must be started, give a list of constant words.',
    ja: '処理を Python の中で行ってください。必要なら定数の引数リストを使ってください。',
  },
  needs: [STARTERS],
  *check(program): Iterable<Hit> {
    const calls = callsTo(program, STARTERS);
    for (const call of calls) yield { span: call.span, severity: severityOf(call) };
    const called = new Set(calls.map(({ span }) => `${span.line}:${span.column}`));
    for (const { span, via } of referencesTo(program, STARTERS)) {
      if (via !== 'import' && !called.has(`${span.line}:${span.column}`)) yield { span };
    }
  },
});
