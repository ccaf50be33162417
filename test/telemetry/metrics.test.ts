import { expect, test } from '@jest/globals';
import { METRICS } from '../../src/telemetry/metric-list.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

test('every metric of the list is served, with its help', async () => {
  const text = await createMetrics().render();
  for (const { name, kind, help } of Object.values(METRICS)) {
    expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`);
  }
});

test('the names are unique, and counters say total', () => {
  const all = Object.values(METRICS);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { name, kind } of all) expect(name.endsWith('_total')).toBe(kind === 'counter');
});

test.each<[string, (metrics: ReturnType<typeof createMetrics>) => void, string]>([
  [
    'an answer',
    (metrics) => metrics.answered('GET', 200),
    'rest_client_requests_total{code="200",method="GET"} 1',
  ],
  [
    'a network fault',
    (metrics) => metrics.answered('GET', 0),
    'rest_client_requests_total{code="<error>",method="GET"} 1',
  ],
  [
    'a reconciliation',
    (metrics) => metrics.worked('request', 'error', 0.2),
    'controller_runtime_reconcile_errors_total{controller="request"} 1',
  ],
  [
    'its result',
    (metrics) => metrics.worked('request', 'success', 0.2),
    'controller_runtime_reconcile_total{controller="request",result="success"} 1',
  ],
  [
    'its time',
    (metrics) => metrics.worked('request', 'success', 0.2),
    'workqueue_work_duration_seconds_bucket{le="0.5",name="request"} 1',
  ],
  ['the depth of a queue', (metrics) => metrics.depth('request', 7), 'workqueue_depth{name="request"} 7'],
  ['a decision', (metrics) => metrics.decided('Deny'), 'sekisho_requests_total{decision="Deny"} 1'],
  [
    'an unknown decision',
    (metrics) => metrics.decided('user input'),
    'sekisho_requests_total{decision="other"} 1',
  ],
  ['a finding', (metrics) => metrics.found('PY-FORK'), 'sekisho_findings_total{rule="PY-FORK"} 1'],
  [
    'a finding of a rule of a user',
    (metrics) => metrics.found('anything'),
    'sekisho_findings_total{rule="custom"} 1',
  ],
  [
    'a call of a plugin',
    (metrics) =>
      metrics.called({ plugin: 'calendar', operation: 'read_events', code: 'Done', seconds: 0.02 }),
    'sekisho_gateway_calls_total{plugin="calendar",operation="read_events",code="Done"} 1',
  ],
  [
    'its time',
    (metrics) =>
      metrics.called({ plugin: 'calendar', operation: 'read_events', code: 'Done', seconds: 0.02 }),
    'sekisho_gateway_call_seconds_bucket{le="0.05",plugin="calendar"} 1',
  ],
  [
    'a call of what was not granted',
    (metrics) => metrics.called({ plugin: undefined, operation: undefined, code: 'NotGranted', seconds: 0 }),
    'sekisho_gateway_calls_total{plugin="other",operation="other",code="NotGranted"} 1',
  ],
  ['upstreams left alone', (metrics) => metrics.openCircuits(2), 'sekisho_gateway_open_circuits 2'],
  [
    'a review',
    (metrics) => metrics.reviewed('CREATE', false),
    'sekisho_webhook_requests_total{operation="CREATE",allowed="false"} 1',
  ],
  [
    'who leads',
    (metrics) => metrics.leading('operator', true),
    'leader_election_master_status{name="operator"} 1',
  ],
  [
    'isolation',
    (metrics) => metrics.isolationProven('sandboxes', true),
    'sekisho_isolation_proven{namespace="sandboxes"} 1',
  ],
  ['staleness', (metrics) => metrics.stale('jobs', true), 'sekisho_informer_stale{resource="jobs"} 1'],
  ['what runs', (metrics) => metrics.runs(3, 4), 'sekisho_running 3'],
  ['the admission', (metrics) => metrics.admissionIntact(true), 'sekisho_admission_intact 1'],
  ['what waits', (metrics) => metrics.runs(3, 4), 'sekisho_waiting 4'],
])('%s is counted', async (_what, feed, want) => {
  const metrics = createMetrics({ rules: ['PY-FORK'] });
  feed(metrics);
  expect(await metrics.render()).toContain(`${want}\n`);
});

test('tells of the process when asked', async () => {
  expect(await createMetrics({ process: true }).render()).toContain('process_resident_memory_bytes');
  expect(await createMetrics().render()).not.toContain('process_resident_memory_bytes');
});
