/** What a metric is. Its name, labels and meaning are part of the interface of Sekisho. */
export interface MetricDefinition {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

const SHORT = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60];
const LONG = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/** Adding a metric: an entry here and the function that feeds it in metrics.ts. The docs are generated from this list. */
export const METRICS = {
  reconcileTotal: {
    name: 'controller_runtime_reconcile_total',
    kind: 'counter',
    help: 'Reconciliations by controller and result (success, error, requeue_after).',
    labels: ['controller', 'result'],
  },
  reconcileErrors: {
    name: 'controller_runtime_reconcile_errors_total',
    kind: 'counter',
    help: 'Reconciliations that failed and are tried again.',
    labels: ['controller'],
  },
  reconcileTime: {
    name: 'controller_runtime_reconcile_time_seconds',
    kind: 'histogram',
    help: 'How long a reconciliation takes.',
    labels: ['controller'],
    buckets: SHORT,
  },
  queueDepth: {
    name: 'workqueue_depth',
    kind: 'gauge',
    help: 'Keys waiting in a work queue.',
    labels: ['name'],
  },
  queueAdds: {
    name: 'workqueue_adds_total',
    kind: 'counter',
    help: 'Keys added to a work queue.',
    labels: ['name'],
  },
  queueRetries: {
    name: 'workqueue_retries_total',
    kind: 'counter',
    help: 'Keys put back after a failure.',
    labels: ['name'],
  },
  queueDuration: {
    name: 'workqueue_queue_duration_seconds',
    kind: 'histogram',
    help: 'How long a key waits before it is worked on.',
    labels: ['name'],
    buckets: SHORT,
  },
  workDuration: {
    name: 'workqueue_work_duration_seconds',
    kind: 'histogram',
    help: 'How long a key is worked on.',
    labels: ['name'],
    buckets: SHORT,
  },
  clientRequests: {
    name: 'rest_client_requests_total',
    kind: 'counter',
    help: 'Answers of the API server by HTTP status; <error> is a fault of the network.',
    labels: ['code', 'method'],
  },
  leader: {
    name: 'leader_election_master_status',
    kind: 'gauge',
    help: '1 in the process that leads, 0 in all others.',
    labels: ['name'],
  },
  requests: {
    name: 'sekisho_requests_total',
    kind: 'counter',
    help: 'Requests judged, by decision (Allow, RequireApproval, Deny).',
    labels: ['decision'],
  },
  breakGlass: {
    name: 'sekisho_break_glass_total',
    kind: 'counter',
    help: 'Requests that somebody let run in an emergency, without all the approvals that their role asks for.',
    labels: [],
  },
  notifications: {
    name: 'sekisho_notifications_total',
    kind: 'counter',
    help: 'Notifications by outcome: delivered, failed (nobody took it, after all attempts), dropped (too many were waiting).',
    labels: ['outcome'],
  },
  findings: {
    name: 'sekisho_findings_total',
    kind: 'counter',
    help: 'Findings by rule; rules of a policy count together as custom.',
    labels: ['rule'],
  },
  analysis: {
    name: 'sekisho_analysis_seconds',
    kind: 'histogram',
    help: 'How long the analysis of a program takes.',
    labels: [],
    buckets: SHORT,
  },
  webhook: {
    name: 'sekisho_webhook_requests_total',
    kind: 'counter',
    help: 'Admission reviews answered, by operation and answer.',
    labels: ['operation', 'allowed'],
  },
  run: {
    name: 'sekisho_run_seconds',
    kind: 'histogram',
    help: 'How long programs run, from start to end of their container.',
    labels: [],
    buckets: LONG,
  },
  isolation: {
    name: 'sekisho_isolation_proven',
    kind: 'gauge',
    help: '1 while a probe has shown that the network of the sandboxes is closed, else 0.',
    labels: ['namespace'],
  },
  admission: {
    name: 'sekisho_admission_intact',
    kind: 'gauge',
    help: "1 while Sekisho's own webhooks and ValidatingAdmissionPolicies stand as installed, 0 when one was loosened and nothing starts.",
    labels: [],
  },
  running: { name: 'sekisho_running', kind: 'gauge', help: 'Sandboxes that run now.', labels: [] },
  waiting: {
    name: 'sekisho_waiting',
    kind: 'gauge',
    help: 'Requests that wait for a place to run.',
    labels: [],
  },
  informerStale: {
    name: 'sekisho_informer_stale',
    kind: 'gauge',
    help: '1 while the API server has not been heard about a resource for a minute, else 0.',
    labels: ['resource'],
  },
  informerRestarts: {
    name: 'sekisho_informer_restarts_total',
    kind: 'counter',
    help: 'Lists and watches that failed and were begun again.',
    labels: ['resource'],
  },
  gatewayCalls: {
    name: 'sekisho_gateway_calls_total',
    kind: 'counter',
    help: 'Calls of plugins by outcome: Done, Waiting (for an approval), or the code of the refusal. What was not granted counts as other.',
    labels: ['plugin', 'operation', 'code'],
  },
  gatewayTime: {
    name: 'sekisho_gateway_call_seconds',
    kind: 'histogram',
    help: 'How long calls of plugins take, the upstream included.',
    labels: ['plugin'],
    buckets: SHORT,
  },
  gatewayCircuits: {
    name: 'sekisho_gateway_open_circuits',
    kind: 'gauge',
    help: 'Upstreams that failed too often and are left alone now.',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;
