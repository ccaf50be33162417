import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connectKube, loadConnection, type KubeClient } from '../../../src/kube/client.ts';
import { CONFIG_MAPS, NAMESPACES } from '../../../src/kube/resources.ts';

/** A client of the administrator of the cluster under test. */
export const adminClient = async (): Promise<KubeClient> =>
  connectKube({ connection: await loadConnection(process.env), version: 'e2e' });

/** Makes a namespace with a name that was never used. */
export async function newNamespace(client: KubeClient, prefix: string): Promise<string> {
  const name = `${prefix}-${process.pid}-${Date.now().toString(36)}`;
  await client.create(NAMESPACES, { metadata: { name } });
  return name;
}

/** Makes many ConfigMaps, some at a time. */
export async function createConfigMaps(client: KubeClient, namespace: string, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `cm-${String(index).padStart(5, '0')}`);
  const work = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      await client.create(CONFIG_MAPS, { metadata: { name, namespace }, data: { name } });
    }
  };
  await Promise.all(Array.from({ length: 12 }, work));
}

const CLUSTER = '.cache/local-cluster/current/bin/sekisho-cluster';

/** The name of the local cluster that KUBECONFIG leads to, or undefined when it is another kind of cluster. */
export function localCluster(): string | undefined {
  const name = /\/var\/lib\/sekisho-cluster\/([^/]+)\//.exec(process.env['KUBECONFIG'] ?? '')?.[1];
  return name !== undefined && existsSync(CLUSTER) ? name : undefined;
}

/** Runs `sekisho-cluster` for that cluster. */
export function clusterCommand(name: string, ...args: readonly string[]): string {
  return execFileSync(CLUSTER, ['--name', name, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
