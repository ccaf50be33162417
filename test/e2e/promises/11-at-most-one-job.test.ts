import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1Job } from '@kubernetes/client-node';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { REQUEST_UID } from '../../../src/objects/labels.ts';
import { eventually } from '../../support/eventually.ts';
import { items, must } from '../support/kubectl.ts';
import { LOCAL_CLUSTER, ready, SANDBOXES, start, SYSTEM } from '../support/installation.ts';
import { jobCreations } from '../support/job-creations.ts';
import { processesWith } from '../support/processes.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(300_000);

/** Milliseconds from a request's creation to the death of the controller: from before it is seen to after its end. */
const KILLS = [0, 30, 60, 100, 150, 220, 320, 500, 900, 2500];

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('at-most-one');
});
afterAll(async () => {
  await start('controller');
  await tenant.end();
});

const controllers = () => processesWith('sekisho.mjs\0controller\0');

/** A controller in a new pod, handed over in peace, so that the kubelet does not hold back the restart that follows. */
async function freshController(): Promise<void> {
  await must([
    '-n',
    SYSTEM,
    'delete',
    'pods',
    '-l',
    'app.kubernetes.io/component=controller',
    '--timeout=60s',
  ]);
  await ready('controller');
}

const nameFor = (uid: string) => `run-${createHash('sha256').update(uid).digest('hex').slice(0, 40)}`;

/** What the API server answers, and logs, when the caller is gone before the object is stored: nobody knows whether it was. */
const UNTOLD = 504;

interface Creations {
  /** How often the API server says that it created a Job of each name in the sandbox namespace. */
  readonly created: ReadonlyMap<string, number>;
  /** Names of which it says once that it does not know. */
  readonly untold: ReadonlySet<string>;
}

async function createdJobs(): Promise<Creations> {
  const created = new Map<string, number>();
  const untold = new Set<string>();
  for (const { name, code } of await jobCreations()) {
    if (code === UNTOLD) untold.add(name);
    if (code === 201) created.set(name, (created.get(name) ?? 0) + 1);
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

const onLocalCluster = LOCAL_CLUSTER === undefined ? describe.skip : describe;
onLocalCluster('promise 11: at most one Job for a request, ever', () => {
  test(`the controller is killed at ${KILLS.length} points, counted in the audit log`, async () => {
    const requests: CodeExecutionRequest[] = [];
    for (const delay of KILLS) {
      await freshController();
      const [pid = 0] = controllers();
      expect(pid).toBeGreaterThan(0);
      const created = await Promise.all([tenant.create(), tenant.create()]);
      requests.push(...created);
      await wait(delay);
      process.kill(pid, 'SIGKILL');
      await eventually(() => controllers().some((other) => other !== pid), {
        what: 'the controller has risen again',
        timeoutMilliseconds: 30_000,
      });
    }
    for (const { metadata } of requests) await tenant.ended(metadata.name, 90_000);

    const standing = await jobsByRequest();
    expect(requests.filter(({ metadata }) => (standing.get(metadata.uid) ?? 0) > 1)).toEqual([]);
    expect(requests.filter(({ metadata }) => standing.has(metadata.uid)).length).toBeGreaterThan(
      KILLS.length,
    );
    const { created, untold } = await createdJobs();
    const names = requests.map(({ metadata }) => nameFor(metadata.uid));
    const counts = names.map((name) => created.get(name) ?? 0);
    expect(counts.filter((count) => count > 1)).toEqual([]);
    const statuses = await Promise.all(requests.map(({ metadata }) => tenant.get(metadata.name)));
    statuses.forEach(({ status }, index) => {
      // Completed means that it ran, Interrupted that it may have run: neither may be said of what never had a Job, or twice.
      expect(['Completed', 'Interrupted']).toContain(status.result?.reason);
      const name = names[index] ?? '';
      if (status.result?.reason === 'Completed') expect(created.has(name) || untold.has(name)).toBe(true);
    });
    // The test is about kills in the middle of things: it says nothing if every run was lost, or none was touched.
    expect(counts.filter((count) => count === 1).length).toBeGreaterThan(KILLS.length);
  });
});
