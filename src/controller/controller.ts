import type { V1Job, V1NetworkPolicy, V1Pod } from '@kubernetes/client-node';
import { parseClass } from '../api/parse.ts';
import type { JudgePorts } from '../judging/judge-request.ts';
import { KubeError } from '../kube/errors.ts';
import type { EventRecorder } from '../kube/events.ts';
import { createInformer } from '../kube/informer.ts';
import type { Informer } from '../kube/informer.ts';
import type { KubeClient } from '../kube/client.ts';
import { keyOf, metadataOf } from '../kube/object.ts';
import { CODE_EXECUTION_REQUESTS, JOBS, NETWORK_POLICIES, PODS, SANDBOX_CLASSES } from '../kube/resources.ts';
import { createWorkQueue } from '../kube/work-queue.ts';
import { COMPONENT, REQUEST } from '../objects/labels.ts';
import { probeJob } from '../objects/probe-job.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { apply, sweep } from './apply.ts';
import { Gatherer } from './gather.ts';
import { IsolationKeeper } from './isolation.ts';
import { reconcile } from './reconcile.ts';
import type { Ports } from './reconcile.ts';
import { Reporter } from './report.ts';
import { policyFault } from './sandbox-policy.ts';
import { seePod } from './seen.ts';
import { StartLog } from './starts.ts';

export interface ControllerOptions {
  readonly client: KubeClient;
  readonly judge: JudgePorts;
  readonly events: EventRecorder;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly sandboxNamespace: string;
  readonly probeImage: string;
  /** Addresses with a known listener, which a probe must not reach. */
  readonly probeTargets: readonly string[];
  readonly proofSeconds: number;
  readonly concurrency: number;
  readonly jobTtlSeconds: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Text that no other probe had, for its name. */
  readonly serial: () => string;
}

