import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import * as yaml from 'js-yaml';
import { z } from 'zod';
import { mustKubectl } from './kubectl.ts';

const AGENTS = 'examples/agent';

const kubeconfigOf = z.looseObject({
  contexts: z.array(z.looseObject({ context: z.looseObject({ user: z.string() }) })),
  users: z.array(z.unknown()),
});

/** A kubeconfig with the token of the agents' ServiceAccount: they call the API as themselves. */
function agentKubeconfig(cache: string): string {
  const config = kubeconfigOf.parse(
    yaml.load(mustKubectl('config', 'view', '--raw', '--minify', '--flatten', '-o', 'yaml')),
  );
  const token = mustKubectl('create', 'token', 'assistant', '--namespace', 'demo', '--duration', '1h').trim();
  config.users = [{ name: 'assistant', user: { token } }];
  for (const { context } of config.contexts) Object.assign(context, { user: 'assistant', namespace: 'demo' });
  const path = `${cache}/agent.kubeconfig`;
  writeFileSync(path, yaml.dump(config), { mode: 0o600 });
  return path;
}

/** A Python with the packages of examples/agent/requirements.txt; scripts/setup has made it. */
const pythonWithPackages = (): string => execFileSync('scripts/agent-python', { encoding: 'utf8' }).trim();

interface AgentEnd {
  readonly name: string;
  readonly ok: boolean;
  readonly output: string;
}

async function runAgent(name: string, program: string, file: string, kubeconfig: string): Promise<AgentEnd> {
  const child = spawn(program, [file], { env: { ...process.env, KUBECONFIG: kubeconfig } });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.on('error', reject).on('close', resolve);
  const code = await promise;
  // Each must have been refused once, and have mended its program.
  const ok = code === 0 && output.includes('Deny') && output.includes('result: 42');
  return { name, ok, output: output.trimEnd() };
}

/** Runs both agents side by side. */
export function runAgents(cache: string): Promise<readonly AgentEnd[]> {
  const kubeconfig = agentKubeconfig(cache);
  return Promise.all([
    runAgent('Python', pythonWithPackages(), `${AGENTS}/agent.py`, kubeconfig),
    runAgent('TypeScript', process.execPath, `${AGENTS}/agent.ts`, kubeconfig),
  ]);
}
