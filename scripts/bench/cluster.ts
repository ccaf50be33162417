import type { V1Pod } from '@kubernetes/client-node';
import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { KubeClient } from '../../src/kube/client.ts';
import { collectionPath } from '../../src/kube/paths.ts';
import { CODE_EXECUTION_REQUESTS, JOBS, NAMESPACES, PODS } from '../../src/kube/resources.ts';
import { REQUEST } from '../../src/objects/labels.ts';
import { metricOf } from './figures.ts';
import { BENCH, ISOLATED, PLAIN, surroundings } from './objects.ts';

/** Namespace of the operator. */
export const SYSTEM = process.env['SEKISHO_NAMESPACE'] ?? 'sekisho-system';
/** Namespace of the Jobs of requests. */
export const SANDBOXES = process.env['SEKISHO_SANDBOX_NAMESPACE'] ?? 'sekisho-sandboxes';
/** As whom the controller calls the API server. */
export const CONTROLLER = `system:serviceaccount:${SYSTEM}:sekisho-controller`;

/** Path of the requests. */
export const REQUESTS = collectionPath(CODE_EXECUTION_REQUESTS, BENCH);

/** Path of the audit log of the local cluster. */
export function auditLog(): string {
  const args = ['--name', process.env['SEKISHO_CLUSTER'] ?? 'sekisho', 'status', '-o', 'json'];
  const status: { auditLog: string } = JSON.parse(
    execFileSync(process.env['SEKISHO_CLUSTER_BIN'] ?? 'sekisho-cluster', args, { encoding: 'utf8' }),
  );
  return status.auditLog;
}

/** Creates an object; throws with the API server's answer when it refuses. */
export async function post<T>(
  client: KubeClient,
  path: string,
  object: object,
  headers: Record<string, string> = {},
): Promise<T> {
  const body = JSON.stringify(object);
  const answer = await client.request('POST', path, { body, contentType: 'application/json', headers });
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.body}`);
  const created: T = JSON.parse(answer.body);
  return created;
}

/** Longest time that Kubernetes may take to remove something. */
const GONE_MILLISECONDS = 120_000;

async function untilGone(what: string, isThere: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + GONE_MILLISECONDS;
  while (await isThere()) {
    if (performance.now() > end)
      throw new Error(`${what} is still there after ${GONE_MILLISECONDS / 1000} s`);
    await pause(250);
  }
}

/** Removes all that a bench makes, and waits until it is gone. */
export async function cleanUp(client: KubeClient): Promise<void> {
  const nothing = { spec: { images: {}, limits: { cpu: '', memory: '' }, deadlineSeconds: 0 } };
  for (const { path, object } of surroundings(nothing))
    await client.request('DELETE', `${path}/${object.metadata.name}`);
  // A namespace takes a while to go, and the next run makes it anew.
  for (const name of [BENCH, PLAIN, ISOLATED])
    await untilGone(`namespace ${name}`, async () => (await client.get(NAMESPACES, { name })) !== undefined);
}

const isOurs = ({ metadata }: V1Pod): boolean =>
  metadata?.namespace !== SANDBOXES || (metadata.annotations?.[REQUEST]?.startsWith(`${BENCH}/`) ?? false);

/** Removes what has run and waits until the kubelet has taken its pods away: what comes next finds a node at rest. */
export async function clear(client: KubeClient): Promise<void> {
  const jobs = [PLAIN, ISOLATED].map((namespace) => collectionPath(JOBS, namespace));
  for (const path of [REQUESTS, ...jobs])
    await client.request('DELETE', `${path}?propagationPolicy=Background`);
  for (const namespace of [SANDBOXES, PLAIN, ISOLATED])
    await untilGone(`a pod in namespace ${namespace}`, async () =>
      (await client.list<V1Pod>(PODS, { namespace })).items.some(isOurs),
    );
}

/** CPU seconds and largest RSS in bytes of the controller's replicas, by the API server's proxy. */
export async function usage(client: KubeClient): Promise<{ cpu: number; rss: number }> {
  const labelSelector = 'app.kubernetes.io/component=controller';
  const { items } = await client.list<V1Pod>(PODS, { namespace: SYSTEM, labelSelector });
  let cpu = 0;
  let rss = 0;
  for (const { metadata } of items) {
    const path = `/api/v1/namespaces/${SYSTEM}/pods/${metadata?.name}:8081/proxy/metrics`;
    const { body } = await client.request('GET', path);
    cpu += metricOf(body, 'process_cpu_seconds_total');
    rss = Math.max(rss, metricOf(body, 'process_resident_memory_bytes'));
  }
  return { cpu, rss };
}
