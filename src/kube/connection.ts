import { readFile } from 'node:fs/promises';

/** Where the API server is and who we are to it. */
export interface Connection {
  /** `https://host:port`, without a path. */
  readonly origin: string;
  /** Path before `/api` and `/apis`; empty for all but API servers behind a proxy. */
  readonly basePath: string;
  readonly tls: {
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** The namespace that we are in, or that the kubeconfig's context names. */
  readonly namespace: string;
  /** Value of the Authorization header; kept fresh behind this call. */
  authorization(): Promise<string | undefined>;
  /** The server refused our credentials: read them anew at the next call. */
  forgetAuthorization(): void;
}

/** Where a pod finds its service account. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The kubelet rotates the token at 80 % of an hour or more; client-go reads it again each minute too. */
const TOKEN_MILLISECONDS = 60_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Keeps an answer for a while; one that fails is not kept, and the old one serves on if there is any. */
function remembered<T>(read: () => Promise<T>, milliseconds: number, now: () => number) {
  let known: { readonly value: T; readonly until: number } | undefined;
  return {
    async get(): Promise<T> {
      if (known && now() < known.until) return known.value;
      try {
        known = { value: await read(), until: now() + milliseconds };
      } catch (error) {
        if (!known) throw error;
      }
      return known.value;
    },
    forget(): void {
      if (known) known = { value: known.value, until: 0 };
    },
  };
}

/** The connection of a pod, from the files of its service account. */
export async function inClusterConnection(
  env: Environment,
  folder: string = SERVICE_ACCOUNT_FOLDER,
  now: () => number = Date.now,
): Promise<Connection> {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  const token = remembered(
    async () => `Bearer ${(await readFile(`${folder}/token`, 'utf8')).trim()}`,
    TOKEN_MILLISECONDS,
    now,
  );
  return {
    origin: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    basePath: '',
    tls: { ca: await readFile(`${folder}/ca.crt`) },
    namespace: (await readFile(`${folder}/namespace`, 'utf8').catch(() => 'default')).trim(),
    authorization: () => token.get(),
    forgetAuthorization: () => token.forget(),
  };
}

/** The same API server, to which we are nobody: no token, no client certificate. Whoever calls must bring credentials of their own. */
export const withoutCredentials = (connection: Connection): Connection => {
  const { cert: _cert, key: _key, ...tls } = connection.tls;
  return { ...connection, tls, authorization: async () => undefined, forgetAuthorization: () => undefined };
};

/** What client-node fills in for a context; its own type for it says `any`. */
interface Credentials {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  servername?: string;
  rejectUnauthorized?: boolean;
  auth?: string;
  headers?: Record<string, string>;
}

function authorizationOf({ headers, auth }: Credentials): string | undefined {
  const header = headers?.['Authorization'];
  if (header !== undefined) return header;
  return auth ? `Basic ${Buffer.from(auth).toString('base64')}` : undefined;
}

function tlsOf({ ca, cert, key, servername, rejectUnauthorized }: Credentials): Connection['tls'] {
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(servername && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}

/** The connection that a kubeconfig describes (tokens, client certificates, exec plug-ins). */
export async function kubeconfigConnection(
  path: string | undefined,
  now: () => number = Date.now,
): Promise<Connection> {
  // Loaded only here: an operator in its cluster never pays the memory of client-node.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (path === undefined) config.loadFromDefault();
  else config.loadFromFile(path);
  const where = `The kubeconfig ${path ?? '(default)'}`;
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`${where} names no cluster in its current context.`);
  // Whoever means to act as somebody else must not act as themselves without noticing.
  if (config.getCurrentUser()?.impersonateUser)
    throw new Error(`${where} sets as (impersonation), which is not supported.`);
  if (cluster.proxyUrl) throw new Error(`${where} sets proxy-url, which is not supported.`);

  const credentials = async () => {
    const filled: Credentials = {};
    await config.applyToHTTPSOptions(filled);
    return filled;
  };
  const first = await credentials();
  const hasHeader = authorizationOf(first) !== undefined;
  const header = remembered(async () => authorizationOf(await credentials()), TOKEN_MILLISECONDS, now);
  const { origin, pathname } = new URL(cluster.server);
  return {
    origin,
    basePath: pathname.replace(/\/+$/, ''),
    tls: tlsOf(first),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    authorization: () => (hasHeader ? header.get() : Promise.resolve(undefined)),
    forgetAuthorization: () => header.forget(),
  };
}

/**
 * The API server to talk to: the kubeconfig given, else KUBECONFIG, else the service account of this pod, else
 * `~/.kube/config`.
 */
export async function loadConnection(
  env: Environment,
  options: { kubeconfig?: string | undefined } = {},
): Promise<Connection> {
  const path = options.kubeconfig || undefined;
  if (path !== undefined) return kubeconfigConnection(path);
  if (env['KUBECONFIG'])
    return kubeconfigConnection(env['KUBECONFIG'].includes(':') ? undefined : env['KUBECONFIG']);
  if (env['KUBERNETES_SERVICE_HOST']) return inClusterConnection(env);
  return kubeconfigConnection(undefined);
}
