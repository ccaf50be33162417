import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { parseRequest } from '../api/parse.ts';
import type { CodeExecutionRequest, SandboxClass } from '../api/parse.ts';
import { RunQueue } from '../core/queue/run-queue.ts';
import type { ApproverRights, JudgePorts } from '../judging/judge-request.ts';
import type { KubeClient } from '../kube/client.ts';
import { KubeError } from '../kube/errors.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { Informer } from '../kube/informer.ts';
import { keyOf } from '../kube/object.ts';
import { JOBS } from '../kube/resources.ts';
import { createWorkQueue } from '../kube/work-queue.ts';
import { COMPONENT } from '../objects/labels.ts';
import { probeJob } from '../objects/probe-job.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { AuditLog } from './audit-log.ts';
import { admissionFault } from './admission-guard.ts';
import type { AdmissionConfiguration } from './admission-guard.ts';
import { apply, sweep } from './apply.ts';
import { Gatherer } from './gather.ts';
import { followCluster, jobOf, requestOf, requestOfApproval } from './informers.ts';
import type { Informers } from './informers.ts';
import { gatewayUrlOver } from './gateway-url.ts';
import type { GatewayPlace } from './gateway-url.ts';
import { IsolationKeeper } from './isolation.ts';
import { reconcile } from './reconcile.ts';
import type { Ports } from './reconcile.ts';
import { Reporter } from './report.ts';
import type { ReportPorts } from './report.ts';
import { policyFault } from './sandbox-policy.ts';
import { seePod } from './seen.ts';
import { RunLine } from './run-line.ts';
import { StartLog } from './starts.ts';

export interface ControllerOptions {
  readonly client: KubeClient;
  readonly judge: JudgePorts & ApproverRights;
  readonly events: EventRecorder;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly sandboxNamespace: string;
  /** Where the plugin gateway is; undefined where there is none. */
  readonly gateway: GatewayPlace | undefined;
  readonly probeImage: string;
  /** Addresses with a known listener, which a probe must not reach. */
  readonly probeTargets: readonly string[];
  readonly proofSeconds: number;
  readonly concurrency: number;
  readonly jobTtlSeconds: number;
  readonly audit: AuditLog;
  /** Tells people elsewhere what they should know; never throws, never waits. */
  readonly notify: ReportPorts['notify'];
  /** Programs that run at one time, in all namespaces together. */
  readonly maxRunning: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Text that no other probe had, for its name. */
  readonly serial: () => string;
}

