import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import express from 'express';
import { drain } from '../serving/drain.ts';
import { createGateway } from './gateway.ts';
import type { Gateway, GatewayOptions } from './gateway.ts';
import { Connections, plainAddress } from './http/connections.ts';
import { problemReply, rawReply, send } from './http/replies.ts';
import { BODY_MILLISECONDS, replyTo } from './http/routes.ts';

export interface GatewayServerOptions extends GatewayOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly host?: string;
  /** Connections of one address at most. */
  readonly connectionsPerAddress?: number;
  /** How long the body of a call may take to come. */
  readonly bodyMilliseconds?: number;
  /** How long a closing gateway still takes new calls: until the Service no longer leads to it. */
  readonly lingerMilliseconds?: number;
  /** How long a closing gateway waits for calls that it has taken. */
  readonly drainMilliseconds?: number;
}

export interface GatewayServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

const LIMITS = {
  headersTimeout: 5000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 30_000,
  maxHeaderSize: 12_288,
  insecureHTTPParser: false,
  requireHostHeader: true,
} as const;
const MAX_CONNECTIONS = 2048;
const CONNECTIONS_PER_ADDRESS = 32;
const DRAIN_MILLISECONDS = 25_000;

/** Aborted when the caller hangs up before it has its answer. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** What was not read to its end, or comes while the gateway closes, is the last of its connection. */
const answering =
  (gateway: Gateway, options: GatewayServerOptions, closing: () => boolean) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const { bodyMilliseconds = BODY_MILLISECONDS } = options;
      const reply = await replyTo({ request, gone: goneSignal(response), bodyMilliseconds }, gateway);
      send(response, reply, request.complete && !closing());
    } catch (error) {
      options.watch.logger.error({ err: error }, 'a request could not be answered');
      send(response, problemReply('Unavailable'), false);
    }
  };

/** What node's parser refuses is told in our words, and hung up. */
function refuseUnreadable(error: Error, socket: Duplex, gateway: Gateway): void {
  if (!socket.writable || ('code' in error && error.code === 'ECONNRESET')) {
    socket.destroy();
    return;
  }
  hangUp(socket, gateway, 'The request is not plain HTTP/1.1, or too slow or too large.');
}

/** Answers what never becomes a request here, and lets it be counted. */
function hangUp(socket: Duplex, gateway: Gateway, detail: string): void {
  gateway.unparsed(plainAddress(socket instanceof Socket ? socket.remoteAddress : undefined));
  socket.on('error', () => socket.destroy());
  socket.end(rawReply(problemReply('BadRequest', detail)));
}

function createHttpServer(gateway: Gateway, options: GatewayServerOptions, closing: () => boolean): Server {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(answering(gateway, options, closing));
  const server = createServer({ ...LIMITS }, app);
  // Node would leave out what is beyond a number, unseen; `framingOf` refuses instead, and the size is bounded above.
  server.maxHeadersCount = 0;
  server.maxConnections = MAX_CONNECTIONS;
  const connections = new Connections(options.connectionsPerAddress ?? CONNECTIONS_PER_ADDRESS);
  server.on('connection', (socket) => connections.admit(socket));
  // Left to itself node answers these without us.
  server.on('connect', (_request, socket) => hangUp(socket, gateway, 'There are no tunnels here.'));
  server.on('checkExpectation', app);
  server.on('clientError', (error, socket) => refuseUnreadable(error, socket, gateway));
  return server;
}

const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** Opens the gateway's one port. Resolves once it is open. */
export async function start(options: GatewayServerOptions): Promise<GatewayServer> {
  const gateway = createGateway(options);
  let closing: Promise<void> | undefined;
  const server = createHttpServer(gateway, options, () => closing !== undefined);
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port, options.host, () => {
      server.off('error', fail);
      done();
    });
  });
  const close = async (): Promise<void> => {
    await wait(options.lingerMilliseconds ?? 0);
    await drain(server, options.drainMilliseconds ?? DRAIN_MILLISECONDS);
    await gateway.close();
  };
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () => (closing ??= close()),
  };
}
