/**
 * Requests against plain Jobs on one cluster, interleaved, so that both meet the same noise. `make bench` calls it after
 * scripts/setup. The last line is one line of JSON.
 */
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { connectKube, loadConnection } from '../src/kube/client.ts';
import { CODE_EXECUTION_REQUESTS, JOBS, PODS, SANDBOX_CLASSES, NAMESPACES } from '../src/kube/resources.ts';
import { REQUEST } from '../src/objects/labels.ts';
import { runName } from '../src/objects/names.ts';
import { callsOf, endOf, kindOf } from './bench/audit.ts';
import { metricOf, percentile, round } from './bench/figures.ts';
import { follow } from './bench/follow.ts';
import { BENCH, FLOOR, plainJob, PLAIN, REQUESTER, requestOf, surroundings } from './bench/objects.ts';
import type { SandboxClass } from './bench/objects.ts';

const ONE_AFTER_ANOTHER = Number(process.env['BENCH_SEQUENTIAL'] ?? 20);
const BURST = Number(process.env['BENCH_BURST'] ?? 40);
const SYSTEM = process.env['SEKISHO_NAMESPACE'] ?? 'sekisho-system';
const SANDBOXES = process.env['SEKISHO_SANDBOX_NAMESPACE'] ?? 'sekisho-sandboxes';
const CONTROLLER = `system:serviceaccount:${SYSTEM}:sekisho-controller`;

const started = performance.now();
const now = () => performance.timeOrigin + performance.now();
const say = (text: string) =>
  console.log(`[${((performance.now() - started) / 1000).toFixed(0).padStart(3)}s] ${text}`);
const load = () => `load ${round(loadavg()[0] ?? 0)}`;

const client = connectKube({ connection: await loadConnection(process.env) });
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

interface Request {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status?: { readonly state?: string };
}

function auditLog(): string {
  const args = ['--name', process.env['SEKISHO_CLUSTER'] ?? 'sekisho', 'status', '-o', 'json'];
  const status: { auditLog: string } = JSON.parse(
    execFileSync(process.env['SEKISHO_CLUSTER_BIN'] ?? 'sekisho-cluster', args, { encoding: 'utf8' }),
  );
  return status.auditLog;
}

