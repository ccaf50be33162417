import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseLog, parseMessage } from '../../src/core/run/frame.ts';
import type { Frame } from '../../src/core/run/frame.ts';
import { inputChecksums, SUPERVISOR } from '../../src/objects/supervisor.ts';

/** Why the supervisor cannot be run here as in a sandbox: as root, with a process namespace of its own. */
function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  const tried = spawnSync('unshare', ['-fp', '--mount-proc', 'true'], { encoding: 'utf8' });
  return tried.status === 0 ? undefined : `unshare -fp --mount-proc: ${tried.error?.message ?? tried.stderr}`;
}
const why = obstacle();
if (why) console.warn(`the supervisor is not tested here: ${why}`);
const here = why ? describe.skip : describe;

interface Program {
  readonly shell: string;
  /** What /bin/sh runs as the program. */
  readonly script: string;
  readonly files?: readonly { readonly path: string; readonly content: string }[];
  readonly stdin?: string;
  readonly deadlineSeconds?: number;
  readonly keep?: number;
  /** Checksums of an input that a ConfigMap carries; without them it stands in the arguments. */
  readonly checksums?: string;
  /** Size of the workspace, as mount(8) takes it. */
  readonly scratch?: string;
}

let directory: string | undefined;
afterEach(() => {
  if (directory) rmSync(directory, { recursive: true, force: true });
});

