/**
 * What the gateway adds, beside a bare express reverse proxy to the same upstream in the same run: time, CPU, memory, and whether slow
 * neighbours delay a fast one. Each is a process of its own, built and started as the product is, all on this machine; the ports of the
 * gateway answer from memory (see bench-gateway/gateway.ts). `make bench-gateway`. The last line is one line of JSON.
 */
import { Pool } from 'undici';
import { percentile, round } from './bench/figures.ts';
import { post } from './bench-gateway/call.ts';
import { interleaved } from './bench-gateway/load.ts';
import type { Target } from './bench-gateway/load.ts';
import { begin } from './bench-gateway/processes.ts';
import type { BenchProcess } from './bench-gateway/processes.ts';

const PER_SECOND = 200;
const WARM_SECONDS = 5;
const SECONDS = Number(process.env['SECONDS'] ?? 20);
const SLOW_SECONDS = Number(process.env['SLOW_SECONDS'] ?? 8);
const SLOW_UPSTREAMS = 64;
const SLOW_MILLISECONDS = 2000;
/** Requests that the calls are spread over. */
const REQUESTS = 16;
const PATH = '/v1/plugins/calendar/operations/read_events';

const targetAt = (name: string, port: number): Target => {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 16 });
  return {
    name,
    times: [],
    call: (nth) => post(pool, PATH, `calendar.${nth % REQUESTS}`),
  };
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

type Slow = 'none' | 'spread' | 'together';

const BESIDE: Readonly<Record<Slow, string>> = {
  none: 'alone',
  spread: `beside ${SLOW_UPSTREAMS} slow, answers spread`,
  together: `beside ${SLOW_UPSTREAMS} slow, answers in the same moment`,
};

interface Server {
  readonly name: string;
  readonly port: number;
  readonly server: BenchProcess;
}

/** The fast calls alone, or while each slow upstream has a call open all the time, made by a process of its own. */
async function beside(which: Slow, { name, port, server }: Server): Promise<void> {
  const target = targetAt(name, port);
  const numbers = [port, SLOW_UPSTREAMS, SLOW_MILLISECONDS];
  const callers =
    which === 'none' ? undefined : await begin('scripts/bench-gateway/slow-callers.ts', [...numbers, which]);
  await server.usage();
  await interleaved([target], PER_SECOND, SLOW_SECONDS);
  const { longestTurn } = await server.usage();
  callers?.stop();
  const [p50, p99] = [0.5, 0.99].map((share) => round(percentile(target.times, share)));
  console.log(
    `${name.padEnd(20)} ${BESIDE[which].padEnd(46)} p50 ${p50} ms, p99 ${p99} ms, longest turn ${round(longestTurn / 1000)} ms of CPU`,
  );
}

const upstream = await begin('scripts/bench-gateway/upstream.ts');
const slow = await begin('scripts/bench-gateway/slow-upstream.ts', [SLOW_UPSTREAMS, SLOW_MILLISECONDS]);
const ports = [...upstream.ports, ...slow.ports];
const proxy = await begin('scripts/bench-gateway/proxy.ts', ports);
const gateway = await begin('scripts/bench-gateway/gateway.ts', ports);
const [proxyPort = 0] = proxy.ports;
const [gatewayPort = 0] = gateway.ports;
const targets = [targetAt('bare express proxy', proxyPort), targetAt('gateway', gatewayPort)];
try {
  await interleaved(targets, PER_SECOND, WARM_SECONDS);
  const [bare, own] = await measured(targets, [proxy, gateway]);
  if (!bare || !own) throw new Error('nothing was measured');
  for (const { name, p50, p99, cpuPerCall } of [bare, own])
    console.log(
      `${name.padEnd(20)} p50 ${round(p50)} ms, p99 ${round(p99)} ms, CPU ${round(cpuPerCall, 0)} µs a call`,
    );
  for (const which of ['none', 'spread', 'together'] as const) {
    await beside(which, { name: 'bare express proxy', port: proxyPort, server: proxy });
    await beside(which, { name: 'gateway', port: gatewayPort, server: gateway });
  }
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
  for (const one of [gateway, proxy, slow, upstream]) one.stop();
}
process.exit();