async function post<T>(path: string, object: object, headers: Record<string, string> = {}): Promise<T> {
  const body = JSON.stringify(object);
  const answer = await client.request('POST', path, { body, contentType: 'application/json', headers });
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.body}`);
  const created: T = JSON.parse(answer.body);
  return created;
}

async function cleanUp(): Promise<void> {
  for (const { path, object } of surroundings({
    spec: { images: {}, limits: { cpu: '', memory: '' }, deadlineSeconds: 0 },
  }))
    await client.request('DELETE', `${path}/${object.metadata.name}`);
  // A namespace takes a while to go, and the next run makes it anew.
  for (const name of [BENCH, PLAIN]) while (await client.get(NAMESPACES, { name })) await pause(250);
}

/** CPU seconds and RSS of the controller (all its replicas), by the API server's proxy. */
async function usage(): Promise<{ cpu: number; rss: number }> {
  const labelSelector = 'app.kubernetes.io/component=controller';
  const { items } = await client.list<V1Pod>(PODS, { namespace: SYSTEM, labelSelector });
  let cpu = 0;
  let rss = 0;
  for (const { metadata } of items) {
    const path = `/api/v1/namespaces/${SYSTEM}/pods/${metadata?.name}:8081/proxy/metrics`;
    const { body } = await client.request('GET', path);
    cpu += metricOf(body, 'process_cpu_seconds_total');
    rss = Math.max(rss, metricOf(body, 'process_resident_memory_bytes'));
  }
  return { cpu, rss };
}

const podStages = ({ spec, status }: V1Pod) => {
  const { state } = status?.containerStatuses?.[0] ?? {};
  return {
    created: true,
    scheduled: spec?.nodeName !== undefined,
    running: state?.running !== undefined || state?.terminated !== undefined,
    terminated: state?.terminated !== undefined,
  };
};
const jobStages = ({ status }: V1Job) => ({
  created: true,
  complete: status?.conditions?.some(({ type, status: is }) => type === 'Complete' && is === 'True') ?? false,
});
const FINAL = new Set(['Succeeded', 'Failed', 'Denied']);
const requestStages = ({ status }: Request) => ({ final: FINAL.has(status?.state ?? '') });
const jobOf = ({ metadata }: V1Pod) => metadata?.labels?.['batch.kubernetes.io/job-name'] ?? '';
const nameOf = (object: { metadata?: { name?: string } }) => object.metadata?.name ?? '';

async function bench(): Promise<void> {
  const audit = auditLog();
  await cleanUp();
  const base = await client.get<SandboxClass>(SANDBOX_CLASSES, { name: 'default' });
  if (!base) throw new Error('there is no SandboxClass default: is Sekisho installed?');
  for (const { path, object } of surroundings(base)) await post(path, object);
  const { signal } = stopping;
  const requests = await follow(client, CODE_EXECUTION_REQUESTS, BENCH, nameOf, requestStages, signal);
  const plainPods = await follow<V1Pod>(client, PODS, PLAIN, jobOf, podStages, signal);
  const plainJobs = await follow<V1Job>(client, JOBS, PLAIN, nameOf, jobStages, signal);
  const pods = await follow<V1Pod>(client, PODS, SANDBOXES, jobOf, podStages, signal);
  const jobs = await follow<V1Job>(client, JOBS, SANDBOXES, nameOf, jobStages, signal);

  const runs = new Map<string, { created: number; ended: number; job: string }>();
  const as = { 'impersonate-user': REQUESTER };
  const ask = async (name: string) => {
    const created = now();
    const path = `/apis/sekisho.dev/v1alpha1/namespaces/${BENCH}/codeexecutionrequests`;
    const { metadata } = await post<Request>(path, requestOf(name), as);
    const ended = await requests.until(name, 'final');
    const seen = requests.get(name);
    if (seen?.status?.state !== 'Succeeded')
      throw new Error(`${name} ended as ${JSON.stringify(seen?.status)}`);
    const job = runName(metadata.uid);
    runs.set(name, { created, ended, job });
    return ended - created;
  };
  const run = async (name: string) => {
    const created = now();
    await client.create<V1Job>(JOBS, plainJob(name, base));
    return (await plainPods.until(name, 'terminated')) - created;
  };
  /** Wholly ended, the Job's own status included. */
  const settle = (names: readonly string[]) =>
    Promise.all(
      names.map((name) => {
        const job = runs.get(name)?.job;
        return job === undefined ? plainJobs.until(name, 'complete') : jobs.until(job, 'complete');
      }),
    );

  say(`one of each to warm up, ${load()}`);
  await Promise.all([ask('warm-request'), run('warm-plain')]);
  await settle(['warm-request', 'warm-plain']);

  const position = await endOf(audit);
  const before = await usage();
  const times = { request: [] as number[], plain: [] as number[] };
  for (let i = 0; i < ONE_AFTER_ANOTHER; i += 1) {
    for (const [kind, go] of i % 2
      ? ([
          ['request', ask],
          ['plain', run],
        ] as const)
      : ([
          ['plain', run],
          ['request', ask],
        ] as const)) {
      await pause(Math.random() * 1000, undefined, { signal });
      const name = `${kind}-${i}`;
      times[kind].push(await go(name));
      await settle([name]);
    }
    say(
      `${i + 1} of ${ONE_AFTER_ANOTHER}: request ${round((times.request[i] ?? 0) / 1000)} s, plain ${round((times.plain[i] ?? 0) / 1000)} s, ${load()}`,
    );
  }
  const after = await usage();
  const until = now();

  const burst = async (kind: 'request' | 'plain') => {
    const names = Array.from({ length: BURST }, (_, i) => `burst-${kind}-${i}`);
    const from = now();
    await Promise.all(names.map(kind === 'request' ? ask : run));
    const took = now() - from;
    await settle(names);
    say(`burst of ${BURST} ${kind}s: ${round(took / 1000)} s, ${load()}`);
    return took;
  };
  const burstPlain = await burst('plain');
  const beforeBurst = await usage();
  const burstRequest = await burst('request');
  const afterBurst = await usage();

  const measured = Array.from({ length: ONE_AFTER_ANOTHER }, (_, i) => `request-${i}`);
  const ours = new Set(measured.map((name) => runs.get(name)?.job ?? ''));
  const foreign = ({ namespace, name }: { namespace: string; name: string }) => {
    if (namespace === SANDBOXES) {
      if (name.startsWith('run-')) return ![...ours].some((job) => name.startsWith(job));
      return jobs.get(name)?.metadata?.annotations?.[REQUEST] !== undefined;
    }
    return namespace !== '' && namespace !== BENCH && namespace !== SYSTEM;
  };
  const calls = (await callsOf(CONTROLLER, audit, position)).filter(({ from }) => from <= until);
  const counts: Record<string, number> = {};
  const kinds: Record<string, number> = {};
  for (const call of calls) {
    const kind = kindOf(call, foreign);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    if (kind === 'other') continue;
    const what = `${kind}: ${call.verb} ${call.resource}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  const per = (kind: string) => round((kinds[kind] ?? 0) / ONE_AFTER_ANOTHER);

  const phases: Record<string, number[]> = {};
  const add = (phase: string, value: number | undefined) => {
    if (value !== undefined && !Number.isNaN(value)) (phases[phase] ??= []).push(value);
  };
  for (const name of measured) {
    const { created, ended, job } = runs.get(name) ?? { created: 0, ended: 0, job: '' };
    const creation = calls.find(
      (call) => call.verb === 'create' && call.resource === 'jobs' && call.name === job,
    );
    const writes = calls.filter(
      (call) => call.resource === 'codeexecutionrequests/status' && call.name === name,
    );
    const at = pods.times(job);
    const last = writes.at(-1);
    add('1 request create → status Queued written', (writes[0]?.to ?? Number.NaN) - created);
    add('2 → Job created', (creation?.to ?? Number.NaN) - (writes[0]?.to ?? Number.NaN));
    add('3 → pod created', (at['created'] ?? Number.NaN) - (creation?.to ?? Number.NaN));
    add('4 → scheduled', (at['scheduled'] ?? Number.NaN) - (at['created'] ?? Number.NaN));
    add('5 → container terminated, seen', (at['terminated'] ?? Number.NaN) - (at['scheduled'] ?? Number.NaN));
    add('6 → result write begins', (last?.from ?? Number.NaN) - (at['terminated'] ?? Number.NaN));
    add('7 → result seen', ended - (last?.from ?? Number.NaN));
  }
  for (let i = 0; i < ONE_AFTER_ANOTHER; i += 1) {
    const at = plainPods.times(`plain-${i}`);
    add(
      'plain: scheduled → container terminated, seen',
      (at['terminated'] ?? Number.NaN) - (at['scheduled'] ?? Number.NaN),
    );
  }

  const table = (['p50', 'p99'] as const).map((name) => {
    const share = name === 'p50' ? 0.5 : 0.99;
    const [request, plain] = [percentile(times.request, share), percentile(times.plain, share)];
    return {
      what: `${name}, ms`,
      request: round(request, 0),
      plain: round(plain, 0),
      ratio: round(request / plain),
    };
  });
  console.table([
    ...table,
    {
      what: `burst of ${BURST}, ms`,
      request: round(burstRequest, 0),
      plain: round(burstPlain, 0),
      ratio: round(burstPlain / burstRequest),
    },
  ]);
  console.table(
    Object.entries(phases).map(([phase, values]) => ({
      phase,
      'p50 ms': round(percentile(values, 0.5), 0),
      'p99 ms': round(percentile(values, 0.99), 0),
    })),
  );
  console.log(`Calls of the controller while ${ONE_AFTER_ANOTHER} requests ran one after another:`);
  console.table(
    Object.entries(counts).map(([call, count]) => ({
      call,
      count,
      perRequest: round(count / ONE_AFTER_ANOTHER),
    })),
  );
  console.log(
    `CPU for a request: ${round(((after.cpu - before.cpu) * 1000) / ONE_AFTER_ANOTHER)} ms one after another (idle time included), ${round(((afterBurst.cpu - beforeBurst.cpu) * 1000) / BURST)} ms in the burst; ${load()}`,
  );
  console.log(
    JSON.stringify({
      floor: FLOOR,
      p50Ratio: table[0]?.ratio,
      p99Ratio: table[1]?.ratio,
      burstRatio: round(burstPlain / burstRequest),
      writesPerRequest: per('write'),
      readsPerRequest: per('read'),
      cpuMsPerRequest: round(((after.cpu - before.cpu) * 1000) / ONE_AFTER_ANOTHER),
      rssMB: round(Math.max(after.rss, afterBurst.rss) / 1_000_000, 1),
    }),
  );
}

try {
  await bench();
} finally {
  stopping.abort();
  await cleanUp();
  await client.close();
}
