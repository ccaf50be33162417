/**
 * Applies examples/ to the cluster of KUBECONFIG as user alice, waits for the end of each request, and tells how they went.
 * Exits with 1 when any ended otherwise than its annotation sekisho.dev/expect says. `make demo` calls it after scripts/setup.
 */
import { runAgents } from './demo/agents.ts';
import { playApprovals } from './demo/approvals.ts';
import { playPlugins } from './demo/play-plugins.ts';
import { examplesIn, isAsExpected, isFinal, refusalsIn } from './demo/examples.ts';
import type { Stored } from './demo/examples.ts';
import { kubectl, mustKubectl } from './demo/kubectl.ts';
import { explain, tableOf } from './demo/table.ts';
import { watchRequests } from './demo/watch.ts';

const FOLDERS = ['examples/attacks', 'examples/honest', 'examples/roles', 'examples/approval'];
const WAIT_SECONDS = 180;
const AS_ALICE = ['--as', 'alice'] as const;

const started = performance.now();
const say = (text: string) =>
  console.log(`[${((performance.now() - started) / 1000).toFixed(0).padStart(3)}s] ${text}`);
const indent = (text: string) => text.trimEnd().replaceAll(/^/gm, '    ');

function prepare(): void {
  mustKubectl('apply', '-f', 'examples/roles/0-namespace.yaml');
  mustKubectl('apply', '-f', 'examples/approval/0-approvers.yaml');
  mustKubectl('delete', 'codeexecutionrequests,executionapprovals', '--all', '--namespace', 'demo');
}

/** A dry run explains the refusals of the attacks without creating anything. */
function showWarnings(): void {
  say('kubectl apply --dry-run=server -f examples/attacks/');
  const { stdout, stderr } = kubectl(...AS_ALICE, 'apply', '--dry-run=server', '-f', 'examples/attacks/');
  console.log(indent(`${stderr}${stdout}`));
}

const examples = FOLDERS.flatMap(examplesIn);

function applyExamples(): void {
  say(`applying ${examples.length} requests as alice`);
  const files = new Set(examples.map(({ path }) => path));
  mustKubectl(...AS_ALICE, 'apply', ...[...files].flatMap((path) => ['-f', path]));
}

async function showEnds(): Promise<number> {
  say('waiting for their ends');
  const ended = await watchRequests('demo', WAIT_SECONDS, (requests) =>
    examples.every(({ name }) => isFinal(requests.get(name))),
  );
  console.log(`\n${tableOf(examples, ended)}\n`);
  const wrong = examples.filter(({ name, expect }) => !isAsExpected(expect, ended.get(name)));
  for (const { name, expect } of wrong)
    console.log(`${name} should have ended as ${expect}:\n${explain(ended.get(name))}`);
  showOutput(ended);
  return wrong.length;
}

function showOutput(requests: ReadonlyMap<string, Stored>): void {
  for (const [name, { status }] of requests) {
    const stdout = status?.result?.stdout?.trimEnd();
    if (status?.state === 'Succeeded' && stdout) console.log(`${name}: ${stdout.split('\n').join(' / ')}`);
  }
  console.log('');
}

/** Each wrong request must be refused with the words that its file promises. */
function tryRefusals(): number {
  const refusals = refusalsIn('examples/invalid');
  say(`creating ${refusals.length} wrong requests`);
  const wrong = refusals.filter(({ path, words }) => {
    const { code, stdout, stderr } = kubectl(...AS_ALICE, 'create', '-f', path);
    const ok = code !== 0 && stderr.includes(words);
    if (!ok)
      console.log(
        `${path} should have been refused with:\n    ${words}\nbut kubectl said:\n${indent(stderr + stdout)}`,
      );
    return !ok;
  });
  say(
    `${refusals.length - wrong.length} of ${refusals.length} refused with the expected sentence, for example:`,
  );
  console.log(
    refusals
      .slice(0, 3)
      .map(({ words }) => `    ${words}`)
      .join('\n'),
  );
  return wrong.length;
}

async function tryAgents(): Promise<number> {
  say('running the agents of examples/agent');
  const ends = await runAgents(process.env['SEKISHO_CACHE'] ?? '.cache');
  for (const { name, ok, output } of ends)
    console.log(`  ${name}: ${ok ? 'ok' : 'failed'}\n${indent(output)}`);
  return ends.filter(({ ok }) => !ok).length;
}

function tryApprovals(): Promise<number> {
  say('deciding about what waits for a person');
  return playApprovals();
}

function tryPlugins(): Promise<number> {
  say('playing the story of the calendar: examples/plugins');
  return playPlugins();
}

prepare();
showWarnings();
applyExamples();
const wrong =
  tryRefusals() + (await showEnds()) + (await tryApprovals()) + (await tryPlugins()) + (await tryAgents());
say(wrong === 0 ? 'everything ended as expected' : `${wrong} did not end as expected`);
console.log(`
Go on:
    export KUBECONFIG=${process.env['KUBECONFIG'] ?? ''} PATH=${process.env['SEKISHO_TOOLS'] ?? ''}:$PATH
    kubectl get cer -A
    kubectl -n demo describe cer attack-5-fork-bomb
    kubectl explain cer.spec
    kubectl -n sekisho-system port-forward service/sekisho-console 8080:80     # the approval page, http://localhost:8080
    make down
`);
process.exitCode = wrong === 0 ? 0 : 1;
