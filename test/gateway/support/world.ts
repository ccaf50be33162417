import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionRole, Plugin } from '../../../src/api/parse.ts';
import { revisionOf } from '../../../src/core/plugins/grants.ts';
import type { CallEnd } from '../../../src/gateway/watch.ts';
import type {
  Authentication,
  CallApproval,
  CallEvent,
  CallToApprove,
  Caller,
  GatewayPorts,
} from '../../../src/gateway/contract.ts';
import { start } from '../../../src/gateway/server.ts';
import type { GatewayServer, GatewayServerOptions } from '../../../src/gateway/server.ts';
import { judgeAddress } from '../../../src/gateway/upstream/address.ts';
import type { DialPorts } from '../../../src/gateway/upstream/dial.ts';
import { aRoleFor } from './plugins.ts';

/** The token of the pod whose request was granted everything. */
export const TOKEN = 'token-of-the-pod';

export interface World {
  readonly url: string;
  readonly port: number;
  readonly server: GatewayServer;
  readonly events: CallEvent[];
  readonly ends: CallEnd[];
  readonly errors: { readonly fields: object; readonly message: string }[];
  readonly approvals: CallToApprove[];
  /** Upstreams that were left alone after the last call. */
  readonly circuits: { readonly now: number };
  readonly close: () => Promise<void>;
}

export interface WorldParts {
  readonly plugins: readonly Plugin[];
  readonly role?: ExecutionRole;
  readonly caller?: Partial<Caller>;
  readonly ports?: Partial<GatewayPorts>;
  readonly approval?: CallApproval;
  readonly credential?: string;
  readonly dial?: DialPorts;
  readonly server?: Partial<GatewayServerOptions>;
}

/** Upstreams of tests are on this machine: here, and only here, loopback counts as public. */
export const LOOPBACK_TOO: DialPorts = {
  resolve: () => Promise.resolve(['127.0.0.1']),
  judge: (address, allowed) => (address === '127.0.0.1' ? 'Allowed' : judgeAddress(address, allowed)),
};

const grantsFor = (plugins: readonly Plugin[]): Caller['grants'] =>
  plugins.map((plugin) => ({
    name: plugin.metadata.name,
    uid: plugin.metadata.uid,
    revision: revisionOf(plugin),
    operations: plugin.spec.operations.map(({ name }) => name),
  }));

export const aCaller = (plugins: readonly Plugin[], given: Partial<Caller> = {}): Caller => ({
  request: { namespace: 'team-a', name: 'weekly', uid: 'request-uid' },
  podUid: 'pod-uid',
  requester: 'alice',
  role: aRoleFor(plugins),
  grants: grantsFor(plugins),
  until: Date.now() + 600_000,
  ...given,
});

/** A gateway on a port of its own, with ports that answer from memory. */
export async function aWorld(parts: WorldParts): Promise<World> {
  const events: CallEvent[] = [];
  const ends: CallEnd[] = [];
  const errors: { readonly fields: object; readonly message: string }[] = [];
  const approvals: CallToApprove[] = [];
  const circuits = { now: 0 };
  const caller = aCaller(parts.plugins, { ...(parts.role ? { role: parts.role } : {}), ...parts.caller });
  const authenticate = (token: string): Promise<Authentication> =>
    Promise.resolve(
      token === TOKEN ? { kind: 'Caller', caller } : { kind: 'Refused', code: 'Unauthenticated' },
    );
  const ports: GatewayPorts = {
    authenticate,
    plugin: (name) => parts.plugins.find(({ metadata }) => metadata.name === name),
    credential: () => Promise.resolve(parts.credential),
    approval: (asked) => {
      approvals.push(asked);
      return Promise.resolve(parts.approval ?? 'Waiting');
    },
    record: (event) => void events.push(event),
    now: Date.now,
    ...parts.ports,
  };
  const server = await start({
    port: 0,
    host: '127.0.0.1',
    ports,
    watch: {
      logger: { error: (fields, message) => void errors.push({ fields, message }) },
      ended: (end) => void ends.push(end),
      openCircuits: (upstreams) => void (circuits.now = upstreams),
    },
    dial: parts.dial ?? LOOPBACK_TOO,
    drainMilliseconds: 500,
    ...parts.server,
  });
  const url = `http://127.0.0.1:${server.port}`;
  return { url, port: server.port, server, events, ends, errors, approvals, circuits, close: server.close };
}

export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface TestUpstream {
  readonly url: string;
  readonly port: number;
  /** Every request that arrived, in order. */
  readonly heard: Heard[];
  readonly server: Server;
  readonly close: () => Promise<void>;
}

export type Answering = (heard: Heard, response: ServerResponse, request: IncomingMessage) => void;

export const answerJson =
  (value: unknown, status = 200): Answering =>
  (_heard, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** A real server on loopback that writes down what it hears. */
export async function anUpstream(answer: Answering): Promise<TestUpstream> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const handle = async (): Promise<void> => {
      const body = await bodyOf(request);
      const { method = '', url = '', headers } = request;
      heard.push({ method, url, headers, body });
      answer({ method, url, headers, body }, response, request);
    };
    handle().catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    heard,
    server,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** The code of a refusal. */
  readonly code: string | undefined;
}

export interface CallParts {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly raw?: string;
  readonly plugin?: string;
  readonly operation?: string;
}

const codeIn = (body: unknown): string | undefined => {
  const code: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
};

export async function got(response: Response): Promise<Got> {
  const text = await response.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, body, code: codeIn(body) };
}

/** A call as a sandbox makes it. */
export async function call(world: World, args: unknown, parts: CallParts = {}): Promise<Got> {
  const { token = TOKEN, headers, raw, plugin = 'calendar', operation = 'read_events' } = parts;
  return got(
    await fetch(`${world.url}/v1/plugins/${plugin}/operations/${operation}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: raw ?? JSON.stringify(args),
    }),
  );
}

/** Closes everything that a test opened, in turn. */
export function closers(): {
  readonly add: <T extends { close: () => Promise<void> }>(one: T) => T;
  readonly closeAll: () => Promise<void>;
} {
  const open: { close: () => Promise<void> }[] = [];
  return {
    add: (one) => {
      open.push(one);
      return one;
    },
    closeAll: async () => {
      for (const one of open.splice(0).toReversed()) await one.close();
    },
  };
}
