/** What a collector receives of the gateway's calls, over real sockets. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { STAGES } from '../../src/gateway/stages/index.ts';
import type { Trace } from '../../src/gateway/trace.ts';
import { readTracing } from '../../src/telemetry/tracing/settings.ts';
import { startTracing } from '../../src/telemetry/tracing/tracing.ts';
import type { Tracing } from '../../src/telemetry/tracing/tracing.ts';
import { aCollector } from '../support/collector.ts';
import type { Collector } from '../support/collector.ts';
import type { ReceivedSpan } from '../support/otlp.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { aPlugin, anOperation } from './support/plugins.ts';
import { TOKEN, aWorld, anUpstream, answerJson, call, closers } from './support/world.ts';
import type { Answering, WorldParts } from './support/world.ts';

const { add, closeAll } = closers();
afterEach(closeAll);

function tracingTo(endpoint: string, variables: object = {}): { tracing: Tracing; lines: () => string } {
  const read = readTracing({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=hunter2',
    OTEL_BSP_SCHEDULE_DELAY: '20',
    ...variables,
  });
  if (read.kind !== 'On') throw new Error(JSON.stringify(read));
  const logger = recordingLogger();
  const tracing = add(startTracing(read.settings, { logger, instance: 'gateway-1' }));
  return { tracing, lines: () => JSON.stringify(logger.lines) };
}

interface Parts extends Partial<WorldParts> {
  readonly answer?: Answering;
  readonly operation?: object;
  readonly upstream?: object;
  readonly variables?: object;
}

/** An upstream, a gateway whose calls are traced, and where the traces go. */
async function scene({ answer = answerJson({}), operation = {}, ...parts }: Parts = {}) {
  const collector = add(await aCollector());
  const upstream = add(await anUpstream(answer));
  const plugin = aPlugin({
    url: `${upstream.url}/secret-base`,
    operations: [anOperation(operation)],
    ...(parts.upstream ? { upstream: parts.upstream } : {}),
  });
  const { tracing, lines } = tracingTo(collector.endpoint, parts.variables);
  const world = add(await aWorld({ plugins: [plugin], ...parts, server: { trace: tracing } }));
  return { collector, upstream, world, tracing, lines };
}

/** What arrived once everything was sent: the span of the call, and those of its stages in order. */
async function received({ collector, tracing }: { collector: Collector; tracing: Tracing }) {
  await tracing.close();
  const spans = collector.spans();
  const [root, ...more] = spans.filter(({ parentSpanId }) => parentSpanId === '');
  if (!root || more.length > 0) throw new Error(`${more.length + (root ? 1 : 0)} calls arrived, not one`);
  const stages = spans
    .filter((span) => span !== root)
    .toSorted((one, other) => Number(one.start - other.start));
  return { root, stages };
}

const outcomes = (stages: readonly ReceivedSpan[]): readonly (readonly unknown[])[] =>
  stages.map(({ attributes }) => [attributes['sekisho.stage'], attributes['sekisho.outcome']]);

