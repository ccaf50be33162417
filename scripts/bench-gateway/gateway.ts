/**
 * The gateway's server as the product starts it, with three differences, all given here and none of them a setting of the product: its
 * ports answer from memory (no Kubernetes), loopback counts as a public address (the upstreams are on this machine), and one address may
 * have many connections (all callers are).
 */
import { parsePlugin, parseRole } from '../../src/api/parse.ts';
import type { Parsed, Plugin } from '../../src/api/parse.ts';
import { revisionOf } from '../../src/core/plugins/grants.ts';
import type { Caller } from '../../src/gateway/contract.ts';
import { start } from '../../src/gateway/server.ts';
import { judgeAddress } from '../../src/gateway/upstream/address.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { readTracing } from '../../src/telemetry/tracing/settings.ts';
import type { Tracing } from '../../src/telemetry/tracing/tracing.ts';
import { report } from './reporting.ts';

function must<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.value;
}

const event = {
  type: 'object',
  required: ['id', 'title', 'start', 'end'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    title: { type: 'string', maxLength: 200 },
    start: { type: 'string', format: 'date-time' },
    end: { type: 'string', format: 'date-time' },
    location: { type: 'string', maxLength: 200 },
    attendees: { type: 'array', maxItems: 50, items: { type: 'string', maxLength: 100 } },
  },
};

const pluginAt = (name: string, port: number): Plugin =>
  must(
    parsePlugin({
      metadata: { name, uid: `uid-of-${name}`, generation: 1, creationTimestamp: '2026-11-23T11:59:00Z' },
      spec: {
        upstream: { url: `http://127.0.0.1:${port}` },
        operations: [
          {
            name: 'read_events',
            action: 'read_calendar',
            http: { method: 'POST', path: '/events' },
            input: {
              type: 'object',
              required: ['from', 'days'],
              properties: {
                from: { type: 'string', format: 'date' },
                days: { type: 'integer', minimum: 1, maximum: 31 },
                text: { type: 'string', maxLength: 200, pattern: '^[^<>]*$' },
              },
            },
            output: {
              type: 'object',
              required: ['events'],
              properties: { events: { type: 'array', items: event } },
            },
            inputContent: { personalData: 'Refuse' },
            outputContent: { personalData: 'Redact' },
            callsPerMinute: 6000,
            maxCalls: 100_000,
          },
        ],
      },
    }),
  );

const [fast = 0, ...slow] = process.argv.slice(2).map(Number);
const plugins: ReadonlyMap<string, Plugin> = new Map([
  ['calendar', pluginAt('calendar', fast)],
  ...slow.map((port, n) => [`slow-${n}`, pluginAt(`slow-${n}`, port)] as const),
]);
const role = must(
  parseRole({
    metadata: { name: 'user', uid: 'role', generation: 1, creationTimestamp: '2026-11-23T11:59:00Z' },
    spec: {
      allowedActions: ['read_calendar'],
      plugins: [...plugins.keys()].slice(0, 16).map((name) => ({ name, operations: ['read_events'] })),
    },
  }),
);
const roleOf = (name: string): Caller['role'] => ({
  ...role,
  spec: { ...role.spec, plugins: [{ name, operations: ['read_events'] }] },
});

/** A caller for each token PLUGIN.NUMBER: a request of its own, so that none meets its rate. */
function callerOf(token: string): Caller | undefined {
  const name = token.split('.')[0] ?? '';
  const plugin = plugins.get(name);
  if (!plugin) return undefined;
  return {
    request: { namespace: 'bench', name: token, uid: token },
    podUid: token,
    requester: 'bench',
    role: roleOf(name),
    grants: [{ name, uid: plugin.metadata.uid, revision: revisionOf(plugin), operations: ['read_events'] }],
    until: Date.now() + 3_600_000,
  };
}

/** As the product does: traces where the environment names a collector, and nothing of them loaded where it does not. */
async function tracingOver(environment: NodeJS.ProcessEnv): Promise<Tracing | undefined> {
  const read = readTracing(environment);
  if (read.kind === 'Wrong') throw new Error(read.message);
  if (read.kind === 'Off') return undefined;
  const { startTracing } = await import('../../src/telemetry/tracing/tracing.ts');
  return startTracing(read.settings, {
    logger: createLogger({ level: 'warn', name: 'bench' }),
    instance: 'bench',
  });
}

const metrics = createMetrics();
let lines = 0;
const server = await start({
  port: 0,
  host: '127.0.0.1',
  connectionsPerAddress: 1024,
  ports: {
    authenticate: (token) => {
      const caller = callerOf(token);
      return Promise.resolve(
        caller ? { kind: 'Caller', caller } : { kind: 'Refused', code: 'Unauthenticated' },
      );
    },
    plugin: (name) => plugins.get(name),
    credential: () => Promise.resolve(undefined),
    approval: () => Promise.resolve('Denied'),
    record: (line) => void (lines += JSON.stringify(line).length),
    now: Date.now,
  },
  watch: {
    logger: { error: (fields, message) => console.error(message, fields) },
    ended: (end) => metrics.called(end),
    openCircuits: (upstreams) => metrics.openCircuits(upstreams),
  },
  trace: await tracingOver(process.env),
  dial: {
    resolve: (hostname) => Promise.resolve([hostname]),
    judge: (address, allowed) => (address === '127.0.0.1' ? 'Allowed' : judgeAddress(address, allowed)),
  },
});
report([server.port]);
