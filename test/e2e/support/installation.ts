import type { V1Deployment, V1Job, V1Pod } from '@kubernetes/client-node';
import { eventually } from '../../support/eventually.ts';
import { items, kubectl, must, read, run } from './kubectl.ts';

export const SYSTEM = process.env['SEKISHO_NAMESPACE'] ?? 'sekisho-system';
export const SANDBOXES = process.env['SEKISHO_SANDBOX_NAMESPACE'] ?? 'sekisho-sandboxes';
export const CONTROLLER = `system:serviceaccount:${SYSTEM}:sekisho-controller`;
/** The annotation that names the request of a Job. */
export const REQUEST = 'sekisho.dev/request';

type Component = 'controller' | 'gateway' | 'webhook';

export const podsOf = (component: Component) =>
  items<V1Pod>(['-n', SYSTEM, 'get', 'pods', '-l', `app.kubernetes.io/component=${component}`]);

const isBeingDeleted = ({ metadata }: V1Pod): boolean => metadata?.deletionTimestamp !== undefined;

/** Takes a component away: none of its processes is left when this answers. */
export async function stop(component: Component): Promise<void> {
  await must(['-n', SYSTEM, 'scale', 'deployment', `sekisho-${component}`, '--replicas=0']);
  await kubectl(['-n', SYSTEM, 'delete', 'pods', '-l', `app.kubernetes.io/component=${component}`, '--now']);
  await eventually(async () => (await podsOf(component)).length === 0, {
    what: `no pod of the ${component} is left`,
    timeoutMilliseconds: 60_000,
    intervalMilliseconds: 200,
  });
}

/** Whether a request would be admitted; as the administrator, and nothing is kept. */
const admits = async (): Promise<boolean> => {
  const probe = {
    apiVersion: 'sekisho.dev/v1alpha1',
    kind: 'CodeExecutionRequest',
    metadata: { generateName: 'probe-', namespace: 'default' },
    spec: { language: 'Bash', role: 'user', code: 'true' },
  };
  return (await kubectl(['create', '--dry-run=server', '-f', '-'], probe)).code === 0;
};

/** Brings a component back and waits until it works. */
export async function start(component: Component, replicas = 1): Promise<void> {
  await must(['-n', SYSTEM, 'scale', 'deployment', `sekisho-${component}`, `--replicas=${replicas}`]);
  await ready(component);
}

/** Waits until a component works, and until none of the pods that it had before is left: the roll-out is over sooner than they are. */
export async function ready(component: Component): Promise<void> {
  await must(['-n', SYSTEM, 'rollout', 'status', `deployment/sekisho-${component}`, '--timeout=90s']);
  await eventually(async () => !(await podsOf(component)).some(isBeingDeleted), {
    what: `no old pod of the ${component} is left`,
    timeoutMilliseconds: 60_000,
    intervalMilliseconds: 200,
  });
  if (component === 'webhook')
    await eventually(admits, {
      what: 'the webhook answers',
      timeoutMilliseconds: 30_000,
      intervalMilliseconds: 200,
    });
}

/** Does something while a component is away, and brings it back whatever happens. */
export async function without<T>(component: Component, act: () => Promise<T>): Promise<T> {
  const replicas = await replicasOf(component);
  await stop(component);
  try {
    return await act();
  } finally {
    await start(component, replicas);
  }
}

/** A controller that has forgotten what it knew, proofs included. */
export async function restartController(): Promise<void> {
  await stop('controller');
  await start('controller');
}

export const replicasOf = async (component: Component): Promise<number> =>
  (await read<V1Deployment>(['-n', SYSTEM, 'get', 'deployment', `sekisho-${component}`])).spec?.replicas ?? 1;

/** Jobs that run programs; of one namespace, or of all. */
export async function sandboxJobs(namespace?: string): Promise<readonly V1Job[]> {
  const jobs = await items<V1Job>(['-n', SANDBOXES, 'get', 'jobs', '-l', 'sekisho.dev/component=sandbox']);
  return jobs.filter(
    ({ metadata }) =>
      namespace === undefined || metadata?.annotations?.[REQUEST]?.startsWith(`${namespace}/`),
  );
}

/** Pods that run, or have run, the program of a request. */
export const podsOfRequest = (uid: string): Promise<readonly V1Pod[]> =>
  items<V1Pod>(['-n', SANDBOXES, 'get', 'pods', '-l', `sekisho.dev/request-uid=${uid}`]);

/** The name of the local cluster under test, if it is one. */
export const LOCAL_CLUSTER = process.env['SEKISHO_CLUSTER'];

/** Runs `sekisho-cluster` for the cluster under test. */
export async function cluster(...args: readonly string[]): Promise<string> {
  const command = process.env['SEKISHO_CLUSTER_BIN'] ?? 'sekisho-cluster';
  const { code, stdout, stderr } = await run(command, ['--name', LOCAL_CLUSTER ?? '', ...args]);
  if (code !== 0) throw new Error(`sekisho-cluster ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/**
 * What each pod of a component tells of itself, in the text format of Prometheus. A pod that is being deleted is not asked: its network
 * may be gone already. The API server would wait half a minute for an answer; one that takes seconds is none.
 */
export async function metricsOf(component: Component): Promise<readonly string[]> {
  const staying = (await podsOf(component)).filter((pod) => !isBeingDeleted(pod));
  return Promise.all(
    staying.map(({ metadata }) => {
      const path = `/api/v1/namespaces/${SYSTEM}/pods/${metadata?.name ?? ''}:8081/proxy/metrics`;
      return must(['get', '--raw', path, '--request-timeout=5s']);
    }),
  );
}

/** What the pods of a component count together under the name of a metric, with its labels where it has some. */
export async function metricOf(name: string, component: Component = 'controller'): Promise<number> {
  const lines = (await metricsOf(component)).flatMap((text) => text.split('\n'));
  const values = lines.filter((line) => line.startsWith(`${name} `));
  return values.reduce((sum, line) => sum + Number(line.slice(name.length + 1)), 0);
}
