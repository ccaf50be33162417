import { connectKube, loadConnection } from '../../../src/kube/client.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { must } from './kubectl.ts';

/** A client that is a ServiceAccount, with a token of its own. */
export async function clientOf(namespace: string, account: string): Promise<KubeClient> {
  const connection = await loadConnection(process.env);
  const token = (await must(['-n', namespace, 'create', 'token', account])).trim();
  const { ca } = connection.tls;
  return connectKube({
    connection: {
      ...connection,
      tls: ca ? { ca } : {},
      authorization: () => Promise.resolve(`Bearer ${token}`),
    },
    version: 'e2e',
  });
}
