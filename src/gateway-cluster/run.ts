import { start } from '../gateway/server.ts';
import type { Trace } from '../gateway/trace.ts';
import type { KubeClient } from '../kube/client.ts';
import { hostAndPort, start as startHealth } from '../telemetry/health.ts';
import { createLineWriter } from '../telemetry/lines.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { clusterPorts } from './ports.ts';

/** The flags of the gateway process. */
export interface GatewayConfig {
  /** Where Sekisho is installed: the Secrets of plugins are there. */
  readonly namespace: string;
  readonly sandboxNamespace: string;
  readonly port: number;
  /** host:port of /healthz, /readyz and /metrics. */
  readonly healthAddress: string;
}

export interface GatewayDependencies {
  readonly client: KubeClient;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Who follows single calls, and is let go once the last one has ended; undefined where nobody does. */
  readonly tracing?: (Trace & { readonly close: () => Promise<void> }) | undefined;
  /** Name of this process. */
  readonly identity: string;
}

/** How long a closing gateway still takes new calls: until the Service no longer leads to it. */
const LINGER_MILLISECONDS = 3000;

/** Composes the gateway process and starts it. It is ready later, when /readyz says so. */
export async function runGateway(
  { namespace, sandboxNamespace, port, healthAddress }: GatewayConfig,
  { client, logger, metrics, tracing, identity }: GatewayDependencies,
): Promise<{ readonly close: () => Promise<void> }> {
  const ports = clusterPorts({
    ...{ client, logger, metrics, identity, namespace, sandboxNamespace },
    now: Date.now,
    write: createLineWriter(),
  });
  const server = await start({
    ports,
    watch: {
      logger,
      ended: (end) => metrics.called(end),
      openCircuits: (upstreams) => metrics.openCircuits(upstreams),
    },
    trace: tracing,
    port,
    lingerMilliseconds: LINGER_MILLISECONDS,
  });
  let closing: Promise<void> | undefined;
  const health = await startHealth({
    ...hostAndPort(healthAddress),
    metrics,
    checks: [
      { name: 'informers', check: () => ports.synced() || 'not read yet' },
      { name: 'api-server', check: () => !ports.stale() || 'not heard for a minute' },
      { name: 'running', check: () => closing === undefined || 'closing' },
    ],
  });
  logger.info({ port: server.port }, 'gateway started');
  const close = async () => {
    await server.close();
    await Promise.all([ports.close(), tracing?.close()]);
    await health.close();
  };
  return { close: () => (closing ??= close()) };
}
