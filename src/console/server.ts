import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { drain } from '../serving/drain.ts';
import type { ServingCertificate } from '../serving/certificate-files.ts';

export interface ServerOptions {
  readonly port: number;
  readonly host?: string | undefined;
  /** Without one it speaks plain HTTP, for a proxy in front of it or a port-forward. */
  readonly certificate?: ServingCertificate | undefined;
  readonly answer: RequestListener;
}

export interface ConsoleServer {
  readonly port: number;
  /** Serves another certificate from the next connection on. Throws on one that does not fit its key. */
  readonly setCertificate: (certificate: ServingCertificate) => void;
  readonly close: () => Promise<void>;
}

const TLS = { minVersion: 'TLSv1.2', handshakeTimeout: 5000 } as const;
const LIMITS = {
  headersTimeout: 5000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 30_000,
  // A token that names many groups is long.
  maxHeaderSize: 32 * 1024,
} as const;
const MAX_CONNECTIONS = 512;
/** Nothing sent and nothing taken for so long; streams have a heartbeat. */
const IDLE_MILLISECONDS = 60_000;
/** For calls under way when the server closes; streams are cut. */
const DRAIN_MILLISECONDS = 3000;

/** Starts to answer, over TLS where there is a certificate. Resolves once the port is open. */
export async function startServer({
  port,
  host,
  certificate,
  answer,
}: ServerOptions): Promise<ConsoleServer> {
  const secure = certificate && createHttpsServer({ ...TLS, ...LIMITS, ...certificate }, answer);
  const server = secure ?? createHttpServer(LIMITS, answer);
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = IDLE_MILLISECONDS;
  secure?.on('tlsClientError', (_error, socket) => socket.destroy());
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      done();
    });
  });
  const address = server.address();
  let closing: Promise<void> | undefined;
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    setCertificate: (next) => secure?.setSecureContext({ ...TLS, ...next }),
    close: () => (closing ??= drain(server, DRAIN_MILLISECONDS)),
  };
}
