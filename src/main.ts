/** The composition root: command line → clients → servers → loop. The only file that knows everything. */
import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createAnalyser } from './analysis-worker/analyser.ts';
import type { SandboxClass } from './api/parse.ts';
import { GROUP } from './api/v1alpha1/group.ts';
import { commandOf, readFlags, UsageError } from './config.ts';
import type { Flags } from './config.ts';
import { AuditLog } from './controller/audit-log.ts';
import { AuditRing } from './controller/audit-ring.ts';
import { startController } from './controller/controller.ts';
import { rules } from './core/analysis/rules/index.ts';
import { watchFacts } from './judging/cluster-facts.ts';
import { judgePortsOver } from './judging/judge-ports.ts';
import { pause as pauseUntil } from './kube/backoff.ts';
import { createKubeClient, loadConnection } from './kube/client.ts';
import type { KubeClient } from './kube/client.ts';
import { withoutCredentials } from './kube/connection.ts';
import { createEventRecorder } from './kube/events.ts';
import { createLeaderElector } from './kube/leader.ts';
import { createTransport } from './kube/transport.ts';
import type { Transport } from './kube/transport.ts';
import { credentialsIn } from './notifications/credentials.ts';
import { post } from './notifications/post.ts';
import { NotificationSender } from './notifications/sender.ts';
import { probe } from './probe/probe.ts';
import { hostAndPort, start as startHealth } from './telemetry/health.ts';
import { createLineWriter } from './telemetry/lines.ts';
import { createLogger } from './telemetry/logger.ts';
import type { Logger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { readTracing } from './telemetry/tracing/settings.ts';
import type { Tracing } from './telemetry/tracing/tracing.ts';
import { runWebhook } from './webhook/run.ts';

/** The bundle's worker lies beside it; from source it is the worker's own file. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './analysis-worker/entry.ts' : './analysis-worker.mjs',
  import.meta.url,
);

/** Likewise: the files of the approval page. */
const PAGE = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/console/' : './console/', import.meta.url),
);

const LEAD_RETRY_MILLISECONDS = 2000;

interface Running {
  readonly close: () => Promise<void>;
}

interface Base {
  readonly transport: Transport;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly identity: string;
}

async function baseOf(
  name: 'controller' | 'gateway' | 'webhook',
  flags: Flags<'controller'> | Flags<'gateway'> | Flags<'webhook'>,
): Promise<Base> {
  const logger = createLogger({ level: flags['log-level'], name: `sekisho-${name}` });
  const metrics = createMetrics({ rules: rules.map(({ id }) => id), process: true });
  const connection = await loadConnection(process.env, { kubeconfig: flags.kubeconfig });
  return {
    transport: createTransport({ connection, metrics }),
    logger,
    metrics,
    identity: process.env['POD_NAME'] ?? `${name}-${randomUUID()}`,
  };
}

/** What a probe must not reach: the API server, which the controller talks to, and the controller's own health port. */
function probeTargets(healthAddress: string): readonly string[] {
  const host = process.env['KUBERNETES_SERVICE_HOST'];
  const own = Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry && !entry.internal && entry.family === 'IPv4')?.address;
  return [
    ...(host ? [`${host}:${process.env['KUBERNETES_SERVICE_PORT'] ?? '443'}`] : []),
    ...(own ? [`${own}:${hostAndPort(healthAddress).port}`] : []),
  ];
}

const gatewayPlace = ({ namespace, 'gateway-service': service }: Flags<'controller'>) =>
  service === undefined ? undefined : { namespace, service };

/** The audit log, saved in the cluster every few seconds and at the end. */
function auditOver(flags: Flags<'controller'>, { logger, identity }: Base, client: KubeClient) {
  const { namespace, 'audit-segments': segments, 'audit-save-seconds': seconds } = flags;
  const ring = new AuditRing({ client, logger, namespace, segments });
  const audit = new AuditLog({ ring, write: createLineWriter(), writer: identity, now: Date.now });
  const saving = setInterval(() => void ring.save(), seconds * 1000);
  const closeAudit = () => {
    clearInterval(saving);
    return ring.save();
  };
  return { audit, closeAudit };
}

