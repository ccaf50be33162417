import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ServingCertificate } from '../serving/certificate-files.ts';
import { drain } from '../serving/drain.ts';
import type { AdmissionReview } from './admission.ts';
import type { Admission } from './admit-request.ts';
import { errored, isJson, MAX_BODY_BYTES, readReview } from './review.ts';

export interface WebhookServerOptions {
  readonly port: number;
  readonly host?: string;
  /** Without one, no handshake succeeds until `setCertificate`. */
  readonly certificate?: ServingCertificate;
  /** What answers a POST, by path. */
  readonly routes: Readonly<Record<string, Admission>>;
  readonly logger: { readonly error: (fields: object, message: string) => void };
  /** How long a closing server still takes new calls: until every API server knows that it is going. */
  readonly lingerMilliseconds?: number;
  /** How long a closing server waits for calls that it has taken. */
  readonly drainMilliseconds?: number;
}

export interface WebhookServer {
  readonly port: number;
  /** Serves another certificate from the next connection on. Throws on one that does not fit its key. */
  readonly setCertificate: (certificate: ServingCertificate) => void;
  readonly close: () => Promise<void>;
}

const TLS = {
  minVersion: 'TLSv1.2',
  ciphers:
    'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384',
} as const;

const LIMITS = {
  handshakeTimeout: 5000,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16_384,
  // The API server gives up idle connections after 90 s. It must be the one to close: a POST on a connection
  // that we close at the same moment is not tried again, and the user's create fails.
  keepAliveTimeout: 120_000,
} as const;
const MAX_CONNECTIONS = 512;

/** The body of a call, or undefined as soon as it is larger than it may be. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // destroyOnReturn would take the socket along, and with it the answer.
  const parts = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of parts) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

interface Reply {
  readonly code: number;
  readonly review: AdmissionReview;
  readonly headers?: Readonly<Record<string, string>>;
}

const failure = (code: number, message: string, headers = {}): Reply => ({
  code,
  review: errored('', code, message),
  headers,
});

async function replyTo(request: IncomingMessage, options: WebhookServerOptions): Promise<Reply> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const admission = Object.hasOwn(options.routes, path) ? options.routes[path] : undefined;
  if (!admission) return failure(404, 'There is nothing at this path.');
  if (request.method !== 'POST') return failure(405, 'Only POST is answered here.', { allow: 'POST' });
  const contentType = request.headers['content-type'];
  if (!isJson(contentType)) return failure(415, 'The content type must be application/json.');
  const body = await bodyOf(request);
  if (!body) return failure(413, `The body has more than ${MAX_BODY_BYTES} bytes.`);
  const decoded = readReview(contentType, body);
  if (!decoded.ok) return { code: decoded.code, review: decoded.review };
  try {
    return { code: 200, review: await admission(decoded.request) };
  } catch (error) {
    const { uid } = decoded.request;
    options.logger.error({ uid, err: error }, 'an admission could not be answered');
    return {
      code: 200,
      review: errored(uid, 500, 'Sekisho could not answer. Try again; its log says more.', 1),
    };
  }
}

function send(response: ServerResponse, reply: Reply, goOn: boolean): void {
  if (response.destroyed) return;
  const body = Buffer.from(JSON.stringify(reply.review), 'utf8');
  response.writeHead(reply.code, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(goOn ? {} : { connection: 'close' }),
    ...reply.headers,
  });
  response.end(body);
}

const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** Starts to answer AdmissionReviews over TLS. Resolves once the port is open. */
export async function start(options: WebhookServerOptions): Promise<WebhookServer> {
  let closing: Promise<void> | undefined;
  const server = createServer({ ...TLS, ...LIMITS, ...options.certificate });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const answer = async () => {
      const reply = await replyTo(request, options);
      // What was not read to its end cannot be followed by another call on the same connection.
      send(response, reply, request.complete && closing === undefined);
    };
    answer().catch(() => response.destroy()); // the caller went away in the middle of its body
  });
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port, options.host, () => {
      server.off('error', fail);
      done();
    });
  });
  const close = async () => {
    await wait(options.lingerMilliseconds ?? 0);
    await drain(server, options.drainMilliseconds ?? 6000);
  };
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    setCertificate: (certificate) => server.setSecureContext({ ...TLS, ...certificate }),
    close: () => (closing ??= close()),
  };
}
