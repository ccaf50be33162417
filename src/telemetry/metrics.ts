import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { METRICS, type MetricDefinition } from './metric-list.ts';

/** What Sekisho counts. Labels come from closed sets; what is in none is counted as `other`. */
export interface Metrics {
  /** The text that Prometheus reads. */
  render(): Promise<string>;
  readonly contentType: string;

  /** Ports of the Kubernetes layer. */
  answered(method: string, status: number): void;
  restarted(resource: string): void;
  stale(resource: string, stale: boolean): void;
  depth(queue: string, keys: number): void;
  added(queue: string): void;
  retried(queue: string): void;
  waited(queue: string, seconds: number): void;
  worked(queue: string, result: 'success' | 'error' | 'requeue_after', seconds: number): void;
  leading(name: string, leading: boolean): void;

  /** A request was judged. */
  decided(decision: string): void;
  found(rule: string): void;
  /** Somebody let a request run in an emergency. */
  glassBroken(): void;
  notified(outcome: 'delivered' | 'failed' | 'dropped'): void;
  analysed(seconds: number): void;
  reviewed(operation: string, allowed: boolean): void;
  ran(seconds: number): void;
  isolationProven(namespace: string, proven: boolean): void;
  admissionIntact(intact: boolean): void;
  /** A call of a plugin ended. Names are those of plugins that exist; undefined where none was granted. */
  readonly called: (end: GatewayCallEnd) => void;
  readonly openCircuits: (upstreams: number) => void;
  /** Sandboxes that run, and requests that wait for a place. */
  runs(running: number, waiting: number): void;
}

export interface GatewayCallEnd {
  readonly plugin: string | undefined;
  readonly operation: string | undefined;
  /** Done, Waiting, or the code of a refusal. */
  readonly code: string;
  readonly seconds: number;
}

export interface MetricsOptions {
  /** The rules that come with Sekisho; findings of all others count as `custom`. */
  readonly rules?: readonly string[] | undefined;
  /** Whether to tell of the process too: memory, CPU, event loop. */
  readonly process?: boolean | undefined;
}

const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const DECISIONS = new Set(['Allow', 'RequireApproval', 'Deny']);
const OPERATIONS = new Set(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']);

const oneOf = (known: ReadonlySet<string>, value: string, otherwise = 'other'): string =>
  known.has(value) ? value : otherwise;

function instruments(registry: Registry) {
  const settings = ({ name, help, labels }: MetricDefinition) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  const counter = (definition: MetricDefinition & { kind: 'counter' }) => new Counter(settings(definition));
  const gauge = (definition: MetricDefinition & { kind: 'gauge' }) => new Gauge(settings(definition));
  const histogram = (definition: MetricDefinition & { kind: 'histogram' }) =>
    new Histogram({ ...settings(definition), buckets: [...(definition.buckets ?? [])] });
  return {
    reconcileTotal: counter(METRICS.reconcileTotal),
    reconcileErrors: counter(METRICS.reconcileErrors),
    reconcileTime: histogram(METRICS.reconcileTime),
    queueDepth: gauge(METRICS.queueDepth),
    queueAdds: counter(METRICS.queueAdds),
    queueRetries: counter(METRICS.queueRetries),
    queueDuration: histogram(METRICS.queueDuration),
    workDuration: histogram(METRICS.workDuration),
    clientRequests: counter(METRICS.clientRequests),
    leader: gauge(METRICS.leader),
    requests: counter(METRICS.requests),
    breakGlass: counter(METRICS.breakGlass),
    notifications: counter(METRICS.notifications),
    findings: counter(METRICS.findings),
    analysis: histogram(METRICS.analysis),
    webhook: counter(METRICS.webhook),
    run: histogram(METRICS.run),
    isolation: gauge(METRICS.isolation),
    admission: gauge(METRICS.admission),
    running: gauge(METRICS.running),
    waiting: gauge(METRICS.waiting),
    informerStale: gauge(METRICS.informerStale),
    informerRestarts: counter(METRICS.informerRestarts),
    gatewayCalls: counter(METRICS.gatewayCalls),
    gatewayTime: histogram(METRICS.gatewayTime),
    gatewayCircuits: gauge(METRICS.gatewayCircuits),
  };
}

/** Creates the metrics of a process. */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  if (options.process ?? false) collectDefaultMetrics({ register: registry });
  const rules = new Set(options.rules ?? []);
  const all = instruments(registry);

  return {
    render: () => registry.metrics(),
    contentType: registry.contentType,
    answered: (method, status) =>
      all.clientRequests.inc({
        code: status === 0 ? '<error>' : String(status),
        method: oneOf(METHODS, method),
      }),
    restarted: (resource) => all.informerRestarts.inc({ resource }),
    stale: (resource, stale) => all.informerStale.set({ resource }, Number(stale)),
    depth: (name, keys) => all.queueDepth.set({ name }, keys),
    added: (name) => all.queueAdds.inc({ name }),
    retried: (name) => all.queueRetries.inc({ name }),
    waited: (name, seconds) => all.queueDuration.observe({ name }, seconds),
    worked(name, result, seconds) {
      all.workDuration.observe({ name }, seconds);
      all.reconcileTime.observe({ controller: name }, seconds);
      all.reconcileTotal.inc({ controller: name, result });
      if (result === 'error') all.reconcileErrors.inc({ controller: name });
    },
    leading: (name, leading) => all.leader.set({ name }, Number(leading)),
    decided: (decision) => all.requests.inc({ decision: oneOf(DECISIONS, decision) }),
    glassBroken: () => all.breakGlass.inc(),
    found: (rule) => all.findings.inc({ rule: oneOf(rules, rule, 'custom') }),
    notified: (outcome) => all.notifications.inc({ outcome }),
    analysed: (seconds) => all.analysis.observe(seconds),
    reviewed: (operation, allowed) =>
      all.webhook.inc({ operation: oneOf(OPERATIONS, operation), allowed: String(allowed) }),
    ran: (seconds) => all.run.observe(seconds),
    isolationProven: (namespace, proven) => all.isolation.set({ namespace }, Number(proven)),
    admissionIntact: (intact) => all.admission.set(Number(intact)),
    called({ plugin = 'other', operation = 'other', code, seconds }) {
      all.gatewayCalls.inc({ plugin, operation, code });
      all.gatewayTime.observe({ plugin }, seconds);
    },
    openCircuits: (upstreams) => all.gatewayCircuits.set(upstreams),
    runs(running, waiting) {
      all.running.set(running);
      all.waiting.set(waiting);
    },
  };
}
