import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import { eventually } from '../../../support/eventually.ts';
import { podsOfRequest } from '../../support/installation.ts';
import { kubectl, must, read } from '../../support/kubectl.ts';
import { clusterBinding, rightOn } from '../../support/role-rights.ts';
import type { Tenant } from '../../support/tenant.ts';
import { startScript } from './script-service.ts';

const textOf = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');

/** What came back on the socket: the status, and the code of a refusal. */
export interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
}

/** A server that counts, in a pod of a tenant's namespace. */
export interface Upstream {
  /** http://address:port, as plugins name it. */
  readonly url: string;
  /** The one address, as a range. */
  readonly range: string;
  readonly counts: () => Promise<Readonly<Record<string, number>>>;
  readonly ask: <T>(path: string, body?: object) => Promise<T>;
}

/** Starts an upstream in the namespace of a tenant; it ends with that. */
export async function newUpstream({ namespace }: Tenant): Promise<Upstream> {
  const address = await startScript(namespace, {
    name: 'upstream',
    ready: { path: '/test/counts', port: 8080 },
    port: { port: 8080, targetPort: 8080 },
  });
  const proxy = `/api/v1/namespaces/${namespace}/pods/upstream:8080/proxy`;
  const ask = async <T>(path: string, body?: object): Promise<T> =>
    JSON.parse(
      body === undefined
        ? await must(['get', '--raw', `${proxy}${path}`])
        : await must(['create', '--raw', `${proxy}${path}`, '-f', '-'], body),
    ) as T;
  return {
    url: `http://${address}:8080`,
    range: `${address}/32`,
    counts: () => ask<Record<string, number>>('/test/counts'),
    ask,
  };
}

const ANYTHING = { type: 'object', additionalProperties: true } as const;
const FREE = { secrets: 'Allow', personalData: 'Allow', injection: 'Allow' } as const;

/** An operation that only reads: GET of a path of the upstream. */
export const getting = (name: string, path: string, given: object = {}): object => ({
  name,
  action: 'read_calendar',
  http: { method: 'GET', path },
  input: { type: 'object', properties: {} },
  output: {
    type: 'object',
    properties: { text: { type: 'string' } },
    required: ['text'],
    additionalProperties: false,
  },
  timeoutSeconds: 2,
  maxResponseBytes: 4096,
  ...given,
});

/** What the driver itself needs. */
const steering: readonly object[] = [
  {
    ...getting('next', '/next', {
      http: { method: 'GET', path: '/next', query: ['driver'] },
      input: { type: 'object', properties: { driver: { type: 'string' } } },
      output: ANYTHING,
      timeoutSeconds: 10,
      maxResponseBytes: 1_000_000,
    }),
    ...{ outputContent: FREE, callsPerMinute: 6000, maxCalls: 100_000 },
  },
  {
    name: 'report',
    action: 'read_calendar',
    http: { method: 'POST', path: '/report' },
    input: { type: 'object', properties: { id: { type: 'string' }, answer: { type: 'string' } } },
    output: ANYTHING,
    ...{
      inputContent: FREE,
      outputContent: FREE,
      callsPerMinute: 6000,
      maxCalls: 100_000,
      maxRequestBytes: 1_000_000,
    },
  },
];

const apiVersion = 'sekisho.dev/v1alpha1';

/** A plugin, as somebody who may write them would. */
export const pluginObject = (name: string, upstream: object, operations: readonly object[]): object => ({
  apiVersion,
  kind: 'Plugin',
  metadata: { name },
  spec: { upstream, operations },
});

/** The names of a driver's own plugin and role; the plugin's is known to its program. */
const DRIVER = 'probe';

export interface WorldOptions {
  /** Operations of plugin `probe` beside those that the driver needs. */
  readonly operations: readonly object[];
  /** Those of them that the role does not list. */
  readonly unlisted?: readonly string[];
  /** Further plugins, and what the role lists of them. */
  readonly plugins?: readonly {
    readonly name: string;
    readonly upstream: object;
    readonly operations: readonly object[];
  }[];
  readonly actions?: readonly string[];
  readonly role?: object;
  /** Images in place of those of the default class, by language. */
  readonly images?: Readonly<Record<string, string>>;
}

/** A program in a sandbox that does what the test says. */
export interface Driver {
  readonly request: string;
  readonly pod: () => Promise<V1Pod>;
  /** Sends text to the gateway; {token} becomes its own token, {host} the gateway's address. Several parts go one after another. */
  readonly send: (
    parts: string | readonly string[],
    to?: { readonly host?: string; readonly port?: number; readonly timeout?: number },
  ) => Promise<Answer>;
  /** Calls an operation by the client module. */
  readonly call: (
    plugin: string,
    operation: string,
    given?: object,
  ) => Promise<{ readonly output?: unknown; readonly code?: string; readonly detail?: string }>;
  /** Lets the program end. */
  readonly end: () => Promise<void>;
}

/** Upstream, plugins, role and class of one suite of tests; `probe` is cluster-scoped, so suites run one after another. */
export interface World {
  readonly upstream: Upstream;
  readonly newDriver: (spec?: object) => Promise<Driver>;
  readonly end: () => Promise<void>;
}

/** An HTTP answer as bytes came back → what a test asks of it. */
function answerOf(base64: string): Answer {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  const [, status = '0'] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
  const [, code] = /"code":"(\w+)"/.exec(text) ?? [];
  return { status: Number(status), code, text };
}

interface DriverNames {
  readonly request: string;
  /** By which its program asks for commands. */
  readonly key: string;
}

