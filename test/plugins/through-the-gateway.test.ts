/**
 * The programs of examples/plugins/requests, run by their interpreters with their module, through the real gateway, to the real
 * services. What a cluster adds (pods, tokens, admission) is for test/e2e.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import * as yaml from 'js-yaml';
import { fill } from '../../examples/plugins/calendar/seed.ts';
import { adapter } from '../../examples/plugins/calendar/server.ts';
import { settingsOf } from '../../examples/plugins/calendar/settings.ts';
import { storeAt } from '../../examples/plugins/calendar/store.ts';
import { manifest } from '../../scripts/demo/plugins.ts';
import { parsePlugin, parseRequest, parseRole } from '../../src/api/parse.ts';
import type { ExecutionRole, Plugin } from '../../src/api/parse.ts';
import { analyse } from '../../src/core/analysis/engine.ts';
import { grantsOf } from '../../src/core/plugins/grants.ts';
import { listToolDigests } from '../../src/gateway/upstream/tool-definitions.ts';
import { must } from '../gateway/support/plugins.ts';
import { aWorld, TOKEN as POD_TOKEN } from '../gateway/support/world.ts';
import type { World } from '../gateway/support/world.ts';
import { eventually } from '../support/eventually.ts';
import { startProgram } from '../support/sandbox-program.ts';
import type { Radicale } from './radicale.ts';
import { freePort, startRadicale } from './radicale.ts';

jest.setTimeout(60_000);
/** The first time, radicale is installed. */
const START_MILLISECONDS = 180_000;
const TOKEN = 'token-of-the-adapter';
const MCP_SERVER = 'node_modules/@modelcontextprotocol/server-everything/dist/index.js';

let folder = '';
let radicale: Radicale;
let calendar: Server;
let mcpServer: ChildProcess;
let plugins: readonly Plugin[] = [];
let roles: readonly ExecutionRole[] = [];

/** As the API server hands them out. */
const stored = (kind: string, document: unknown): object[] => {
  const object = document as { kind: string; metadata: { name: string } };
  const uid = `uid-of-${object.metadata.name}`;
  return object.kind === kind ? [{ ...object, metadata: { uid, generation: 1, ...object.metadata } }] : [];
};

async function startCalendar(): Promise<string> {
  const { dav, token } = settingsOf({
    ADAPTER_TOKEN_FILE: join(folder, 'token'),
    CALDAV_URL: radicale.url,
    CALDAV_USER: radicale.user,
    CALDAV_PASSWORD_FILE: radicale.passwordFile,
  });
  const store = storeAt(dav);
  await fill(store, new Date());
  calendar = adapter({ store, token, now: () => new Date(), log: () => undefined });
  await new Promise<void>((resolve) => calendar.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(calendar.address() as AddressInfo).port}`;
}

/** What the server says of its tool now, as whoever writes the Plugin reads it. */
async function digestOf(tool: string, url: string): Promise<string> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  try {
    return (await listToolDigests(client, AbortSignal.timeout(10_000))).get(tool) ?? '';
  } finally {
    await client.close();
  }
}

async function startMcpServer(): Promise<string> {
  const port = await freePort();
  mcpServer = spawn(process.execPath, [MCP_SERVER, 'streamableHttp'], {
    env: { PATH: process.env['PATH'], PORT: String(port) },
    stdio: 'ignore',
  });
  await eventually(async () => (await fetch(`http://127.0.0.1:${port}/mcp`)).status === 400, {
    what: 'the MCP server answers',
    timeoutMilliseconds: 30_000,
  });
  return `127.0.0.1:${port}`;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'through-'));
  writeFileSync(join(folder, 'token'), TOKEN);
  writeFileSync(join(folder, 'pod-token'), POD_TOKEN);
  radicale = await startRadicale();
  const [first, second] = [await startCalendar(), await startMcpServer()];
  const values = {
    SEKISHO_NAMESPACE: 'sekisho-system',
    CALENDAR_TOKEN: TOKEN,
    ...{ CALENDAR_HOST: first, CALENDAR_CIDR: '10.96.7.1/32', MCP_HOST: second, MCP_CIDR: '10.96.7.2/32' },
    DIGEST_GET_STRUCTURED_CONTENT: await digestOf('get-structured-content', `http://${second}/mcp`),
  };
  // Here each service has its port for itself.
  const documents = yaml.loadAll(manifest('4-plugins', values).replaceAll(/(:\d+):8080/g, '$1'));
  plugins = documents.flatMap((one) => stored('Plugin', one)).map((one) => must(parsePlugin(one)));
  const user = {
    kind: 'ExecutionRole',
    metadata: { name: 'user' },
    spec: (
      yaml.load(readFileSync('helm/sekisho/values.yaml', 'utf8')) as { roles: { user: { spec: object } } }
    ).roles.user.spec,
  };
  roles = [user, ...yaml.loadAll(manifest('5-roles', values))]
    .flatMap((one) => stored('ExecutionRole', one))
    .map((one) => must(parseRole(one)));
}, START_MILLISECONDS);
afterAll(async () => {
  mcpServer.kill();
  calendar.closeAllConnections();
  await new Promise((resolve) => calendar.close(resolve));
  await radicale.stop();
  rmSync(folder, { recursive: true, force: true });
});

