import { parseClass, parsePlugin, parsePolicy, parseRole } from '../api/parse.ts';
import type { SandboxClass } from '../api/parse.ts';
import type { KubeClient } from '../kube/client.ts';
import { createInformer } from '../kube/informer.ts';
import type { Informer } from '../kube/informer.ts';
import { metadataOf } from '../kube/object.ts';
import type { InformerMetrics, KubeLogger } from '../kube/ports.ts';
import {
  EXECUTION_POLICIES,
  EXECUTION_ROLES,
  NAMESPACES,
  PLUGINS,
  SANDBOX_CLASSES,
} from '../kube/resources.ts';
import type { Resource } from '../kube/resources.ts';
import type { ClusterFacts } from './judge-request.ts';
import { parsedOnce } from './parsed-once.ts';

export interface ClusterFactsOptions {
  readonly client: KubeClient;
  readonly logger: KubeLogger;
  readonly metrics?: InformerMetrics | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Called for each class that appears or changes. */
  readonly onClass?: (sandboxClass: SandboxClass) => void;
  /** Whether this installation has a plugin gateway. */
  readonly pluginsServed: boolean;
  /** Called when a role, class, policy or plugin changes: what waits may have to be judged anew. */
  readonly onChange?: () => void;
}

/** Facts that follow the cluster until they are closed. */
export interface WatchedFacts extends ClusterFacts {
  readonly close: () => Promise<void>;
}

/** From the cache, and where that has none, from the API server: what was made a moment ago must not be called missing. */
async function fresh(
  client: KubeClient,
  informer: Informer<object>,
  resource: Resource,
  name: string,
): Promise<object | undefined> {
  return informer.get(name) ?? (await client.get<object>(resource, { name }, { timeoutMilliseconds: 3000 }));
}

/** Follows roles, classes, policies, plugins and the labels of namespaces. */
export function watchFacts(options: ClusterFactsOptions): WatchedFacts {
  const { client, logger, metrics, now, onClass, onChange = () => undefined } = options;
  const common = { client, logger, metrics, onChange };
  const roles = createInformer<object>({ ...common, resource: EXECUTION_ROLES });
  const classes = createInformer<object>({
    ...common,
    resource: SANDBOX_CLASSES,
    onChange: (_key, object) => {
      const parsed = parseClass(object);
      if (parsed.ok) onClass?.(parsed.value);
      onChange();
    },
  });
  const policies = createInformer<object>({ ...common, resource: EXECUTION_POLICIES });
  const plugins = createInformer<object>({ ...common, resource: PLUGINS });
  const namespaces = createInformer<object>({
    ...common,
    resource: NAMESPACES,
    onChange: () => undefined,
    transform: (object) => {
      const { name, uid, resourceVersion, labels } = metadataOf(object);
      return { metadata: { name, uid, resourceVersion, labels } };
    },
  });
  const informers = [roles, classes, policies, plugins, namespaces];
  for (const informer of informers) informer.start();
  const readRole = parsedOnce(parseRole);
  const readClass = parsedOnce(parseClass);
  const readPolicy = parsedOnce(parsePolicy);
  const readPlugin = parsedOnce(parsePlugin);
  return {
    synced: () => informers.every((informer) => informer.synced()),
    stale: () => informers.some((informer) => informer.stale(now())),
    async role(name) {
      const found = await fresh(client, roles, EXECUTION_ROLES, name);
      return found && readRole(found);
    },
    async sandboxClass(name) {
      const found = await fresh(client, classes, SANDBOX_CLASSES, name);
      return found && readClass(found);
    },
    policies: () => policies.list().map(readPolicy),
    pluginsServed: options.pluginsServed,
    async plugin(name) {
      const found = await fresh(client, plugins, PLUGINS, name);
      return found && readPlugin(found);
    },
    async namespaceLabels(name) {
      const found = await fresh(client, namespaces, NAMESPACES, name);
      return found ? (metadataOf(found).labels ?? {}) : {};
    },
    async close() {
      await Promise.all(informers.map((informer) => informer.stop()));
    },
  };
}
