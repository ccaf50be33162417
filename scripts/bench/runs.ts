import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { KubeClient } from '../../src/kube/client.ts';
import { CODE_EXECUTION_REQUESTS, JOBS, PODS } from '../../src/kube/resources.ts';
import { runName } from '../../src/objects/names.ts';
import { post, REQUESTS, SANDBOXES } from './cluster.ts';
import { now } from './figures.ts';
import { follow } from './follow.ts';
import type { Followed } from './follow.ts';
import { BENCH, ISOLATED, isolatedJob, PLAIN, plainJob, REQUESTER, requestOf } from './objects.ts';
import type { SandboxClass } from './objects.ts';

interface Request {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status?: { readonly state?: string };
}

/** What is compared: a request to Sekisho, a Job that somebody writes by hand, and one by hand that is as isolated as Sekisho's. */
export type Kind = 'request' | 'plain' | 'isolated';

/** Jobs by their names, and pods by the names of their Jobs. */
interface Namespace {
  readonly jobs: Followed<V1Job>;
  readonly pods: Followed<V1Pod>;
}

export interface Runs {
  /** Creates one and waits for its end. Milliseconds from before its creation: a request's final state, a Job's ended container. */
  readonly go: (kind: Kind, name: string) => Promise<number>;
  /** Until it has wholly ended, the status of its Job included. */
  readonly settle: (kind: Kind, name: string) => Promise<void>;
  /** Of a request that has ended. */
  readonly get: (name: string) => { created: number; ended: number; job: string };
  /** What was seen of each kind's Jobs. */
  readonly of: Readonly<Record<Kind, Namespace>>;
}

const FINAL = new Set(['Succeeded', 'Failed', 'Denied']);
const requestStages = ({ status }: Request) => ({ final: FINAL.has(status?.state ?? '') });
const podStages = ({ spec, status }: V1Pod) => {
  const { state } = status?.containerStatuses?.[0] ?? {};
  return {
    created: true,
    scheduled: spec?.nodeName !== undefined,
    terminated: state?.terminated !== undefined,
  };
};
const jobStages = ({ status }: V1Job) => ({
  created: true,
  complete: status?.conditions?.some(({ type, status: is }) => type === 'Complete' && is === 'True') ?? false,
});
const jobOf = ({ metadata }: V1Pod) => metadata?.labels?.['batch.kubernetes.io/job-name'] ?? '';
const nameOf = (object: { metadata?: { name?: string } }) => object.metadata?.name ?? '';

async function followJobs(client: KubeClient, namespace: string, signal: AbortSignal): Promise<Namespace> {
  return {
    jobs: await follow(client, JOBS, namespace, nameOf, jobStages, signal),
    pods: await follow(client, PODS, namespace, jobOf, podStages, signal),
  };
}

/** Begins to watch; `base` is the class whose images and limits all kinds use. One request has to end before the first isolated Job. */
export async function prepareRuns(
  client: KubeClient,
  base: SandboxClass,
  signal: AbortSignal,
): Promise<Runs> {
  const requests = await follow(client, CODE_EXECUTION_REQUESTS, BENCH, nameOf, requestStages, signal);
  const of = {
    request: await followJobs(client, SANDBOXES, signal),
    plain: await followJobs(client, PLAIN, signal),
    isolated: await followJobs(client, ISOLATED, signal),
  };
  const ended = new Map<string, ReturnType<Runs['get']>>();
  const get = (name: string) => {
    const run = ended.get(name);
    if (!run) throw new Error(`the request ${name} has not ended`);
    return run;
  };
  const jobOfARequest = () => {
    const [first] = ended.values();
    const job = first && of.request.jobs.get(first.job);
    if (!job) throw new Error('no request has ended yet');
    return job;
  };
  const byHand = async (kind: Kind, job: V1Job, created: number) => {
    await client.create<V1Job>(JOBS, job);
    return (await of[kind].pods.until(nameOf(job), 'terminated')) - created;
  };
  const begin: Record<Kind, (name: string, created: number) => Promise<number>> = {
    async request(name, created) {
      const as = { 'impersonate-user': REQUESTER };
      const { metadata } = await post<Request>(client, REQUESTS, requestOf(name), as);
      const end = await requests.until(name, 'final');
      const { status } = requests.get(name) ?? {};
      if (status?.state !== 'Succeeded') throw new Error(`${name} ended as ${JSON.stringify(status)}`);
      ended.set(name, { created, ended: end, job: runName(metadata.uid) });
      return end - created;
    },
    plain: (name, created) => byHand('plain', plainJob(name, base), created),
    isolated: (name, created) => byHand('isolated', isolatedJob(name, jobOfARequest()), created),
  };
  return {
    go: (kind, name) => begin[kind](name, now()),
    async settle(kind, name) {
      await of[kind].jobs.until(kind === 'request' ? get(name).job : name, 'complete');
    },
    get,
    of,
  };
}
