import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const CACHE = process.env['SEKISHO_CACHE'] ?? join(import.meta.dirname, '../../../.cache');
const BIN = join(CACHE, 'local-cluster/current/bin');

function run(command: string, args: readonly string[], input?: string): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(command, args, { maxBuffer: 32 * 1024 * 1024 }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

async function must(ended: Promise<Ended>): Promise<string> {
  const { code, stdout, stderr } = await ended;
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** A real API server without nodes, and kubectl for it. */
export async function startControlPlane(name: string, subnet: string) {
  const cluster = (...args: readonly string[]) => run(join(BIN, 'sekisho-cluster'), args);
  // What an earlier run left would be judged along.
  await cluster('down', '--name', name);
  await must(cluster('up', '--control-plane-only', '--name', name, '--subnet', subnet));
  const kubeconfig = `/var/lib/sekisho-cluster/${name}/admin.kubeconfig`;
  const kubectl = (args: readonly string[], input?: string) =>
    run(join(BIN, 'kubectl'), ['--kubeconfig', kubeconfig, ...args], input);
  return {
    kubeconfig,
    kubectl,
    must: (args: readonly string[], input?: string) => must(kubectl(args, input)),
    down: () => must(cluster('down', '--name', name)),
  };
}
