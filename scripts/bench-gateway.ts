/**
 * What the gateway adds, beside a bare express reverse proxy to the same upstream in the same run: time, CPU, memory, and whether slow
 * neighbours delay a fast one. Each is a process of its own, built and started as the product is, all on this machine; the ports of the
 * gateway answer from memory (see bench-gateway/gateway.ts). `make bench-gateway`. The last line is one line of JSON.
 */
import { Pool } from 'undici';
import { percentile, round } from './bench/figures.ts';
import { interleaved } from './bench-gateway/load.ts';
import type { Target } from './bench-gateway/load.ts';
import { begin } from './bench-gateway/processes.ts';
import type { BenchProcess } from './bench-gateway/processes.ts';

const PER_SECOND = 200;
const WARM_SECONDS = 5;
const SECONDS = Number(process.env['SECONDS'] ?? 20);
const SLOW_SECONDS = 6;
/** Requests that the calls are spread over. */
const REQUESTS = 16;
const PATH = '/v1/plugins/calendar/operations/read_events';
const BODY = JSON.stringify({ from: '2026-11-24', days: 7, text: 'planning' });

async function post(pool: Pool, path: string, token: string): Promise<void> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: BODY,
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${text}`);
}

const targetAt = (name: string, port: number): Target => {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 16 });
  return { name, times: [], call: (nth) => post(pool, PATH, `calendar.${nth % REQUESTS}`) };
};

interface Figures {
  readonly name: string;
  readonly p50: number;
  readonly p99: number;
  readonly cpuPerCall: number;
}

async function measured(
  targets: readonly Target[],
  processes: readonly BenchProcess[],
): Promise<readonly Figures[]> {
  for (const { times } of targets) times.length = 0;
  const before = await Promise.all(processes.map((one) => one.usage()));
  await interleaved(targets, PER_SECOND, SECONDS);
  const after = await Promise.all(processes.map((one) => one.usage()));
  return targets.map(({ name, times }, index) => ({
    name,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    cpuPerCall: ((after[index]?.cpu ?? 0) - (before[index]?.cpu ?? 0)) / times.length,
  }));
}

/** The fast calls through the gateway while each slow upstream has a call open, all the time. */
async function besideSlow(
  target: Target,
  slow: readonly number[],
  port: number,
): Promise<{ p50: number; p99: number }> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: slow.length });
  const load = { going: true };
  // Schemas are compiled at the first call of a plugin, some milliseconds each: that is no matter of slow upstreams.
  await Promise.all(
    slow.map((_port, n) => post(pool, `/v1/plugins/slow-${n}/operations/read_events`, `slow-${n}.0`)),
  );
  const busy = slow.map(async (_port, n) => {
    while (load.going) await post(pool, `/v1/plugins/slow-${n}/operations/read_events`, `slow-${n}.0`);
  });
  target.times.length = 0;
  await interleaved([target], PER_SECOND, SLOW_SECONDS);
  load.going = false;
  await Promise.all(busy);
  await pool.close();
  return { p50: percentile(target.times, 0.5), p99: percentile(target.times, 0.99) };
}

const upstream = await begin('scripts/bench-gateway/upstream.ts');
const [fast = 0, ...slow] = upstream.ports;
const proxy = await begin('scripts/bench-gateway/proxy.ts', [fast]);
const gateway = await begin('scripts/bench-gateway/gateway.ts', upstream.ports);
const [proxyPort = 0] = proxy.ports;
const [gatewayPort = 0] = gateway.ports;
const targets = [targetAt('bare express proxy', proxyPort), targetAt('gateway', gatewayPort)];
const [, throughGateway] = targets;
try {
  await interleaved(targets, PER_SECOND, WARM_SECONDS);
  const [bare, own] = await measured(targets, [proxy, gateway]);
  if (!bare || !own || !throughGateway) throw new Error('nothing was measured');
  for (const { name, p50, p99, cpuPerCall } of [bare, own])
    console.log(
      `${name.padEnd(20)} p50 ${round(p50)} ms, p99 ${round(p99)} ms, CPU ${round(cpuPerCall, 0)} µs a call`,
    );
  const alone = targetAt('gateway alone', gatewayPort);
  await interleaved([alone], PER_SECOND, SLOW_SECONDS);
  console.log(
    `${'gateway alone'.padEnd(20)} p50 ${round(percentile(alone.times, 0.5))} ms, p99 ${round(percentile(alone.times, 0.99))} ms`,
  );
  const beside = await besideSlow(throughGateway, slow, gatewayPort);
  console.log(
    `${`beside ${slow.length} slow`.padEnd(20)} p50 ${round(beside.p50)} ms, p99 ${round(beside.p99)} ms`,
  );
  const { rss } = await gateway.usage();
  console.log(
    JSON.stringify({
      p50AddedMs: round(own.p50 - bare.p50),
      p99AddedMs: round(own.p99 - bare.p99),
      cpuRatio: round(own.cpuPerCall / bare.cpuPerCall),
      rssMB: round(rss / 1024 / 1024, 0),
    }),
  );
} finally {
  for (const one of [gateway, proxy, upstream]) one.stop();
}
process.exit();
