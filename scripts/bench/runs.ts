import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { KubeClient } from '../../src/kube/client.ts';
import { CODE_EXECUTION_REQUESTS, JOBS, PODS } from '../../src/kube/resources.ts';
import { runName } from '../../src/objects/names.ts';
import { post, SANDBOXES } from './cluster.ts';
import { now } from './figures.ts';
import { follow } from './follow.ts';
import type { Followed } from './follow.ts';
import { BENCH, PLAIN, plainJob, REQUESTER, requestOf } from './objects.ts';
import type { SandboxClass } from './objects.ts';

interface Request {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status?: { readonly state?: string };
}

/** What is compared: a request to Sekisho, and a Job that somebody writes by hand. */
export type Kind = 'request' | 'plain';

export interface Runs {
  /** Creates one and waits for its end. Milliseconds from before its creation: a request's final state, a Job's ended container. */
  readonly go: (kind: Kind, name: string) => Promise<number>;
  /** Until it has wholly ended, the status of its Job included. */
  readonly settle: (kind: Kind, name: string) => Promise<void>;
  /** Of a request that has ended. */
  readonly get: (name: string) => { created: number; ended: number; job: string };
  readonly jobs: Followed<V1Job>;
  /** Pods of requests by the name of their Job. */
  readonly pods: Followed<V1Pod>;
  /** Pods of plain Jobs by the name of their Job. */
  readonly plainPods: Followed<V1Pod>;
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

/** Begins to watch; `base` is the class whose images and limits both kinds use. */
export async function prepareRuns(
  client: KubeClient,
  base: SandboxClass,
  signal: AbortSignal,
): Promise<Runs> {
  const requests = await follow(client, CODE_EXECUTION_REQUESTS, BENCH, nameOf, requestStages, signal);
  const plainPods = await follow<V1Pod>(client, PODS, PLAIN, jobOf, podStages, signal);
  const plainJobs = await follow<V1Job>(client, JOBS, PLAIN, nameOf, jobStages, signal);
  const pods = await follow<V1Pod>(client, PODS, SANDBOXES, jobOf, podStages, signal);
  const jobs = await follow<V1Job>(client, JOBS, SANDBOXES, nameOf, jobStages, signal);
  const ended = new Map<string, ReturnType<Runs['get']>>();
  const get = (name: string) => {
    const run = ended.get(name);
    if (!run) throw new Error(`the request ${name} has not ended`);
    return run;
  };
  const begin: Record<Kind, (name: string, created: number) => Promise<number>> = {
    async request(name, created) {
      const path = `/apis/sekisho.dev/v1alpha1/namespaces/${BENCH}/codeexecutionrequests`;
      const as = { 'impersonate-user': REQUESTER };
      const { metadata } = await post<Request>(client, path, requestOf(name), as);
      const end = await requests.until(name, 'final');
      const { status } = requests.get(name) ?? {};
      if (status?.state !== 'Succeeded') throw new Error(`${name} ended as ${JSON.stringify(status)}`);
      ended.set(name, { created, ended: end, job: runName(metadata.uid) });
      return end - created;
    },
    async plain(name, created) {
      await client.create<V1Job>(JOBS, plainJob(name, base));
      return (await plainPods.until(name, 'terminated')) - created;
    },
  };
  return {
    go: (kind, name) => begin[kind](name, now()),
    async settle(kind, name) {
      await (kind === 'plain' ? plainJobs.until(name, 'complete') : jobs.until(get(name).job, 'complete'));
    },
    get,
    jobs,
    pods,
    plainPods,
  };
}
