import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Something that must hold before work may come. */
export interface ReadinessCheck {
  readonly name: string;
  /** True, or why not. An exception counts as why not. */
  readonly check: () => true | string | Promise<true | string>;
}

export interface HealthOptions {
  readonly address: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly checks: readonly ReadinessCheck[];
  readonly metrics?: { render(): Promise<string>; readonly contentType: string } | undefined;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** A check that does not answer in this time is not passed; the kubelet asks again in seconds. */
const CHECK_MILLISECONDS = 2000;
const PLAIN = 'text/plain; charset=utf-8';

async function outcome({ check }: ReadinessCheck): Promise<true | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_MILLISECONDS} ms`), CHECK_MILLISECONDS);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}

async function readiness(checks: readonly ReadinessCheck[]): Promise<Page> {
  const outcomes = await Promise.all(
    checks.map(async (check) => ({ name: check.name, result: await outcome(check) })),
  );
  const lines = outcomes.map(({ name, result }) =>
    result === true ? `[+] ${name} ok` : `[-] ${name} failed: ${result}`,
  );
  const ready = outcomes.every(({ result }) => result === true);
  return {
    status: ready ? 200 : 503,
    type: PLAIN,
    text: `${[...lines, ready ? 'ready' : 'not ready'].join('\n')}\n`,
  };
}

async function pageFor(request: IncomingMessage, { checks, metrics }: HealthOptions): Promise<Page> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, type: PLAIN, text: 'only GET\n' };
  const [path] = (request.url ?? '/').split('?');
  if (path === '/healthz') return { status: 200, type: PLAIN, text: 'ok\n' };
  if (path === '/readyz') return readiness(checks);
  if (path === '/metrics' && metrics)
    return { status: 200, type: metrics.contentType, text: await metrics.render() };
  return { status: 404, type: PLAIN, text: 'there are /healthz, /readyz and /metrics\n' };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HealthOptions,
): Promise<void> {
  let page: Page;
  try {
    page = await pageFor(request, options);
  } catch {
    page = { status: 500, type: PLAIN, text: 'failed\n' };
  }
  response.writeHead(page.status, { 'content-type': page.type, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : page.text);
}

function listen(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** `host:port`, the host of an IPv6 address in brackets → what {@link start} takes. Throws when it is neither. */
export function hostAndPort(address: string): { readonly address: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  const port = Number(address.slice(colon + 1));
  if (colon < 0 || !Number.isInteger(port)) throw new Error(`"${address}" is no address: write host:port`);
  return { address: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port };
}

/** Serves /healthz, /readyz and /metrics. */
export async function start(
  options: HealthOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(request, response, options));
  server.requestTimeout = 10_000;
  server.maxConnections = 64;
  await listen(server, options.port, options.address);
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : options.port;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
