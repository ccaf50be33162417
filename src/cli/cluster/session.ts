import { connectKube, loadConnection } from '../../kube/client.ts';
import type { KubeClient } from '../../kube/client.ts';
import { KubeError } from '../../kube/errors.ts';
import { UsageError } from '../usage.ts';
import type { ClusterOrder } from '../cluster-arguments.ts';

/** A cluster, as the caller sees it. */
export interface Session {
  readonly client: KubeClient;
  readonly namespace: string;
}

/** Calls the cluster of the kubeconfig with the caller's own rights. What it refuses is told in its words. */
export async function within<T>(order: ClusterOrder, use: (session: Session) => Promise<T>): Promise<T> {
  const connection = await loadConnection(process.env, { kubeconfig: order.kubeconfig });
  const client = connectKube({ connection });
  try {
    return await use({ client, namespace: order.namespace ?? connection.namespace });
  } catch (error) {
    throw error instanceof KubeError ? new UsageError(error.message, { cause: error }) : error;
  } finally {
    await client.close();
  }
}
