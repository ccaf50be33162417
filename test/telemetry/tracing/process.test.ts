/** The process itself: what it loads, what it sends before it ends, and what it says of variables that are wrong. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { aCollector } from '../../support/collector.ts';
import { eventually } from '../../support/eventually.ts';

/** Writes down every module as it is loaded, of both kinds. */
const WATCH = `
import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stderr.write('LOADED ' + url + '\\n'); return next(url, context); } });
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-traces-'));
  writeFileSync(join(folder, 'watch.mjs'), WATCH);
  // Nobody answers there; the gateway starts all the same, and is not ready.
  writeFileSync(
    join(folder, 'kubeconfig'),
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

const started: ChildProcess[] = [];
afterEach(() => {
  for (const one of started.splice(0)) one.kill('SIGKILL');
});

interface Gateway {
  readonly url: string;
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

/** The gateway from its sources, with these variables and no others. */
async function gateway(environment: Readonly<Record<string, string>>): Promise<Gateway> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [
      ...['--no-warnings', '--import', join(folder, 'watch.mjs'), 'src/main.ts', 'gateway'],
      ...['--namespace=sekisho-system', `--kubeconfig=${join(folder, 'kubeconfig')}`],
      ...[`--port=${port}`, `--health-address=127.0.0.1:${await freePort()}`],
    ],
    { env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
  const ended = new Promise<number | null>((done) => {
    // Not 'exit': what it said last may still be in the pipes then.
    child.once('close', done);
  });
  return { url: `http://127.0.0.1:${port}`, child, said: () => said, ended };
}

const runs = ({ said }: Gateway): Promise<boolean> =>
  eventually(() => said().includes('gateway started'), {
    what: 'the gateway has started',
    timeoutMilliseconds: 30_000,
  });

/** What of OpenTelemetry was loaded; its interface alone comes with prom-client, which looks whether somebody traces. */
const loaded = ({ said }: Gateway): readonly string[] => [
  ...new Set(
    [...said().matchAll(/^LOADED \S*@opentelemetry\/([a-z-]+)\//gm)].flatMap(([, name = '']) =>
      name === 'api' ? [] : [name],
    ),
  ),
];

test('without a collector nothing of the tracing is loaded', async () => {
  const one = await gateway({ OTEL_SERVICE_NAME: 'gateway' });
  await runs(one);
  expect(one.said()).toContain('/prom-client/');
  expect(loaded(one)).toEqual([]);
  expect(one.said()).not.toContain('tracing/tracing.ts');
}, 60_000);

test('with one it is', async () => {
  const one = await gateway({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
  await runs(one);
  expect(loaded(one)).toEqual(expect.arrayContaining(['sdk-trace', 'exporter-trace-otlp-proto']));
  expect(one.said()).toContain('calls are traced');
}, 60_000);

test('a wrong variable ends the process with a sentence', async () => {
  const one = await gateway({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' });
  expect(await one.ended).toBe(2);
  expect(one.said()).toContain(
    'sekisho: OTEL_EXPORTER_OTLP_ENDPOINT is "collector": it is no URL; write http://HOST:4318 or https://HOST\n',
  );
  expect(one.said()).not.toContain('gateway started');
}, 60_000);

test('what waits is sent before the process ends', async () => {
  const collector = await aCollector();
  try {
    const one = await gateway({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_BSP_SCHEDULE_DELAY: '60000',
    });
    await runs(one);
    const { status } = await fetch(`${one.url}/v1/plugins/calendar/operations/read_events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(status).toBe(401);
    expect(collector.exports).toEqual([]);
    one.child.kill('SIGTERM');
    expect(await one.ended).toBe(0);
    expect(collector.spans().map(({ name, statusMessage }) => [name, statusMessage])).toEqual([
      ['sekisho.gateway.stage.authenticate', 'Unauthenticated'],
      ['sekisho.gateway.call', 'Unauthenticated'],
    ]);
  } finally {
    await collector.close();
  }
}, 60_000);