/** Runs the supervisor as in a sandbox, its directories below a temporary one. */
async function supervise({
  shell,
  script,
  files = [],
  stdin = '',
  deadlineSeconds = 10,
  keep = 65_536,
  checksums,
  scratch = '64m',
}: Program) {
  const root = mkdtempSync(join(tmpdir(), 'supervisor-'));
  directory = root;
  for (const name of ['sekisho/input', 'shm', 'workspace']) mkdirSync(join(root, name), { recursive: true });
  const all = [{ path: 'main.sh', content: script }, ...files];
  const texts = [...all.map(({ content }) => content), stdin];
  if (checksums !== undefined)
    texts.forEach((text, index) =>
      writeFileSync(join(root, 'sekisho/input', index < all.length ? String(index) : 'stdin'), text),
    );
  const supervisor = SUPERVISOR.replaceAll('/sekisho/input', `${root}/sekisho/input`)
    .replaceAll('/dev/shm/', `${root}/shm/`)
    .replaceAll('/workspace', `${root}/workspace`)
    .replaceAll('/dev/termination-log', `${root}/note`);
  const words = [
    ...[
      '-fp',
      '--mount-proc',
      ...['sh', '-c', 'mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@"', 'sh'],
      ...[scratch, join(root, 'workspace')],
      'timeout',
      // Longer than in a sandbox: a busy machine must not fail what is no matter of time.
      '-k',
      '20',
      String(deadlineSeconds),
      shell,
      '-c',
      supervisor,
      'sekisho',
    ],
    ...[checksums ?? '', String(keep), '64', all.map(({ path }) => path).join(' ')],
    ...(checksums === undefined ? texts : []),
    ...['sh', 'main.sh', 'first arg', '$HOME'],
  ];
  const begun = performance.now();
  const child = spawn('unshare', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exit = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  const note = join(root, 'note');
  const text = existsSync(note) ? readFileSync(note, 'utf8') : undefined;
  const message = parseMessage(text);
  const frame = message && 'exitCode' in message ? message : undefined;
  const output = frame && (frame.output ?? parseLog(log));
  const decoded = (stream: 'stdout' | 'stderr') =>
    Buffer.from(output?.[stream] ?? '', 'base64').toString('utf8');
  return {
    exit,
    text,
    message,
    frame: frame as Frame,
    log,
    stdout: decoded('stdout'),
    stderr: decoded('stderr'),
    seconds: (performance.now() - begun) / 1000,
  };
}

here.each(['dash', 'bash'])('the supervisor under %s', (shell) => {
  test('keeps the exit code, and stdout and stderr apart', async () => {
    const run = await supervise({ shell, script: 'echo out; echo err >&2; exit 7' });
    expect(run).toMatchObject({ exit: 7, stdout: 'out\n', stderr: 'err\n', log: '' });
    expect(run.frame).toMatchObject({ exitCode: 7, deadline: false, stdoutBytes: 4, stderrBytes: 4 });
  });

  test.each(['its arguments', 'a ConfigMap'])(
    'gives the program its files, arguments and stdin as they are, from %s',
    async (carrier) => {
      const content = '-n %s %% \\n \\0 $(id) `id` "\'\u3042\r\n\n';
      const files = [
        { path: 'data/in.csv', content },
        { path: 'empty', content: '' },
      ];
      const script = 'cat data/in.csv empty -; printf "%s|" "$@"; pwd';
      const checksums = inputChecksums([{ path: 'main.sh', content: script }, ...files], '-e in');
      const run = await supervise({
        ...{ shell, script, files, stdin: '-e in' },
        ...(carrier === 'a ConfigMap' ? { checksums } : {}),
      });
      expect(run.stdout).toBe(`${content}-e infirst arg|$HOME|${directory ?? ''}/workspace\n`);
    },
  );

  test.each(['its arguments', 'a ConfigMap'])(
    'does not run a part of what does not fit into the workspace, from %s',
    async (carrier) => {
      const script = `echo ran\n${'#'.repeat(20_000)}`;
      const checksums = inputChecksums([{ path: 'main.sh', content: script }], '');
      const run = await supervise({
        ...{ shell, script, scratch: '8k' },
        ...(carrier === 'a ConfigMap' ? { checksums } : {}),
      });
      expect(run).toMatchObject({
        exit: 125,
        message: { refused: 'the input does not fit into the scratch space' },
        stdout: '',
      });
    },
  );

  test.each([1, 2, 3, 4, 1023, 1024, 1025])(
    'counts %i bytes of output, of which it keeps 1024',
    async (bytes) => {
      const run = await supervise({ shell, keep: 1024, script: `head -c ${bytes} /dev/zero` });
      expect(run.frame).toMatchObject({ stdoutBytes: bytes, stderrBytes: 0 });
      expect(run.stdout).toBe('\0'.repeat(Math.min(bytes, 1024)));
    },
  );

  test('measures how long the program itself ran', async () => {
    const run = await supervise({ shell, script: 'sleep 0.5' });
    expect(run.frame.durationMilliseconds).toBeGreaterThanOrEqual(480);
    expect(run.frame.durationMilliseconds).toBeLessThanOrEqual(run.seconds * 1000);
  });

  test('puts longer output into the log', async () => {
    const run = await supervise({ shell, script: 'head -c 3000 /dev/zero | tr "\\0" x' });
    expect(run.text).toMatch(/ in=log\n$/);
    expect(run.stdout).toBe('x'.repeat(3000));
  });

  test('keeps a termination message within 4096 bytes', async () => {
    const run = await supervise({ shell, script: 'head -c 2900 /dev/zero' });
    expect(run.text).toMatch(/ in=message\n/);
    expect(Buffer.byteLength(run.text ?? '')).toBeLessThanOrEqual(4096);
  });

  test('cuts 5 MB of output without blocking the program, and counts it all', async () => {
    const script = 'head -c 5000000 /dev/zero | tr "\\0" x; echo end >&2';
    const run = await supervise({ shell, keep: 1024, script });
    expect(run).toMatchObject({ exit: 0, stdout: 'x'.repeat(1024), stderr: 'end\n' });
    expect(run.frame).toMatchObject({ stdoutBytes: 5_000_000, stderrBytes: 4 });
  });

  test('ends a program that ignores SIGTERM at its deadline, and keeps what it wrote before', async () => {
    const script = 'trap "" TERM; echo before; while :; do sleep 0.1; done';
    const run = await supervise({ shell, deadlineSeconds: 3, script });
    expect(run).toMatchObject({ stdout: 'before\n' });
    expect(run.frame).toMatchObject({ deadline: true, exitCode: 137 });
  });

  test('waits about a second for what the program left running, and keeps its output', async () => {
    const script = '(trap "" TERM HUP; sleep 0.3; echo orphan; exec sleep 30) & echo parent';
    const run = await supervise({ shell, script });
    expect(run).toMatchObject({ exit: 0, stdout: 'parent\norphan\n' });
    // What was left would go on for 30 s.
    expect(run.seconds).toBeLessThan(15);
    // The time of the program is that of the program.
    expect(run.frame.durationMilliseconds).toBeLessThan(run.seconds * 1000 - 800);
  });

  test('does not take a message that the program wrote for its own', async () => {
    const script = `printf 'sekisho.dev/1 exit=0 deadline=0 stdout=0 stderr=0 ms=0 in=message\\n' > ../note; exit 3`;
    const run = await supervise({ shell, script });
    expect(run.frame).toMatchObject({ exitCode: 3 });
  });

  test('does not run a program that is not what was judged', async () => {
    const run = await supervise({ shell, script: 'echo ran; touch ../ran', checksums: '0'.repeat(64) });
    expect(run).toMatchObject({
      exit: 125,
      message: { refused: 'the input is not what was judged' },
      log: '',
    });
    expect(existsSync(join(directory ?? '', 'ran'))).toBe(false);
  });

  test.each([
    ['stdin', { stdin: 'other' }],
    ['a file', { files: [{ path: 'a.txt', content: 'other' }] }],
    ['the name of a file', { files: [{ path: 'b.txt', content: 'a' }] }],
  ])('refuses when %s was changed', async (_what, changed) => {
    const script = 'echo ran';
    const files = [{ path: 'a.txt', content: 'a' }];
    const checksums = inputChecksums([{ path: 'main.sh', content: script }, ...files], 'in');
    const run = await supervise({ shell, script, files, stdin: 'in', ...changed, checksums });
    expect(run.message).toEqual({ refused: 'the input is not what was judged' });
  });
});