let world: World | undefined;
let workspace = '';
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
});
afterEach(async () => {
  await world?.close();
  rmSync(workspace, { recursive: true, force: true });
});

/** Calls of the adapter until now. */
async function calls(): Promise<Readonly<Record<string, number>>> {
  const { port } = calendar.address() as AddressInfo;
  const headers = { authorization: `Bearer ${TOKEN}` };
  return (await (await fetch(`http://127.0.0.1:${port}/calls`, { headers })).json()) as Record<
    string,
    number
  >;
}

/** Runs a request of the examples with exactly what its code, its words and its role grant it, as if it had been let run. */
async function run(name: string) {
  const [document] = stored(
    'CodeExecutionRequest',
    yaml.load(readFileSync(`examples/plugins/requests/${name}.yaml`, 'utf8')),
  );
  const { spec } = must(parseRequest(document));
  const role = roles.find(({ metadata }) => metadata.name === spec.role);
  if (!role) throw new Error(`there is no role ${spec.role}`);
  const read = analyse({ language: spec.language, code: spec.code }).actions.map(({ action }) => action);
  const grants = grantsOf({
    wanted: spec.plugins ?? [],
    actions: [...(spec.actions ?? []), ...read],
    role,
    plugins: new Map(plugins.map((plugin) => [plugin.metadata.name, plugin])),
  });
  world = await aWorld({ plugins, role, caller: { grants }, credential: TOKEN });
  const child = startProgram({
    language: spec.language,
    code: spec.code,
    folder: workspace,
    environment: { SEKISHO_GATEWAY: world.url, SEKISHO_TOKEN_FILE: join(folder, 'pod-token') },
  });
  child.stdin.end(spec.stdin ?? '');
  const ended = new Promise((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr, outcomes: world.events.map(({ outcome }) => outcome) };
}

test('the calendar is read', async () => {
  const { code, stdout, stderr } = await run('1-read-calendar');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT00:00:00Z Stand-up\n\d{4}-\d\d-\d\dT05:00:00Z 設計レビュー\n/);
});

test('an event is created, and is in the CalDAV store', async () => {
  const { code, stdout, stderr } = await run('2-create-event');
  expect([code, stdout, stderr]).toEqual([0, 'in the calendar: 週次ミーティング\n', '']);
  expect(radicale.stored('work').filter((one) => one.includes('SUMMARY:週次ミーティング'))).toHaveLength(1);
});

describe('the contacts', () => {
  test('hidden from the analysis, the call is refused by the gateway, and reaches nobody', async () => {
    const before = await calls();
    const { code, stdout, outcomes } = await run('4-export-hidden');
    expect([code, stdout]).toEqual([0, 'refused by the gateway: NotGranted\n']);
    expect(outcomes).toEqual(['Refused']);
    expect(await calls()).toEqual(before);
  });

  test('were it let run, what was denied would be refused again', async () => {
    const before = await calls();
    const { code, stdout, stderr } = await run('3-export-contacts');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('sekisho.NotGranted: NotGranted');
    expect(await calls()).toEqual(before);
  });

  test('with an approval they are exported, without mail and phone', async () => {
    const { code, stdout, stderr } = await run('5-export-approved');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toHaveLength(4);
    expect(stdout).toContain('田中 花子');
    expect(stdout).not.toMatch(/@|\d/);
    expect(await calls()).toMatchObject({ 'GET /contacts': 1 });
  });
});

test('a tool of an MCP server is called by the same module', async () => {
  const { code, stdout, stderr } = await run('6-weather');
  expect([code, stdout, stderr]).toEqual([0, 'Chicago: Light rain / drizzle, 36 degrees\n', '']);
});

test('the adapter was never called without its token', async () => {
  expect(await calls()).not.toHaveProperty('refused');
});
