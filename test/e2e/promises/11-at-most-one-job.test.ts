import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Job } from '@kubernetes/client-node';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { REQUEST_UID } from '../../../src/objects/labels.ts';
import { eventually } from '../../support/eventually.ts';
import { items, KUBECTL, must } from '../support/kubectl.ts';
import { LOCAL_CLUSTER, ready, SANDBOXES, start, SYSTEM, without } from '../support/installation.ts';
import { jobCreations } from '../support/job-creations.ts';
import { controllers } from '../support/processes.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(400_000);

/** Requests of a round. kubectl creates them some 20 ms apart, so that a kill meets each of them at another point of its way. */
const REQUESTS = 5;
/** Milliseconds from the creation of the first request of a round to the death of the controller. */
const KILLS = [0, 5, 10, 20, 40, 80, 150, 300, 700, 1500];

let tenant: Tenant;
/** One whose programs may wait. */
let patient: Tenant;
beforeAll(async () => {
  tenant = await newTenant('at-most-one');
  patient = await newTenant('at-most-one-patient', 'Audit');
});
afterAll(async () => {
  await start('controller');
  await tenant.end();
  await patient.end();
});

/**
 * A controller in a new pod, handed over in peace, so that the kubelet does not hold back the restart that follows. It has run a
 * program: until it knows that the network is closed it starts nothing, and a kill would meet nothing.
 */
async function freshController(): Promise<void> {
  const pods = 'app.kubernetes.io/component=controller';
  await must(['-n', SYSTEM, 'delete', 'pods', '-l', pods, '--timeout=60s']);
  await ready('controller');
  await tenant.ended((await tenant.create()).metadata.name, 90_000);
}

/** Creates the requests of a round and answers as soon as the first is there; `all` follows when all are. */
async function createSeveral(): Promise<{ readonly all: Promise<readonly string[]> }> {
  const requests = Array.from({ length: REQUESTS }, () => tenant.manifest());
  const words = [...tenant.flags, 'create', '-o', 'name', '-f', '-'];
  const child = spawn(KUBECTL, words);
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  const closed = once(child, 'close');
  child.stdin.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: requests }));
  await once(child.stdout, 'data');
  return {
    all: closed.then(() =>
      printed
        .trim()
        .split('\n')
        .map((line) => line.split('/')[1] ?? ''),
    ),
  };
}

const nameFor = (uid: string) => `run-${createHash('sha256').update(uid).digest('hex').slice(0, 40)}`;

/** What the API server answers, and logs, when the caller is gone before the object is stored: nobody knows whether it was. */
const UNTOLD = 504;

interface Creations {
  /** When the API server says that it created a Job of each name in the sandbox namespace, in epoch milliseconds. */
  readonly created: ReadonlyMap<string, readonly number[]>;
  /** Names of which it says once that it does not know. */
  readonly untold: ReadonlySet<string>;
}

async function createdJobs(): Promise<Creations> {
  const created = new Map<string, readonly number[]>();
  const untold = new Set<string>();
  for (const { name, code, at } of await jobCreations()) {
    if (code === UNTOLD) untold.add(name);
    if (code === 201) created.set(name, [...(created.get(name) ?? []), at]);
  }
  return { created, untold };
}

/** How many Jobs stand in the sandbox namespace for each request, whatever they are called. */
async function jobsByRequest(): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { metadata } of await items<V1Job>(['-n', SANDBOXES, 'get', 'jobs'])) {
    const uid = metadata?.labels?.[REQUEST_UID] ?? '';
    counts.set(uid, (counts.get(uid) ?? 0) + 1);
  }
  return counts;
}

interface Killed {
  readonly request: CodeExecutionRequest;
  /** When the controller of its round was killed, in epoch milliseconds. */
  readonly killedAt: number;
}

/** Kills a controller that is at work on several requests. */
async function killAfter(delay: number): Promise<readonly Killed[]> {
  const [pid = 0] = controllers();
  expect(pid).toBeGreaterThan(0);
  const { all } = await createSeveral();
  await wait(delay);
  process.kill(pid, 'SIGKILL');
  const killedAt = Date.now();
  const requests = await Promise.all((await all).map((name) => tenant.get(name)));
  await eventually(() => controllers().some((other) => other !== pid), {
    what: 'the controller has risen again',
    timeoutMilliseconds: 30_000,
  });
  return requests.map((request) => ({ request, killedAt }));
}

const onLocalCluster = LOCAL_CLUSTER === undefined ? describe.skip : describe;
onLocalCluster('promise 11: at most one Job for a request, ever', () => {
  test(`the controller is killed at ${KILLS.length} points, counted in the audit log`, async () => {
    const all: Killed[] = [];
    for (const delay of KILLS) {
      await freshController();
      all.push(...(await killAfter(delay)));
    }
    for (const { request } of all) await tenant.ended(request.metadata.name, 90_000);

    expect(all.length).toBe(KILLS.length * REQUESTS);
    const standing = await jobsByRequest();
    const twice = all.filter(({ request }) => (standing.get(request.metadata.uid) ?? 0) > 1);
    expect(twice.map(({ request }) => request.metadata.name)).toEqual([]);
    const { created, untold } = await createdJobs();
    const runs = await Promise.all(
      all.map(async ({ request: { metadata }, killedAt }) => ({
        reason: (await tenant.get(metadata.name)).status.result?.reason,
        created: created.get(nameFor(metadata.uid)) ?? [],
        untold: untold.has(nameFor(metadata.uid)),
        killedAt,
      })),
    );
    expect(runs.filter((run) => run.created.length > 1)).toEqual([]);
    for (const run of runs) {
      // Completed means that it ran, Interrupted that it may have run: neither may be said of what never had a Job, or twice.
      expect(['Completed', 'Interrupted']).toContain(run.reason);
      if (run.reason === 'Completed') expect(run.created.length === 1 || run.untold).toBe(true);
    }
    // The test is about kills in the middle of things: it says nothing where all Jobs were there before, or none.
    expect(runs.filter((run) => run.created.some((at) => at < run.killedAt)).length).toBeGreaterThan(
      KILLS.length,
    );
    expect(runs.filter((run) => run.created.some((at) => at > run.killedAt)).length).toBeGreaterThan(
      KILLS.length,
    );
  });

  test('a Job that is deleted while no controller is there is not made again', async () => {
    const { metadata } = await patient.create({ code: 'import time\ntime.sleep(15)' });
    const name = nameFor(metadata.uid);
    await eventually(async () => (await createdJobs()).created.has(name), {
      what: `the Job ${name} was created`,
      timeoutMilliseconds: 60_000,
    });
    await without('controller', () => must(['-n', SANDBOXES, 'delete', 'job', name, '--wait=true']));
    const { result } = await patient.ended(metadata.name, 90_000);
    expect(result?.reason).toBe('Interrupted');
    expect((await createdJobs()).created.get(name)).toHaveLength(1);
  });
});