/** Who tells people elsewhere; undefined where nobody wants to be told. */
function notifierOver(
  flags: Flags<'controller'>,
  { logger, metrics }: Base,
  mayTell: () => boolean,
): NotificationSender | undefined {
  const url = flags['notifications-url'];
  if (url === undefined) return undefined;
  const settings = { url, linkTemplate: flags['notifications-link-template'] };
  return new NotificationSender(settings, {
    ...{ post, logger, mayTell, now: Date.now, random: Math.random },
    pause: pauseUntil,
    credentials: () => credentialsIn(flags['notifications-directory']),
    told: (outcome) => metrics.notified(outcome),
  });
}

async function runController(flags: Flags<'controller'>, base: Base): Promise<Running> {
  const { transport, logger, metrics, identity } = base;
  // Asked in the last moment before each write, so that a leader that lost its lease writes nothing.
  const client = createKubeClient(transport, { mayWrite: () => elector.isLeader() });
  const analyser = createAnalyser({ entry: WORKER });
  const onClass = (sandboxClass: SandboxClass) => controller.prove(sandboxClass);
  const facts = watchFacts({
    ...{ client, logger, metrics, now: Date.now, onClass },
    pluginsServed: flags['gateway-service'] !== undefined,
    onChange: () => controller.rejudge(),
  });
  const judge = judgePortsOver({ client, facts, analyser, metrics });
  const events = createEventRecorder({
    ...{ client, controller: `${GROUP}/controller`, instance: identity, logger },
  });
  const { audit, closeAudit } = auditOver(flags, base, client);
  const notifier = notifierOver(flags, base, () => elector.isLeader());
  const controller = startController({
    ...{ client, judge, events, logger, metrics },
    sandboxNamespace: flags['sandbox-namespace'],
    gateway: gatewayPlace(flags),
    probeImage: flags['probe-image'],
    probeTargets: probeTargets(flags['health-address']),
    proofSeconds: flags['proof-seconds'],
    concurrency: flags.concurrency,
    audit,
    notify: (notice) => notifier?.tell(notice),
    maxRunning: flags['max-running'],
    jobTtlSeconds: flags['job-ttl-seconds'],
    now: Date.now,
    serial: randomUUID,
  });
  const synced = () => controller.synced() && facts.synced();
  const elector = createLeaderElector({
    client: createKubeClient(transport),
    namespace: flags.namespace,
    name: 'sekisho-controller',
    identity,
    logger,
    metrics,
    onStarted: () => void leadWhenSynced(synced, controller.lead, logger),
    // A leader that lost its lease must not go on with what it has begun: the process ends and starts anew as a candidate.
    onStopped: () => shutDown(1),
  });
  const health = await startHealth({
    ...hostAndPort(flags['health-address']),
    metrics,
    checks: [
      { name: 'informers', check: () => synced() || 'not read yet' },
      { name: 'api-server', check: () => staleness(controller.stale(), facts.stale()) },
    ],
  });
  elector.start();
  return {
    close: async () => {
      await controller.stop();
      await Promise.all([closeAudit(), notifier?.close()]);
      await elector.stop();
      await Promise.all([events.stop(), facts.close(), analyser.close(), health.close()]);
    },
  };
}

/** Whether the API server was heard within a minute about all that the controller follows, or about what not. */
function staleness(resources: readonly string[], factsStale: boolean): true | string {
  const silent = [...resources, ...(factsStale ? ['roles, classes, policies or namespaces'] : [])];
  return silent.length === 0 || `not heard for a minute: ${silent.join(', ')}`;
}

/** Nothing is decided before everything was read: what looks missing may only not have been listed yet. */
async function leadWhenSynced(
  synced: () => boolean,
  lead: () => Promise<void>,
  logger: Logger,
): Promise<void> {
  const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  while (!synced()) await pause(50);
  for (;;) {
    try {
      return await lead();
    } catch (err) {
      logger.error(
        { err },
        'the audit log cannot be taken up, so nothing is decided; it will be tried again',
      );
      await pause(LEAD_RETRY_MILLISECONDS);
    }
  }
}

