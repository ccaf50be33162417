import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command that the tests call. */
export const KUBECTL = process.env['SEKISHO_KUBECTL'] ?? 'kubectl';

/** Longer than anything here waits for; a command that hangs, as attach does, must not outlive its test. */
const LONGEST_MILLISECONDS = 150_000;

export function run(command: string, args: readonly string[], input = ''): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(
      command,
      args,
      { maxBuffer: 64 * 1024 * 1024, timeout: LONGEST_MILLISECONDS, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** kubectl as a person would call it; `input` is its standard input, an object goes in as JSON. */
export const kubectl = (args: readonly string[], input: string | object = ''): Promise<Ended> =>
  run(KUBECTL, args, typeof input === 'string' ? input : JSON.stringify(input));

/** What kubectl printed; throws with its own words when it failed. */
export async function must(args: readonly string[], input: string | object = ''): Promise<string> {
  const { code, stdout, stderr } = await kubectl(args, input);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** What kubectl printed as JSON. */
export const read = async <T>(args: readonly string[], input: string | object = ''): Promise<T> =>
  JSON.parse(await must([...args, '-o', 'json'], input)) as T;

/** The items of a list. */
export const items = async <T>(args: readonly string[]): Promise<readonly T[]> =>
  (await read<{ items: readonly T[] }>(args)).items;

/** Whether `get` finds it. */
export async function exists(args: readonly string[]): Promise<boolean> {
  return (await must(['get', '--ignore-not-found', '-o', 'name', ...args])).trim() !== '';
}

/** Flags of kubectl under which it acts as somebody else. */
export const as = (user: string, ...groups: readonly string[]): readonly string[] => [
  '--as',
  user,
  ...groups.flatMap((group) => ['--as-group', group]),
];

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: object }[];
  readonly users: readonly { readonly name: string; readonly user: object }[];
}

/** Calls `use` with the flags of a kubeconfig whose user was changed, and removes the file afterwards. */
export async function withUser<T>(
  change: (administrator: object) => object,
  use: (flags: readonly string[]) => Promise<T>,
): Promise<T> {
  const { clusters, users } = JSON.parse(
    await must(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']),
  ) as Kubeconfig;
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-user-'));
  const file = join(folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: clusters[0]?.cluster }],
    users: [{ name: 'u', user: change(users[0]?.user ?? {}) }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  try {
    return await use(['--kubeconfig', file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