function driverOver(tenant: Tenant, upstream: Upstream, { request, key }: DriverNames): Driver {
  let sent = 0;
  const ask = async (command: object, milliseconds: number): Promise<string> => {
    const id = `${request}-${(sent += 1)}`;
    await upstream.ask('/test/enqueue', { driver: key, command: { id, ...command } });
    return eventually(
      async () => (await upstream.ask<Record<string, string>>('/test/answers'))[id] ?? false,
      {
        what: `the program of ${request} answers command ${sent}`,
        timeoutMilliseconds: milliseconds,
        intervalMilliseconds: 100,
      },
    );
  };
  return {
    request,
    pod: async () => {
      const { uid } = (await tenant.get(request)).metadata;
      const [pod] = await podsOfRequest(uid);
      if (!pod) throw new Error(`request ${request} has no pod`);
      return pod;
    },
    send: async (parts, to = {}) => {
      const encoded = [parts].flat().map((part) => Buffer.from(part, 'utf8').toString('base64'));
      return answerOf(await ask({ kind: 'bytes', parts: encoded, ...to }, 20_000));
    },
    call: async (plugin, operation, given = {}) =>
      JSON.parse(await ask({ kind: 'call', plugin, operation, arguments: given }, 20_000)) as object,
    end: async () => {
      await upstream.ask('/test/enqueue', { driver: key, command: { kind: 'end' } });
    },
  };
}

/** Waits until a program runs; one that never will is told at once. */
async function running(tenant: Tenant, request: string): Promise<void> {
  await eventually(
    async () => {
      const { state, verdict } = (await tenant.get(request)).status;
      if (state === 'Denied' || state === 'Failed')
        throw new Error(JSON.stringify(verdict?.reasons ?? state));
      return state === 'Running';
    },
    { what: `the driver ${request} runs`, timeoutMilliseconds: 60_000, intervalMilliseconds: 200 },
  );
}

const roleObject = (
  name: string,
  { operations, unlisted = [], plugins = [], actions = ['read_calendar'], role = {} }: WorldOptions,
) => {
  const named = (list: readonly object[]) =>
    list.map((one) => (one as { readonly name: string }).name).filter((one) => !unlisted.includes(one));
  return {
    apiVersion,
    kind: 'ExecutionRole',
    metadata: { name },
    spec: {
      // The driver names operations at run time, which nobody can read out of it.
      allowedActions: [...actions, 'unknown_operation'],
      sandboxClassNames: [name],
      plugins: [
        { name: DRIVER, operations: named([...steering, ...operations]) },
        ...plugins.map((plugin) => ({ name: plugin.name, operations: named(plugin.operations) })),
      ],
      ...role,
    },
  };
};

/** A class like the default one, with time for a test. */
const classObject = async (name: string, images: WorldOptions['images'] = {}): Promise<object> => {
  const { spec } = await read<{ readonly spec: { readonly images: object } }>([
    'get',
    'sandboxclass',
    'default',
  ]);
  const limits = { cpu: '500m', memory: '256Mi', scratch: '16Mi', pids: 64 };
  return {
    apiVersion,
    kind: 'SandboxClass',
    metadata: { name },
    spec: {
      ...spec,
      ...{ limits, requests: { cpu: '20m', memory: '64Mi' }, deadlineSeconds: 900 },
      images: { ...spec.images, ...images },
    },
  };
};

/** Makes all that a suite needs. The tenant must be one of mode Audit: the driver uses sockets. */
export async function newWorld(tenant: Tenant, options: WorldOptions): Promise<World> {
  const name = tenant.namespace;
  const upstream = await newUpstream(tenant);
  const address = { url: upstream.url, allowedCIDRs: [upstream.range] };
  const { operations, plugins = [], actions = ['read_calendar'] } = options;
  const objects = [
    await classObject(name, options.images),
    pluginObject(DRIVER, address, [...steering, ...operations]),
    ...plugins.map((plugin) =>
      pluginObject(plugin.name, { ...address, ...plugin.upstream }, plugin.operations),
    ),
    roleObject(name, options),
    rightOn(name, 'use', `use-${name}`),
    clusterBinding(`use-${name}`, `use-${name}`, [tenant.user]),
  ];
  await kubectl([
    'delete',
    'plugins.sekisho.dev',
    DRIVER,
    ...plugins.map((plugin) => plugin.name),
    '--ignore-not-found',
  ]);
  await must(['create', '-f', '-'], { apiVersion: 'v1', kind: 'List', items: objects });
  let drivers = 0;
  return {
    upstream,
    async newDriver(spec = {}) {
      const key = `driver-${(drivers += 1)}`;
      const { metadata } = await tenant.create({
        ...{ code: textOf('driver.py'), role: name, sandboxClassName: name, actions: [...actions] },
        plugins: [DRIVER, ...plugins.map((plugin) => plugin.name)],
        args: [key],
        ...spec,
      });
      await running(tenant, metadata.name);
      return driverOver(tenant, upstream, { request: metadata.name, key });
    },
    async end() {
      await tenant.end();
      await kubectl([
        'delete',
        'plugins.sekisho.dev',
        DRIVER,
        ...plugins.map((plugin) => plugin.name),
        '--ignore-not-found',
      ]);
      for (const kind of ['executionrole', 'sandboxclass'])
        await kubectl(['delete', kind, name, '--ignore-not-found']);
      for (const kind of ['clusterrolebinding', 'clusterrole'])
        await kubectl(['delete', kind, `use-${name}`, '--ignore-not-found']);
    },
  };
}

/** A plain call of an operation, as bytes. */
export const postOf = (path: string, body: string, headers: readonly string[] = []): string =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: {host}',
    'Authorization: Bearer {token}',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...headers,
    '',
    body,
  ].join('\r\n');
