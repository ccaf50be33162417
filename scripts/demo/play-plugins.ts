import { spawn, spawnSync } from 'node:child_process';
import { examplesIn, isAsExpected, isFinal } from './examples.ts';
import type { Stored } from './examples.ts';
import { kubectl, mustKubectl } from './kubectl.ts';
import { applyPlugins, deployServices, PLUGINS_NAMESPACE } from './plugins.ts';
import { tableOf } from './table.ts';
import { watchRequests } from './watch.ts';

const REQUESTS = 'examples/plugins/requests';
const APPROVED = 'plugins-5-export-approved';
const CREATED = 'plugins-2-create-event';
const WAIT_SECONDS = 120;
const examples = examplesIn(REQUESTS);

/** Opens a way from this machine to a Service for as long as `use` takes; answers what that does. */
async function forwarded<T>(service: string, port: number, use: (url: string) => T): Promise<T> {
  const program = process.env['SEKISHO_KUBECTL'] ?? 'kubectl';
  const args = [
    '-n',
    PLUGINS_NAMESPACE,
    'port-forward',
    '--address=127.0.0.1',
    `service/${service}`,
    `:${port}`,
  ];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const local = await new Promise<string>((found, fail) => {
      child.once('exit', (code) => fail(new Error(`kubectl port-forward ended with ${code}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        const [, number] = /127\.0\.0\.1:(\d+)/.exec(chunk.toString('utf8')) ?? [];
        if (number) found(number);
      });
    });
    return use(`http://127.0.0.1:${local}`);
  } finally {
    child.kill();
  }
}

/** What the MCP server says of its tools now, as digests: whoever writes the Plugin has read them. */
function digestsAt(url: string): Readonly<Record<string, string>> {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['src/cli/main.ts', 'plugin', 'digest', `${url}/mcp`],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`sekisho plugin digest ended with ${status}:\n${stderr}`);
  const lines = stdout.trim().split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [tool, digest] = line.split(/\s+/);
      return tool && digest ? [[`DIGEST_${tool.toUpperCase().replaceAll('-', '_')}`, digest]] : [];
    }),
  );
}

function approve(stored: Stored): void {
  const { metadata, status } = stored as Stored & { readonly metadata: { readonly uid: string } };
  const approval = {
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'ExecutionApproval',
    metadata: { generateName: `${APPROVED}-`, namespace: 'demo' },
    spec: {
      requestRef: { name: metadata.name, uid: metadata.uid },
      digest: status?.verdict?.digest,
      decision: 'Approve',
      reason: 'The address book moves to another system.',
    },
  };
  const { code, stderr } = kubectl({ input: JSON.stringify(approval) }, '--as', 'bob', 'create', '-f', '-');
  console.log(`    bob approves ${APPROVED}${code === 0 ? '' : `: NOT AS EXPECTED\n        ${stderr}`}`);
}

function tell(ended: ReadonlyMap<string, Stored>): void {
  for (const { name } of examples) {
    const { result, pluginCalls = [] } = ended.get(name)?.status ?? {};
    const calls = pluginCalls.map(
      ({ plugin, operation, allowed, refused }) =>
        `${plugin}.${operation} ${allowed} allowed, ${refused} refused`,
    );
    const told = result?.stdout?.trimEnd().split('\n').join(' / ');
    if (told) console.log(`    ${name}: ${told}${calls.length > 0 ? ` (${calls.join('; ')})` : ''}`);
  }
}

/** Whether the event that the program created stands in the files of the CalDAV server. */
function isInCalendar(request: Stored | undefined): boolean {
  const [, summary = ''] = /in the calendar: (.+)/.exec(request?.status?.result?.stdout ?? '') ?? [];
  const found = kubectl(
    ...(['-n', PLUGINS_NAMESPACE, 'exec', 'deployment/radicale', '--'] as const),
    ...['grep', '-rlF', `SUMMARY:${summary}`, '/data'],
  );
  const ok = summary !== '' && found.code === 0;
  console.log(`    "${summary}" ${ok ? 'stands' : 'does NOT stand'} in the store of the CalDAV server`);
  return ok;
}

/** The seed's calendar story: what is granted works, what is not is refused, wherever it is hidden. Answers how much did not go as expected. */
export async function playPlugins(): Promise<number> {
  const values = deployServices();
  applyPlugins(values, await forwarded('mcp-server', 8080, digestsAt));
  mustKubectl('--as', 'alice', 'apply', '-f', REQUESTS);
  const names = examples.map(({ name }) => name);
  const ended = await watchRequests('demo', WAIT_SECONDS, (requests) =>
    names.every((name) => isFinal(requests.get(name))),
  );
  console.log(`\n${tableOf(examples, ended)}\n`);
  tell(ended);
  const wrong = examples.filter(({ name, expect }) => !isAsExpected(expect, ended.get(name)));
  const waiting = ended.get(APPROVED);
  if (waiting) approve(waiting);
  const after = await watchRequests('demo', WAIT_SECONDS, (requests) =>
    isAsExpected('Succeeded/Completed', requests.get(APPROVED)),
  );
  console.log(
    `    ${APPROVED}: ${after.get(APPROVED)?.status?.result?.stdout?.trimEnd().split('\n').join(' / ') ?? 'not run'}`,
  );
  const approved = isAsExpected('Succeeded/Completed', after.get(APPROVED));
  return wrong.length + (approved ? 0 : 1) + (isInCalendar(ended.get(CREATED)) ? 0 : 1);
}
