import type { V1Job } from '@kubernetes/client-node';
import type { Observed, Plan } from '../core/observed.ts';
import { isKube } from '../kube/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Informer } from '../kube/informer.ts';
import { CONFIG_MAPS, JOBS } from '../kube/resources.ts';
import { configMapFor, needsConfigMap } from '../objects/config-map.ts';
import { jobFor } from '../objects/job.ts';
import { MANAGER, REQUEST_UID } from '../objects/labels.ts';
import type { Sandbox } from '../objects/sandbox.ts';
import { keeperOf } from './gather.ts';
import { seeJob } from './seen.ts';
import type { StartLog } from './starts.ts';

export interface ApplyPorts {
  readonly client: Pick<KubeClient, 'get' | 'create' | 'delete'>;
  /** Indexed by the key of the request they belong to. */
  readonly jobs: Informer<V1Job>;
  readonly starts: StartLog;
  readonly sandboxNamespace: string;
  readonly jobTtlSeconds: number;
  readonly now: () => number;
}

type Start = Extract<Plan, { kind: 'Start' }>;

function sandboxOf(seen: Observed, plan: Start, ports: ApplyPorts): Sandbox {
  return {
    request: seen.request,
    sandboxClass: plan.sandboxClass,
    shape: plan.shape,
    limits: plan.limits,
    digest: seen.judgement?.verdict.digest ?? '',
    namespace: ports.sandboxNamespace,
    gateway: plan.gateway,
    ttlSeconds: ports.jobTtlSeconds,
  };
}

/** Creates the Job of a run, once. A Job that is already there is left alone; the next pass sees whose it is. */
async function start(seen: Observed, plan: Start, ports: ApplyPorts): Promise<void> {
  const sandbox = sandboxOf(seen, plan, ports);
  const { uid } = seen.request.metadata;
  try {
    const job = await ports.client.create<V1Job>(JOBS, jobFor(sandbox), {
      fieldManager: MANAGER,
      fieldValidation: 'Strict',
    });
    ports.starts.created(uid, ports.now());
    // The pod waits for it; the checksums in its command keep out a foreign one of that name.
    if (needsConfigMap(seen.request))
      await ports.client.create(CONFIG_MAPS, configMapFor(sandbox, job), { fieldManager: MANAGER });
  } catch (error) {
    if (!isKube(error, 'AlreadyExists')) throw error;
    ports.starts.created(uid, ports.now());
  }
}

/** Ends a run. The Job stays visible until its pod is gone, so that its end is told when it is true. */
async function end({ job }: Extract<Plan, { kind: 'Cancel' }>, ports: ApplyPorts): Promise<void> {
  if (job.deleting) return;
  const ref = { namespace: ports.sandboxNamespace, name: job.name };
  await ports.client.delete(JOBS, ref, { uid: job.uid, propagationPolicy: 'Foreground' });
}

/** Does what a plan says. The only place that creates Jobs of requests. */
export async function apply(seen: Observed, plan: Plan, ports: ApplyPorts): Promise<void> {
  if (plan.kind === 'Start') await start(seen, plan, ports);
  if (plan.kind === 'Cancel') await end(plan, ports);
}

/**
 * Removes the Jobs of requests that no longer exist under this key, or were cancelled; running programs end with them. `uid` is
 * that of the request in the cache, undefined when its Job may not stay; before anything is deleted the API server itself is asked, since a cache may be behind.
 */
export async function sweep(key: string, uid: string | undefined, ports: ApplyPorts): Promise<void> {
  const strays = ports.jobs.byIndex(key).filter((job) => {
    const { requestUid } = seeJob(job);
    return requestUid !== undefined && requestUid !== uid && job.metadata?.deletionTimestamp === undefined;
  });
  if (strays.length === 0) return;
  const keeper = await keeperOf(ports.client, key);
  for (const { metadata } of strays) {
    if (metadata?.labels?.[REQUEST_UID] === keeper) continue;
    const ref = { namespace: metadata?.namespace, name: metadata?.name ?? '' };
    await ports.client.delete(JOBS, ref, { uid: metadata?.uid, propagationPolicy: 'Background' });
  }
}
