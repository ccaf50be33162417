import type { LanguageName } from '../report.ts';
import type { Call } from './program.ts';
import type { Value } from './value.ts';
import { truthOf } from './value.ts';

/** How a call takes what it runs: as source, as a shell command line, as an argv, or as either of the last two. */
export type Shape = 'source' | 'shell' | 'argv' | 'words' | 'command';

/** A call that runs what it is given. */
export interface CodeSink {
  readonly language: LanguageName;
  readonly shape: Shape;
  /** Which argument; -1 is the last. */
  readonly at: number;
  readonly keyword?: string;
}

const sinks = (names: string, sink: CodeSink): readonly (readonly [string, CodeSink])[] =>
  names.split(' ').map((name) => [name, sink] as const);

const PYTHON = sinks('eval exec compile', { language: 'Python', shape: 'source', at: 0, keyword: 'source' });

const TABLE: ReadonlyMap<string, CodeSink> = new Map([
  ...PYTHON,
  ...sinks('timeit.timeit timeit.repeat timeit.Timer cProfile.run profile.run trace.Trace().run', {
    language: 'Python',
    shape: 'source',
    at: 0,
    keyword: 'stmt',
  }),
  ...sinks(
    'code.InteractiveInterpreter().runsource code.InteractiveConsole().runsource code.InteractiveConsole().push doctest.run_docstring_examples',
    {
      language: 'Python',
      shape: 'source',
      at: 0,
    },
  ),
  ...sinks(
    'os.system os.popen os.popen2 os.popen3 os.popen4 subprocess.getoutput subprocess.getstatusoutput asyncio.create_subprocess_shell',
    {
      language: 'Bash',
      shape: 'shell',
      at: 0,
      keyword: 'cmd',
    },
  ),
  ...sinks(
    'subprocess.run subprocess.Popen subprocess.call subprocess.check_call subprocess.check_output pty.spawn',
    {
      language: 'Bash',
      shape: 'command',
      at: 0,
      keyword: 'args',
    },
  ),
  ...sinks('os.execv os.execve os.execvp os.execvpe os.posix_spawn os.posix_spawnp', {
    language: 'Bash',
    shape: 'argv',
    at: 1,
  }),
  ...sinks('os.spawnv os.spawnve os.spawnvp os.spawnvpe', { language: 'Bash', shape: 'argv', at: 2 }),
  ...sinks('os.execl os.execle os.execlp os.execlpe', { language: 'Bash', shape: 'words', at: 1 }),
  ...sinks('os.spawnl os.spawnle os.spawnlp os.spawnlpe', { language: 'Bash', shape: 'words', at: 2 }),
  ...sinks('asyncio.subprocess.create_subprocess_shell', { language: 'Bash', shape: 'shell', at: 0 }),
  ...sinks(
    'asyncio.get_event_loop().subprocess_shell asyncio.get_running_loop().subprocess_shell asyncio.new_event_loop().subprocess_shell',
    { language: 'Bash', shape: 'shell', at: 1 },
  ),
  ...sinks('typing.ForwardRef pandas.eval', { language: 'Python', shape: 'source', at: 0 }),
  ...sinks('pdb.run pdb.runeval bdb.Bdb().run', { language: 'Python', shape: 'source', at: 0 }),
  ...sinks('asyncio.create_subprocess_exec', { language: 'Bash', shape: 'words', at: 0 }),
]);

const SCRIPT: ReadonlyMap<string, CodeSink> = new Map([
  ...sinks(
    'eval vm.runInThisContext vm.runInNewContext vm.runInContext vm.Script vm.compileFunction vm.SourceTextModule setTimeout setInterval setImmediate execScript',
    {
      language: 'JavaScript',
      shape: 'source',
      at: 0,
    },
  ),
  ...sinks('module._compile ShadowRealm().evaluate', { language: 'JavaScript', shape: 'source', at: 0 }),
  ...sinks('Function GeneratorFunction AsyncFunction', {
    language: 'JavaScript',
    shape: 'source',
    at: -1,
  }),
  ...sinks('child_process.exec child_process.execSync npm.script', {
    language: 'Bash',
    shape: 'shell',
    at: 0,
  }),
  ...sinks('child_process.spawn child_process.spawnSync child_process.execFile child_process.execFileSync', {
    language: 'Bash',
    shape: 'command',
    at: 0,
  }),
]);

/** The names of all calls that run what they are given. */
export const CODE_SINKS = [...TABLE.keys(), ...SCRIPT.keys()].join(' ');

/** What the call runs, if it runs anything. */
export function codeSinkOf(family: 'Python' | 'JavaScript' | 'Bash', call: Call): CodeSink | undefined {
  const sink = call.name === undefined ? undefined : (family === 'Python' ? TABLE : SCRIPT).get(call.name);
  return family === 'Bash' ? undefined : sink;
}

/** The argument that it runs. */
export function codeOf(call: Call, sink: CodeSink): Value | undefined {
  return call.args.at(sink.at) ?? (sink.keyword === undefined ? undefined : call.keywords.get(sink.keyword));
}

/** Whether a call that takes an argv is told to hand it to a shell. */
export function asksShell(call: Call): boolean {
  const shell = call.keywords.get('shell');
  if (shell) return truthOf(shell) !== false;
  return call.args.some(
    (arg) =>
      arg.kind === 'record' && arg.members.has('shell') && truthOf(arg.members.get('shell') ?? arg) !== false,
  );
}
