import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import type { Usage } from './reporting.ts';

export interface BenchProcess {
  readonly ports: readonly number[];
  readonly usage: () => Promise<Usage>;
  readonly stop: () => void;
}

/** As the operator's image starts node, and with its environment. */
const NODE_FLAGS = ['--max-semi-space-size=4'];
const ENVIRONMENT = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };
const BANNER = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((done, fail) => {
    const ended = (): void => fail(new Error('a process of the bench ended'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      done(message);
    });
  });
}

/** One file, as the product is built. */
async function bundled(path: string, directory: string): Promise<string> {
  const outfile = join(directory, `${basename(path, '.ts')}.mjs`);
  const banner = { js: BANNER };
  await build({
    entryPoints: [path],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner,
  });
  return outfile;
}

/** Starts a file as a process of its own and waits until it listens. */
export async function begin(path: string, args: readonly (string | number)[] = []): Promise<BenchProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-gateway-'));
  const child = fork(await bundled(path, directory), args.map(String), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, ...NODE_FLAGS],
    env: { ...process.env, ...ENVIRONMENT },
  });
  const ports = (await nextMessage(child)) as readonly number[];
  rmSync(directory, { recursive: true, force: true });
  return {
    ports,
    usage: async () => {
      const answer = nextMessage(child);
      child.send('usage');
      return (await answer) as Usage;
    },
    stop: () => child.disconnect(),
  };
}
