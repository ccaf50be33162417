import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { request } from 'node:https';
import { connectKube, loadConnection, type Connection, type KubeClient } from '../../../src/kube/client.ts';
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

const CLUSTER = `${process.env['SEKISHO_CACHE'] ?? '.cache'}/local-cluster/current/bin/sekisho-cluster`;

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

/** Asks the etcd of a local cluster by its JSON gateway. */
function askEtcd(name: string, origin: string, path: string, body: object): Promise<string> {
  const file = (part: string) => readFileSync(`/var/lib/sekisho-cluster/${name}/pki/${part}`);
  const tls = {
    ca: file('ca.crt'),
    cert: file('kube-apiserver-client.crt'),
    key: file('kube-apiserver-client.key'),
  };
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, origin), { method: 'POST', ...tls }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    });
    call.on('error', reject);
    call.end(JSON.stringify(body));
  });
}

/** Makes etcd forget all but the present, as the API server has it do every five minutes. */
export async function compactEtcd(name: string): Promise<void> {
  const { origin } = await loadConnection(process.env);
  const etcd = origin.replace(/:\d+$/, ':2379');
  const { header }: { header: { revision: string } } = JSON.parse(
    await askEtcd(name, etcd, '/v3/kv/range', { key: 'YQ==' }),
  );
  await askEtcd(name, etcd, '/v3/kv/compaction', { revision: header.revision, physical: true });
}

/** A way to the API server that can fall silent: connections stay open, and nothing comes through any more. */
export async function silenceableConnection(): Promise<{
  connection: Connection;
  silence(): void;
  close(): Promise<void>;
}> {
  const connection = await loadConnection(process.env);
  const { hostname, port } = new URL(connection.origin);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const here = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    connection: {
      ...connection,
      origin: here,
      tls: { ...connection.tls, servername: connection.tls.servername ?? 'kubernetes' },
    },
    /** Those that are open now; what is opened later works. */
    silence() {
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
