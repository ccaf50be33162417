/** Calls of a program as a collector in the cluster receives them, with the gateway as the chart installs it. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { STAGES } from '../../../src/gateway/stages/index.ts';
import { eventually } from '../../support/eventually.ts';
import { spansIn } from '../../support/otlp.ts';
import type { ReceivedSpan } from '../../support/otlp.ts';
import { SYSTEM } from '../support/installation.ts';
import { kubectl, must } from '../support/kubectl.ts';
import { release } from '../support/release.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';
import { startScript } from './support/script-service.ts';
import { getting, newWorld } from './support/world.ts';
import type { Driver, World } from './support/world.ts';

jest.setTimeout(300_000);

const SECRET = 'test-traces';
const KEY = 'key-of-the-collector';
const ARGUMENT = 'words-of-the-program';

interface Export {
  readonly url: string;
  readonly apiKey: string;
  /** Base64. */
  readonly body: string;
}

let tenant: Tenant;
let world: World;
let driver: Driver;
beforeAll(async () => {
  tenant = await newTenant('traced', 'Audit');
  const query = {
    http: { method: 'GET', path: '/behave/well', query: ['tag'] },
    input: { type: 'object', properties: { tag: { type: 'string' } } },
  };
  world = await newWorld(tenant, {
    operations: [getting('well', '/behave/well', query), getting('unlisted', '/behave/well', query)],
    unlisted: ['unlisted'],
  });
  const address = await startScript(tenant.namespace, {
    name: 'collector',
    ready: { path: '/test/exports', port: 4318 },
    port: { port: 4318, targetPort: 4318 },
  });
  await must(['create', '-f', '-'], {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: SECRET, namespace: SYSTEM } },
    stringData: { headers: `api-key=${KEY}` },
  });
  await release(
    `gateway.tracing.endpoint=http://${address}:4318`,
    `gateway.tracing.headersSecretName=${SECRET}`,
    'gateway.tracing.env.OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=test',
  );
  driver = await world.newDriver();
});
afterAll(async () => {
  try {
    await release();
  } finally {
    await kubectl(['-n', SYSTEM, 'delete', 'secret', SECRET, '--ignore-not-found']);
    await world.end();
  }
});

const exports = async (): Promise<readonly Export[]> => {
  const proxy = `/api/v1/namespaces/${tenant.namespace}/pods/collector:4318/proxy/test/exports`;
  return JSON.parse(await must(['get', '--raw', proxy])) as readonly Export[];
};
const bytesOf = ({ body }: Export): Buffer => Buffer.from(body, 'base64');

/** The one trace of a call whose span has these attributes, whole. */
const traceOf = (attributes: Readonly<Record<string, string>>): Promise<readonly ReceivedSpan[]> =>
  eventually(
    async () => {
      const spans = (await exports()).flatMap((one) => spansIn(bytesOf(one)));
      const root = spans.find(
        (span) =>
          span.parentSpanId === '' &&
          Object.entries(attributes).every(([name, value]) => span.attributes[name] === value),
      );
      return root && spans.filter(({ traceId }) => traceId === root.traceId);
    },
    { what: `a trace with ${JSON.stringify(attributes)} arrives`, timeoutMilliseconds: 30_000 },
  );

test('a call that was made arrives with the stages that it went through', async () => {
  expect(await driver.call('probe', 'well', { tag: ARGUMENT })).toEqual({ output: { text: 'hello' } });
  const { metadata } = await tenant.get(driver.request);
  const spans = await traceOf({
    'sekisho.outcome': 'Done',
    'sekisho.plugin': 'probe',
    'sekisho.operation': 'well',
    'sekisho.request.namespace': tenant.namespace,
    'sekisho.request.name': driver.request,
    'sekisho.request.uid': metadata.uid,
  });
  const root = spans.find(({ parentSpanId }) => parentSpanId === '');
  expect(root).toMatchObject({
    ...{ name: 'sekisho.gateway.call', kind: 'Server', status: 'Unset' },
    resource: { 'service.name': 'sekisho-gateway', 'deployment.environment.name': 'test' },
  });
  expect(String(root?.resource['service.instance.id'])).toMatch(/^sekisho-gateway-/);
  const stages = spans.filter((span) => span !== root);
  expect(stages).toHaveLength(STAGES.length);
  expect(stages.every(({ parentSpanId }) => parentSpanId === root?.spanId)).toBe(true);
  expect(stages.find(({ kind }) => kind === 'Client')?.attributes).toEqual({
    'sekisho.stage': 'call',
    'sekisho.outcome': 'Go',
    'server.address': new URL(world.upstream.url).hostname,
    'server.port': 8080,
    'http.response.status_code': 200,
  });
});

test('a call that was refused arrives with its code, and without the names that were not granted', async () => {
  expect(await driver.call('probe', 'unlisted', { tag: ARGUMENT })).toMatchObject({ code: 'NotGranted' });
  const spans = await traceOf({
    'sekisho.outcome': 'NotGranted',
    'sekisho.request.name': driver.request,
  });
  expect(spans.map(({ name, status }) => `${name} ${status}`).toSorted()).toEqual([
    'sekisho.gateway.call Error',
    'sekisho.gateway.stage.authenticate Unset',
    'sekisho.gateway.stage.grant Error',
    'sekisho.gateway.stage.target Unset',
  ]);
  for (const { attributes } of spans) {
    expect(attributes).not.toHaveProperty('sekisho.plugin');
    expect(attributes).not.toHaveProperty('sekisho.operation');
  }
});

test('nothing of what programs and upstreams say is among it, and the collector is shown its key', async () => {
  const all = await exports();
  expect(new Set(all.map(({ url, apiKey }) => `${url} ${apiKey}`))).toEqual(new Set([`/v1/traces ${KEY}`]));
  const bytes = Buffer.concat(all.map(bytesOf)).toString('latin1');
  expect(bytes).toContain(tenant.namespace);
  for (const words of [ARGUMENT, 'hello', 'unlisted', '/behave', KEY, 'eyJ'])
    expect(bytes).not.toContain(words);
});

test('the gateway does not log its key', async () => {
  const logs = await must([
    ...['-n', SYSTEM, 'logs', '--selector', 'app.kubernetes.io/component=gateway', '--tail=-1'],
  ]);
  expect(logs).toContain('calls are traced');
  expect(logs).not.toContain(KEY);
});

test('the chart takes no endpoint that is no URL', async () => {
  await expect(release('gateway.tracing.endpoint=collector:4318')).rejects.toThrow(
    "'/gateway/tracing/endpoint': 'collector:4318' does not match pattern",
  );
});