/** What was started and can be stopped. */
export interface Controller {
  /** Begins to work on requests; called when this process leads. */
  readonly lead: () => void;
  readonly synced: () => boolean;
  /** Names of the resources that the API server has not been heard about for a minute. */
  readonly stale: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/** How often probes are looked at without an event. */
const TICK_MILLISECONDS = 1000;

/** Of a finished request only what says so is kept: ten thousand of them must fit into memory. */
function withoutPayload(object: object): object {
  const { status, spec, ...rest } = object as {
    readonly status?: { readonly state?: string; readonly result?: unknown };
    readonly spec?: object;
  };
  if (status?.result === undefined && status?.state !== 'Denied') return object;
  return {
    ...rest,
    spec: { ...spec, code: ' ', files: undefined, stdin: undefined, args: undefined },
    status: { state: status.state, result: status.result && { reason: 'Completed' } },
  };
}

/** Of pods nobody reads the payload in the annotations or the template of the container. */
function slimPod(pod: V1Pod): V1Pod {
  const { annotations: _payload, ...metadata } = pod.metadata ?? {};
  return { metadata, spec: { ...pod.spec, containers: [], volumes: [] }, status: pod.status } as V1Pod;
}

function slimJob(job: V1Job): V1Job {
  return { metadata: job.metadata, status: job.status } as V1Job;
}

const JOB_NAME = 'batch.kubernetes.io/job-name';

/** A sentence for the requester about a Job that the API server did not take, for example for lack of quota. */
function describeRefusal(error: unknown): string | undefined {
  return error instanceof KubeError && (error.kind === 'Forbidden' || error.kind === 'Invalid')
    ? `The API server refused the Job: ${error.message}`
    : undefined;
}

/** Informers → queue → reconcile. */
export function startController(options: ControllerOptions): Controller {
  const { client, logger, metrics, sandboxNamespace, now } = options;
  const namespace = sandboxNamespace;
  const common = { client, logger, metrics };
  const queue = createWorkQueue({
    name: 'codeexecutionrequests',
    concurrency: options.concurrency,
    handle: (key) => reconcile(key, ports),
    logger,
    metrics,
  });
  const enqueueOwner = (object: V1Job | V1Pod) => {
    const key = object.metadata?.annotations?.[REQUEST];
    if (key !== undefined) queue.add(key);
  };
  const requestOf = (job: V1Job): readonly string[] =>
    [job.metadata?.annotations?.[REQUEST] ?? ''].filter(Boolean);

  const requests = createInformer<object>({
    ...common,
    resource: CODE_EXECUTION_REQUESTS,
    transform: withoutPayload,
    onChange: (key) => queue.add(key),
  });
  const jobs: Informer<V1Job> = createInformer<V1Job>({
    ...common,
    resource: JOBS,
    namespace,
    transform: slimJob,
    indexBy: requestOf,
    onChange: (_key, job) => enqueueOwner(job),
  });
  const pods = createInformer<V1Pod>({
    ...common,
    resource: PODS,
    namespace,
    transform: slimPod,
    indexBy: (pod) => [pod.metadata?.labels?.[JOB_NAME] ?? ''],
    onChange: (_key, pod) => {
      if (pod.metadata?.labels?.[COMPONENT] === 'probe') void tick();
      const job = jobs.get(`${namespace}/${pod.metadata?.labels?.[JOB_NAME] ?? ''}`);
      if (job) enqueueOwner(job);
    },
  });
  const policies = createInformer<V1NetworkPolicy>({
    ...common,
    resource: NETWORK_POLICIES,
    namespace,
    onChange: () => wakeHeld(),
  });
  const classes = createInformer<object>({
    ...common,
    resource: SANDBOX_CLASSES,
    onChange: (_key, object) => prove(object),
  });
  const informers = {
    codeexecutionrequests: requests,
    jobs,
    pods,
    networkpolicies: policies,
    sandboxclasses: classes,
  };

  const isolation = new IsolationKeeper(
    {
      startProbe: async (shape) => {
        const job = probeJob({
          shape,
          serial: options.serial(),
          namespace,
          image: options.probeImage,
          targets: options.probeTargets,
        });
        await client.create(JOBS, job, { fieldValidation: 'Strict' });
        return job.metadata?.name ?? '';
      },
      podOfProbe: (name) => pods.byIndex(name).map(seePod)[0],
      policyFault: () => policyFault(policies.list(), namespace),
      now,
      changed: () => wakeHeld(),
    },
    options.proofSeconds,
  );
  const starts = new StartLog();
  const gatherer = new Gatherer({
    requests,
    jobs,
    pods,
    judge: options.judge,
    isolation,
    starts,
    client,
    sandboxNamespace,
  });
  const reporter = new Reporter({ client, events: options.events, metrics, now });
  const applyPorts = { client, jobs, starts, sandboxNamespace, jobTtlSeconds: options.jobTtlSeconds, now };
  const ports: Ports = {
    gather: (key) => gatherer.gather(key),
    apply: (seen, plan) => apply(seen, plan, applyPorts),
    report: (facts) => reporter.report(facts),
    sweep: (key) => sweep(key, applyPorts),
    finished: (uid) => {
      for (const keeper of [gatherer, reporter, starts]) keeper.forget(uid);
    },
    starts,
    describe: describeRefusal,
    now,
  };

  /** Every request that may wait for the isolation looks again. */
  function wakeHeld(): void {
    metrics.isolationProven(namespace, isolation.isProven());
    for (const object of requests.list()) {
      const state = (object as { readonly status?: { readonly state?: string } }).status?.state;
      const key = keyOf(object);
      if (key !== undefined && (state === undefined || state === 'Queued')) queue.add(key);
    }
  }

  /** Proves each class once at the start, so that its first request need not wait. */
  function prove(object: object): void {
    const parsed = parseClass(object);
    if (parsed.ok && metadataOf(object).deletionTimestamp === undefined) isolation.of(parsed.value);
  }

  let timer: NodeJS.Timeout | undefined;
  async function tick(): Promise<void> {
    if (timer) await isolation.tick();
    metrics.isolationProven(namespace, isolation.isProven());
  }

  for (const informer of Object.values(informers)) informer.start();
  return {
    lead: () => {
      timer ??= setInterval(() => void tick(), TICK_MILLISECONDS);
      queue.start();
      logger.info({}, 'working on requests');
    },
    synced: () => Object.values(informers).every((informer) => informer.synced()),
    stale: () =>
      Object.entries(informers).flatMap(([name, informer]) => (informer.stale(now()) ? [name] : [])),
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await queue.stop();
      await Promise.all(Object.values(informers).map((informer) => informer.stop()));
    },
  };
}