describe('a call that was made', () => {
  test('is one trace: the call, and below it each stage in its order', async () => {
    const set = await scene();
    expect(await call(set.world, { days: 7 })).toMatchObject({ status: 200 });
    const { root, stages } = await received(set);
    expect(root).toMatchObject({
      name: 'sekisho.gateway.call',
      kind: 'Server',
      status: 'Unset',
      attributes: {
        'sekisho.way': 'HTTP',
        'sekisho.plugin': 'calendar',
        'sekisho.operation': 'read_events',
        'sekisho.outcome': 'Done',
        'sekisho.request.namespace': 'team-a',
        'sekisho.request.name': 'weekly',
        'sekisho.request.uid': 'request-uid',
      },
    });
    expect(Object.keys(root.attributes)).toHaveLength(7);
    expect(outcomes(stages)).toEqual(STAGES.map(({ name }) => [name, 'Go']));
    for (const { traceId, parentSpanId, start, end } of stages) {
      expect({ traceId, parentSpanId }).toEqual({ traceId: root.traceId, parentSpanId: root.spanId });
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(root.end);
    }
  });

  test('names the host of the upstream and its status, and nothing else of its URL', async () => {
    const set = await scene();
    await call(set.world, {});
    const { stages } = await received(set);
    expect(stages.filter(({ kind }) => kind === 'Client')).toMatchObject([
      {
        name: 'sekisho.gateway.stage.call',
        attributes: {
          'server.address': '127.0.0.1',
          'server.port': set.upstream.port,
          'http.response.status_code': 200,
        },
      },
    ]);
    expect(stages.filter(({ kind }) => kind !== 'Client').every(({ kind }) => kind === 'Internal')).toBe(
      true,
    );
  });

  test('comes from a process that has a name', async () => {
    const set = await scene({ variables: { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' } });
    await call(set.world, {});
    expect((await received(set)).root.resource).toMatchObject({
      'service.name': 'sekisho-gateway',
      'service.instance.id': 'gateway-1',
      'deployment.environment.name': 'test',
    });
  });

  test('is sent with the headers of the collector, and packed where that is wanted', async () => {
    const set = await scene({ variables: { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' } });
    await call(set.world, {});
    await received(set);
    expect(set.collector.exports[0]).toMatchObject({
      url: '/v1/traces',
      headers: {
        'api-key': 'hunter2',
        'content-type': 'application/x-protobuf',
        'content-encoding': 'gzip',
      },
    });
  });

  test('through MCP says so', async () => {
    const set = await scene();
    const response = await fetch(`${set.world.url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${TOKEN}`,
      },
      body: JSON.stringify({
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name: 'calendar.read_events', arguments: {} },
      }),
    });
    expect(response.status).toBe(200);
    await response.text();
    expect((await received(set)).root.attributes).toMatchObject({
      'sekisho.way': 'MCP',
      'sekisho.outcome': 'Done',
    });
  });
});

describe('a call that was not made', () => {
  test('ends at the stage that refused it, with its code', async () => {
    const set = await scene();
    expect(await call(set.world, { days: 'seven' })).toMatchObject({ code: 'InputInvalid' });
    const { root, stages } = await received(set);
    expect(outcomes(stages)).toEqual([
      ['authenticate', 'Go'],
      ['target', 'Go'],
      ['grant', 'Go'],
      ['pace', 'Go'],
      ['arguments', 'Go'],
      ['schema-in', 'InputInvalid'],
    ]);
    for (const span of [root, stages.at(-1)])
      expect(span).toMatchObject({
        ...{ status: 'Error', statusMessage: 'InputInvalid' },
        attributes: { 'error.type': 'InputInvalid', 'sekisho.outcome': 'InputInvalid' },
      });
    expect(stages.slice(0, -1).every(({ status }) => status === 'Unset')).toBe(true);
  });

  test('for want of a grant names nothing that the caller made up', async () => {
    const set = await scene();
    expect(await call(set.world, {}, { plugin: 'made-up', operation: 'of_my_own' })).toMatchObject({
      code: 'NotGranted',
    });
    const { root } = await received(set);
    expect(root.attributes).toEqual({
      'sekisho.way': 'HTTP',
      'sekisho.outcome': 'NotGranted',
      'error.type': 'NotGranted',
      'sekisho.request.namespace': 'team-a',
      'sekisho.request.name': 'weekly',
      'sekisho.request.uid': 'request-uid',
    });
    expect(everythingSent(set.collector)).not.toMatch(/made-up|of_my_own/);
  });

  test('by somebody unknown names no request', async () => {
    const set = await scene();
    expect(await call(set.world, {}, { token: 'stolen-token' })).toMatchObject({ code: 'Unauthenticated' });
    expect((await received(set)).root.attributes).toEqual({
      'sekisho.way': 'HTTP',
      'sekisho.outcome': 'Unauthenticated',
      'error.type': 'Unauthenticated',
    });
  });

  test('because a person is asked is no error', async () => {
    const set = await scene({ operation: { risk: 'Critical' } });
    expect(await call(set.world, {})).toMatchObject({ status: 202 });
    const { root, stages } = await received(set);
    expect(root).toMatchObject({ status: 'Unset', attributes: { 'sekisho.outcome': 'Waiting' } });
    expect(outcomes(stages).at(-1)).toEqual(['approval', 'Waiting']);
  });

  test('because the upstream failed says with what status', async () => {
    const set = await scene({ answer: answerJson({ oops: 'inner-words' }, 503) });
    expect(await call(set.world, {})).toMatchObject({ code: 'UpstreamFailed' });
    const { stages } = await received(set);
    expect(stages.at(-1)).toMatchObject({
      ...{ kind: 'Client', status: 'Error' },
      attributes: { 'http.response.status_code': 503, 'error.type': 'UpstreamFailed' },
    });
  });

  test('because a stage could not tell says so', async () => {
    const set = await scene({
      ports: { authenticate: () => Promise.reject(new Error('inner-words')) },
    });
    expect(await call(set.world, {})).toMatchObject({ code: 'Unavailable' });
    const { stages } = await received(set);
    expect(outcomes(stages)).toEqual([['authenticate', 'Unavailable']]);
    expect(everythingSent(set.collector)).not.toContain('inner-words');
  });
});

/** All bytes of all bodies; texts stand in them as they are. */
const everythingSent = ({ exports }: Collector): string =>
  Buffer.concat(exports.map(({ body }) => body)).toString('latin1');

describe('what stays inside', () => {
  test('arguments, answers, tokens and credentials are in no byte that is sent', async () => {
    const set = await scene({
      answer: answerJson({ events: ['answer-words'] }),
      credential: 's3cr3t-t0ken-of-upstream',
      upstream: { credential: { secretName: 'calendar' }, allowedCIDRs: ['10.0.0.0/8'] },
    });
    expect(await call(set.world, { note: 'argument-words' })).toMatchObject({ status: 200 });
    await received(set);
    const sent = everythingSent(set.collector);
    expect(sent).toContain('read_events');
    for (const secret of [
      ...['argument-words', 'answer-words', 's3cr3t', TOKEN, 'secret-base', 'note', 'hunter2', 'alice'],
    ])
      expect(sent).not.toContain(secret);
  });

  test('the trace of a caller is not continued, and upstreams hear of none', async () => {
    const set = await scene();
    const traceId = 'a'.repeat(32);
    await call(
      set.world,
      {},
      {
        headers: {
          traceparent: `00-${traceId}-${'b'.repeat(16)}-00`,
          tracestate: 'mine=caller-words',
          baggage: 'mine=caller-words',
        },
      },
    );
    const { root } = await received(set);
    expect(root).toMatchObject({ parentSpanId: '' });
    expect(root.traceId).not.toBe(traceId);
    expect(everythingSent(set.collector)).not.toContain('caller-words');
    const names = Object.keys(set.upstream.heard[0]?.headers ?? {});
    expect(names).toContain('user-agent');
    expect(names.filter((name) => /trace|baggage|b3|jaeger/i.test(name))).toEqual([]);
  });
});

test('where a part of the calls is wanted, whole calls are left out', async () => {
  const variables = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' };
  const set = await scene({ variables, operation: { callsPerMinute: 6000, maxCalls: 1000 } });
  for (let nth = 0; nth < 60; nth += 1) await call(set.world, {});
  await set.tracing.close();
  const traces = Map.groupBy(set.collector.spans(), ({ traceId }) => traceId);
  expect(traces.size).toBeGreaterThan(5);
  expect(traces.size).toBeLessThan(55);
  for (const spans of traces.values()) expect(spans).toHaveLength(STAGES.length + 1);
});

describe('a collector that takes nothing', () => {
  const FREE = { callsPerMinute: 6000, maxCalls: 1000 };

  async function calledAgainst(collector: { readonly endpoint: string }, variables: object = {}) {
    const upstream = add(await anUpstream(answerJson({})));
    const plugin = aPlugin({ url: upstream.url, operations: [anOperation(FREE)] });
    const { tracing, lines } = tracingTo(collector.endpoint, variables);
    const world = add(await aWorld({ plugins: [plugin], server: { trace: tracing } }));
    const times: number[] = [];
    for (let nth = 0; nth < 100; nth += 1) {
      const begun = performance.now();
      expect(await call(world, {})).toMatchObject({ status: 200 });
      times.push(performance.now() - begun);
    }
    const closing = performance.now();
    await tracing.close();
    return { lines, slowest: Math.max(...times), closed: performance.now() - closing };
  }

  test('because nobody listens: calls go on, and it is told once, without a secret', async () => {
    const gone = await aCollector();
    await gone.close();
    // Less than the pause before a second try: each batch fails at once.
    const { lines, closed } = await calledAgainst(gone, { OTEL_EXPORTER_OTLP_TIMEOUT: '300' });
    expect(lines().match(/took no traces/g)).toHaveLength(1);
    expect(lines()).toContain('ECONNREFUSED');
    expect(lines()).not.toContain('hunter2');
    expect(closed).toBeLessThan(3500);
  });

  test('because it never answers: no call waits, what waits is bounded, and so is the end', async () => {
    const silent = add(await aCollector(() => undefined));
    const bounds = { OTEL_BSP_MAX_QUEUE_SIZE: '64', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '64' };
    const { slowest, closed } = await calledAgainst(silent, {
      ...bounds,
      OTEL_EXPORTER_OTLP_TIMEOUT: '4000',
    });
    expect(slowest).toBeLessThan(2000);
    expect(closed).toBeGreaterThan(1900);
    expect(closed).toBeLessThan(3500);
    // One batch under way and one in the queue, of the 1600 spans that there were.
    expect(silent.spans().length).toBeLessThanOrEqual(128);
  });

  test('because it refuses: its words are in no line', async () => {
    const refusing = add(
      await aCollector((response) => response.writeHead(403, 'words-of-status').end('words-of-body')),
    );
    const { lines } = await calledAgainst(refusing);
    expect(lines()).toContain('status 403');
    expect(lines()).not.toContain('words-of');
  });
});

test('whoever follows calls and throws harms none', async () => {
  const upstream = add(await anUpstream(answerJson({})));
  const plugin = aPlugin({ url: upstream.url, operations: [anOperation()] });
  const fail = (): never => {
    throw new Error('cannot follow');
  };
  const followers: readonly Trace[] = [
    { call: fail },
    { call: () => ({ stage: fail, ended: fail }) },
    { call: () => ({ stage: () => ({ answered: fail, ended: fail }), ended: fail }) },
  ];
  for (const trace of followers) {
    const world = add(await aWorld({ plugins: [plugin], server: { trace } }));
    expect(await call(world, {})).toMatchObject({ status: 200 });
    expect(world.ends).toMatchObject([{ code: 'Done' }]);
    expect(world.errors.map(({ message }) => message)).toContain('a call could not be followed; it goes on');
  }
});