async function startWebhook(flags: Flags<'webhook'>, { transport, logger, metrics }: Base): Promise<Running> {
  const analyser = createAnalyser({ entry: WORKER });
  const webhook = await runWebhook(
    {
      namespace: flags.namespace,
      serviceName: flags['service-name'],
      port: flags.port,
      certificate: flags.certificate,
      certificateSecret: flags['certificate-secret'],
      certificateDirectory: flags['certificate-directory'],
      webhookConfiguration: flags['webhook-configuration'],
      controllerUsername: flags['controller-username'],
      pluginsServed: flags['gateway-service'] !== undefined,
      healthAddress: flags['health-address'],
    },
    { client: createKubeClient(transport), analyser, logger, metrics },
  );
  return {
    close: async () => {
      await webhook.close();
      await analyser.close();
    },
  };
}

/** Traces of calls, where the environment names a collector. */
async function tracingOver({ logger, identity }: Base): Promise<Tracing | undefined> {
  const read = readTracing(process.env);
  if (read.kind === 'Wrong') throw new UsageError(read.message);
  if (read.kind === 'Off') return undefined;
  // Loaded only here: who wants no traces pays nothing for them.
  const { startTracing } = await import('./telemetry/tracing/tracing.ts');
  return startTracing(read.settings, { logger, instance: identity });
}

async function startGateway(flags: Flags<'gateway'>, base: Base): Promise<Running> {
  const { transport, logger, metrics, identity } = base;
  const tracing = await tracingOver(base);
  // Loaded only here: webhook and controller have no use for express and the rest.
  const { runGateway } = await import('./gateway-cluster/run.ts');
  return runGateway(
    {
      namespace: flags.namespace,
      sandboxNamespace: flags['sandbox-namespace'],
      port: flags.port,
      healthAddress: flags['health-address'],
    },
    { client: createKubeClient(transport), logger, metrics, tracing, identity },
  );
}

/** The process has no rights: its transport carries the credentials of whoever calls, and none besides. */
async function startConsole(flags: Flags<'console'>): Promise<Running> {
  // Loaded only here: webhook and controller have no use for express.
  const { runConsole } = await import('./console/run.ts');
  const logger = createLogger({ level: flags['log-level'], name: 'sekisho-console' });
  const metrics = createMetrics({ process: true });
  const connection = withoutCredentials(await loadConnection(process.env, { kubeconfig: flags.kubeconfig }));
  return runConsole(
    {
      port: flags.port,
      healthAddress: flags['health-address'],
      certificateDirectory: flags['certificate-directory'],
      pageFolder: PAGE,
    },
    { transport: createTransport({ connection, metrics }), logger, metrics },
  );
}

let running: Running | undefined;
let ending = false;

/** Longest orderly end; the kubelet's own patience is 30 s. */
const END_MILLISECONDS = 20_000;

function shutDown(code: number): void {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(code), END_MILLISECONDS).unref();
  void (running?.close() ?? Promise.resolve()).finally(() => process.exit(code));
}

async function main(argv: readonly string[]): Promise<void> {
  const command = commandOf(argv);
  if (command === 'probe') {
    const flags = readFlags('probe', argv);
    process.exitCode = await probe(flags.target, flags['user-namespace']);
    return;
  }
  process.once('SIGTERM', () => shutDown(0));
  process.once('SIGINT', () => shutDown(0));
  if (command === 'controller') {
    const flags = readFlags('controller', argv);
    running = await runController(flags, await baseOf('controller', flags));
  } else if (command === 'gateway') {
    const flags = readFlags('gateway', argv);
    running = await startGateway(flags, await baseOf('gateway', flags));
  } else if (command === 'console') {
    running = await startConsole(readFlags('console', argv));
  } else {
    const flags = readFlags('webhook', argv);
    running = await startWebhook(flags, await baseOf('webhook', flags));
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(
    `sekisho: ${error instanceof UsageError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(error instanceof UsageError ? 2 : 1);
}
