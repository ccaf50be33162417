/**
 * Requests against plain Jobs on one cluster, interleaved, so that both meet the same noise. `make bench` calls it after
 * scripts/setup. The last line is one line of JSON.
 */
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { connectKube, loadConnection } from '../src/kube/client.ts';
import { SANDBOX_CLASSES } from '../src/kube/resources.ts';
import { callsOf, endOf } from './bench/audit.ts';
import { countCalls } from './bench/calls.ts';
import { auditLog, clear, cleanUp, CONTROLLER, post, usage } from './bench/cluster.ts';
import { now, percentile, round, sum } from './bench/figures.ts';
import { FLOOR, surroundings } from './bench/objects.ts';
import type { SandboxClass } from './bench/objects.ts';
import { phasesOf } from './bench/phases.ts';
import type { Phases } from './bench/phases.ts';
import { prepareRuns } from './bench/runs.ts';
import type { Kind, Runs } from './bench/runs.ts';

const SEQUENTIAL = Number(process.env['BENCH_SEQUENTIAL'] ?? 20);
const BURST = Number(process.env['BENCH_BURST'] ?? 40);
/** A machine gets faster and slower within minutes, so the kinds come in turn, and every other turn backwards. */
const TURN: readonly Kind[] = ['plain', 'isolated', 'request'];
const BURSTS: readonly Kind[] = [...TURN, ...TURN.toReversed(), ...TURN, ...TURN.toReversed()];

/** Milliseconds of each run or burst. */
type Times = Record<Kind, number[]>;
const noTimes = (): Times => ({ request: [], plain: [], isolated: [] });
type Usage = Awaited<ReturnType<typeof usage>>;

const started = performance.now();
const say = (text: string) => {
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(3);
  console.log(`[${seconds}s] ${text}, load ${round(loadavg()[0] ?? 0)}`);
};
const seconds = (milliseconds: number | undefined) => `${round((milliseconds ?? Number.NaN) / 1000)} s`;

const client = connectKube({ connection: await loadConnection(process.env) });
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

/** One after another, in turn first and second, with random gaps, since kubelet and Job controller tick once a second. */
async function oneAfterAnother(runs: Runs): Promise<Times> {
  const times = noTimes();
  for (let i = 0; i < SEQUENTIAL; i += 1) {
    for (const kind of (i % 2 ? ['request', 'plain'] : ['plain', 'request']) as Kind[]) {
      await pause(Math.random() * 1000, undefined, { signal: stopping.signal });
      times[kind].push(await runs.go(kind, `${kind}-${i}`));
      await runs.settle(kind, `${kind}-${i}`);
    }
    say(`${i + 1} of ${SEQUENTIAL}: request ${seconds(times.request[i])}, plain ${seconds(times.plain[i])}`);
  }
  return times;
}

async function bursts(runs: Runs): Promise<Times> {
  const times = noTimes();
  for (const [turn, kind] of BURSTS.entries()) {
    const names = Array.from({ length: BURST }, (_, i) => `burst-${turn}-${i}`);
    await clear(client);
    const from = now();
    await Promise.all(names.map((name) => runs.go(kind, name)));
    times[kind].push(now() - from);
    await Promise.all(names.map((name) => runs.settle(kind, name)));
    say(`burst of ${BURST}: ${kind} ${seconds(times[kind].at(-1))}`);
  }
  return times;
}

function compare(one: Times, burst: Times) {
  const row = (what: string, request: number, floor: number) => ({
    what,
    request: round(request, 0),
    floor: round(floor, 0),
    ratio: round(request / floor),
  });
  const at = (share: number) => [percentile(one.request, share), percentile(one.plain, share)] as const;
  const inBursts = (floor: Kind) => [sum(burst.request), sum(burst[floor])] as const;
  return {
    p50: row('p50, ms, of plain Jobs', ...at(0.5)),
    p99: row('p99, ms, of plain Jobs', ...at(0.99)),
    burst: row(`bursts of ${BURST}, ms in all, of plain Jobs`, ...inBursts('plain')),
    isolated: row(`bursts of ${BURST}, ms in all, of Jobs as isolated`, ...inBursts('isolated')),
  };
}

function showPhases(phases: Phases): void {
  const rows = Object.entries(phases).map(([phase, values]) => ({
    phase,
    'p50 ms': round(percentile(values, 0.5), 0),
    'p99 ms': round(percentile(values, 0.99), 0),
  }));
  console.table(rows);
}

async function bench(): Promise<void> {
  const audit = auditLog();
  await cleanUp(client);
  const base = await client.get<SandboxClass>(SANDBOX_CLASSES, { name: 'default' });
  if (!base) throw new Error('there is no SandboxClass default: is Sekisho installed?');
  for (const { path, object } of surroundings(base)) await post(client, path, object);
  const runs = await prepareRuns(client, base, stopping.signal);
  say('one of each to warm up');
  for (const kind of ['request', 'plain'] as const) {
    await runs.go(kind, `warm-${kind}`);
    await runs.settle(kind, `warm-${kind}`);
  }

  const position = await endOf(audit);
  const before = await usage(client);
  const one = await oneAfterAnother(runs);
  const between = await usage(client);
  const until = now();
  const burst = await bursts(runs);
  const after = await usage(client);

  const names = (kind: Kind) => Array.from({ length: SEQUENTIAL }, (_, i) => `${kind}-${i}`);
  const calls = (await callsOf(CONTROLLER, audit, position)).filter(({ from }) => from <= until);
  const counts = countCalls(calls, names('request'), runs);
  const compared = compare(one, burst);
  console.table(Object.values(compared));
  showPhases(phasesOf(names('request'), names('plain'), calls, runs));
  console.log(`Calls of the controller while ${SEQUENTIAL} requests ran one after another:`);
  console.table(counts.each);
  const cpu = (from: Usage, to: Usage, requests: number) => round(((to.cpu - from.cpu) * 1000) / requests);
  const cpuInBurst = cpu(between, after, BURST * burst.request.length);
  console.log(`CPU of the controller for a request in a burst: ${cpuInBurst} ms, idle time included`);
  const figures = {
    floor: FLOOR,
    p50Ratio: compared.p50.ratio,
    p99Ratio: compared.p99.ratio,
    burstRatio: round(1 / compared.burst.ratio),
    burstRatioAsIsolated: round(1 / compared.isolated.ratio),
    writesPerRequest: round(counts.writes / SEQUENTIAL),
    readsPerRequest: round(counts.reads / SEQUENTIAL),
    cpuMsPerRequest: cpu(before, between, SEQUENTIAL),
    rssMB: round(Math.max(between.rss, after.rss) / 1_000_000, 1),
  };
  console.log(JSON.stringify(figures));
}

try {
  await bench();
} finally {
  stopping.abort();
  await cleanUp(client);
  await client.close();
}