/** What was started and can be stopped. */
export interface Controller {
  /** Begins to work on requests; called when this process leads. */
  readonly lead: () => Promise<void>;
  /** Has the isolation of a class's sandboxes proven ahead, so that its first request need not wait. */
  readonly prove: (sandboxClass: SandboxClass) => void;
  /** A role, class or policy has changed: whatever waits is judged anew. */
  readonly rejudge: () => void;
  readonly synced: () => boolean;
  /** Names of the resources that the API server has not been heard about for a minute. */
  readonly stale: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/** How often probes are looked at without an event. */
const TICK_MILLISECONDS = 1000;

/** A sentence for the requester about a Job that the API server did not take, for example for lack of quota. */
function describeRefusal(error: unknown): string | undefined {
  const refused = error instanceof KubeError && (error.kind === 'Forbidden' || error.kind === 'Invalid');
  return refused ? `The API server refused the Job: ${error.message}` : undefined;
}

const admissionOf = ({
  webhooks,
  admissionPolicies,
  admissionBindings,
}: Informers): AdmissionConfiguration => ({
  webhooks: webhooks.list()[0],
  policies: admissionPolicies.list(),
  bindings: admissionBindings.list(),
});

/** The keeper of the proofs, over the cluster. */
function isolationOver(
  options: ControllerOptions,
  informers: () => Informers,
  changed: () => void,
): IsolationKeeper {
  const { client, sandboxNamespace: namespace, probeImage: image, probeTargets: targets, now } = options;
  const startProbe: ConstructorParameters<typeof IsolationKeeper>[0]['startProbe'] = async (shape) => {
    const job = probeJob({ shape, serial: options.serial(), namespace, image, targets });
    await client.create(JOBS, job, { fieldValidation: 'Strict' });
    return job.metadata?.name ?? '';
  };
  const ports = {
    startProbe,
    podOfProbe: (name: string) => informers().pods.byIndex(name).map(seePod)[0],
    fault: () =>
      admissionFault(admissionOf(informers()), namespace) ??
      policyFault(informers().policies.list(), {
        namespace,
        gatewayNamespace: options.gateway?.namespace,
      }),
    now,
    changed,
  };
  return new IsolationKeeper(ports, options.proofSeconds);
}

interface Turns {
  readonly queue: RunQueue;
  readonly line: RunLine;
  readonly starts: StartLog;
}

function turnsOver({ maxRunning, now }: ControllerOptions, wake: (key: string) => void): Turns {
  const queue = new RunQueue(maxRunning);
  return { queue, starts: new StartLog(), line: new RunLine({ queue, wake, now }) };
}

function portsOver(
  options: ControllerOptions,
  informers: Informers,
  isolation: IsolationKeeper,
  { queue, line, starts }: Turns,
): Ports {
  const { client, judge, events, metrics, audit, notify, sandboxNamespace, jobTtlSeconds, now } = options;
  const { requests, approvals, quotas, jobs, pods } = informers;
  const gatherer = new Gatherer({
    ...{ requests, approvals, quotas, queue, jobs, pods, judge, isolation, starts, client, sandboxNamespace },
    gateway: gatewayUrlOver(client, options.gateway),
  });
  const reporter = new Reporter({ client, events, metrics, notify, now });
  const applyPorts = { client, jobs, starts, sandboxNamespace, jobTtlSeconds, now };
  return {
    gather: (key) => gatherer.gather(key),
    apply: (seen, plan) => apply(seen, plan, applyPorts),
    report: (facts) => reporter.report(facts),
    sweep: (key, uid) => sweep(key, uid, applyPorts),
    finished: (uid) => {
      for (const keeper of [gatherer, reporter, starts, audit]) keeper.forget(uid);
    },
    line,
    audit: (seen, plan) => audit.record(seen, plan),
    starts,
    describe: describeRefusal,
    now,
  };
}

const readable = (objects: readonly object[]): readonly CodeExecutionRequest[] =>
  objects.flatMap((object) => {
    const parsed = parseRequest(object);
    return parsed.ok ? [parsed.value] : [];
  });

const stateOf = (object: object): string | undefined =>
  (object as { readonly status?: { readonly state?: string } }).status?.state;

/** Whether a request may be waiting for the isolation. */
const mayWait = (object: object): boolean => [undefined, 'Queued'].includes(stateOf(object));

/** Whether a verdict may still change: nothing of the request has run. */
const mayBeJudged = (object: object): boolean => mayWait(object) || stateOf(object) === 'AwaitingApproval';

function tellMetrics(
  { metrics, sandboxNamespace }: ControllerOptions,
  informers: Informers,
  isolation: IsolationKeeper,
  runs: RunQueue,
): void {
  metrics.isolationProven(sandboxNamespace, isolation.isProven());
  metrics.admissionIntact(admissionFault(admissionOf(informers), sandboxNamespace) === undefined);
  metrics.runs(runs.running, runs.waiting);
}

/** Informers → queue → reconcile. */
export function startController(options: ControllerOptions): Controller {
  const { logger, metrics, sandboxNamespace, now } = options;
  const turns = turnsOver(options, (key) => queue.add(key));
  const queue = createWorkQueue({
    name: 'codeexecutionrequests',
    concurrency: options.concurrency,
    handle: (key) => reconcile(key, ports),
    logger,
    metrics,
  });
  let timer: NodeJS.Timeout | undefined;
  const tick = async () => {
    if (timer) await isolation.tick();
    tellMetrics(options, informers, isolation, turns.queue);
  };
  const wake = (which: (object: object) => boolean) => {
    for (const object of informers.requests.list()) if (which(object)) queue.add(keyOf(object) ?? '');
  };
  /** Every request that may wait for the isolation looks again. */
  const wakeHeld = () => wake(mayWait);
  const enqueueRequestOf = (job: V1Job | undefined) => {
    const key = job && requestOf(job);
    if (key !== undefined) queue.add(key);
  };
  const podChanged = (pod: V1Pod) => {
    if (pod.metadata?.labels?.[COMPONENT] === 'probe') void tick();
    else enqueueRequestOf(informers.jobs.get(`${sandboxNamespace}/${jobOf(pod)}`));
  };
  const isolation = isolationOver(options, () => informers, wakeHeld);
  const informers: Informers = followCluster(options, {
    request: (key) => queue.add(key),
    approval: (approval) => queue.add(requestOfApproval(approval)),
    job: enqueueRequestOf,
    pod: podChanged,
    guard: wakeHeld,
    quota: () => turns.queue.keys().forEach((key) => queue.add(key)),
  });
  const ports = portsOver(options, informers, isolation, turns);
  const all: readonly (readonly [string, Informer<object>])[] = Object.entries(informers);
  return {
    lead: async () => {
      const requests = readable(informers.requests.list());
      await options.audit.open(requests);
      turns.line.recall(requests, turns.starts);
      timer ??= setInterval(() => void tick(), TICK_MILLISECONDS);
      queue.start();
      logger.info({}, 'working on requests');
    },
    prove: (sandboxClass) => void isolation.of(sandboxClass),
    rejudge: () => wake(mayBeJudged),
    synced: () => all.every(([, informer]) => informer.synced()),
    stale: () => all.flatMap(([name, informer]) => (informer.stale(now()) ? [name] : [])),
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await queue.stop();
      await Promise.all(all.map(([, informer]) => informer.stop()));
    },
  };
}
