import { createKubeClient } from '../kube/client.ts';
import { speakingFor } from '../kube/transport.ts';
import type { Transport } from '../kube/transport.ts';
import { readCertificateFiles } from '../serving/certificate-files.ts';
import { hostAndPort, start as startHealth } from '../telemetry/health.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createApp } from './app.ts';
import { loadPageFiles } from './page-files.ts';
import { startServer } from './server.ts';
import type { ConsoleServer } from './server.ts';

/** The flags of the console process. */
export interface ConsoleConfig {
  /** 0 for any that is free. */
  readonly port: number;
  /** host:port of /healthz, /readyz and /metrics. */
  readonly healthAddress: string;
  /** Holds tls.crt and tls.key. Undefined: plain HTTP. */
  readonly certificateDirectory: string | undefined;
  /** Holds the files of the page, as `npm run build` makes them. */
  readonly pageFolder: string;
}

export interface ConsoleDependencies {
  /** To the API server, with no credentials of its own. */
  readonly transport: Transport;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface RunningConsole {
  readonly port: number;
  readonly healthPort: number;
  readonly close: () => Promise<void>;
}

/** Files are cheap to look at, and a renewed certificate ought to be served soon. */
const FILES_MILLISECONDS = 10_000;

/** Serves what lies in the directory from now on; answers what ends that. */
function renewing(directory: string, server: ConsoleServer, logger: Logger): () => void {
  let served = '';
  const look = async () => {
    try {
      const certificate = await readCertificateFiles(directory);
      if (served !== certificate.cert) server.setCertificate(certificate);
      served = certificate.cert;
    } catch (err) {
      logger.warn({ err }, 'the certificate could not be read anew; the old one is served on');
    }
  };
  const timer = setInterval(() => void look(), FILES_MILLISECONDS);
  return () => clearInterval(timer);
}

/** Composes the console process and starts it. */
export async function runConsole(config: ConsoleConfig, given: ConsoleDependencies): Promise<RunningConsole> {
  const { transport, logger, metrics } = given;
  const { certificateDirectory: directory } = config;
  const app = createApp({
    files: await loadPageFiles(config.pageFolder),
    clientFor: (authorization) => createKubeClient(speakingFor(transport, authorization)),
    logger,
    now: Date.now,
  });
  const certificate = directory === undefined ? undefined : await readCertificateFiles(directory);
  const server = await startServer({ port: config.port, certificate, answer: app });
  const endRenewing = directory === undefined ? () => undefined : renewing(directory, server, logger);
  let closing: Promise<void> | undefined;
  const checks = [{ name: 'running', check: () => closing === undefined || 'closing' }] as const;
  const health = await startHealth({ ...hostAndPort(config.healthAddress), checks, metrics });
  logger.info({ port: server.port, tls: directory !== undefined }, 'console started');
  const close = async () => {
    endRenewing();
    await server.close();
    await Promise.all([transport.close(), health.close()]);
    logger.info({}, 'console closed');
  };
  return { port: server.port, healthPort: health.port, close: () => (closing ??= close()) };
}
