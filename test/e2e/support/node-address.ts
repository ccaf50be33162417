import { must } from './kubectl.ts';

export interface NodeAddress {
  /** host:port of the API server. */
  readonly server: string;
  /** The node's own address. */
  readonly node: string;
  /** The first two numbers of every address in the local cluster. */
  readonly prefix: string;
  /** This machine's end of the link to the node. */
  readonly host: string;
}

/** Addresses of the local cluster, as its kubeconfig gives them away. */
export async function nodeAddress(): Promise<NodeAddress> {
  const url = await must(['config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}']);
  const [, node = '', prefix = ''] = /^https:\/\/((\d+\.\d+)\.\d+\.\d+):/.exec(url) ?? [];
  return { server: url.replace('https://', ''), node, prefix, host: `${prefix}.0.1` };
}
