import { describe, expect, test } from '@jest/globals';
import { readTracing } from '../../../src/telemetry/tracing/settings.ts';
import type { TracingSettings } from '../../../src/telemetry/tracing/settings.ts';
import type { Environment } from '../../../src/telemetry/tracing/variables.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

function settings(environment: Environment): TracingSettings {
  const read = readTracing(environment);
  if (read.kind !== 'On') throw new Error(JSON.stringify(read));
  return read.settings;
}
const wrong = (environment: Environment): string => {
  const read = readTracing(environment);
  if (read.kind !== 'Wrong') throw new Error(JSON.stringify(read));
  return read.message;
};

describe('traces are off', () => {
  test.each([
    ['where no variable is set', {}],
    ['where the endpoint is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: '  ' }],
    ['where only other variables are set', { OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'nonsense' }],
    ['where OpenTelemetry is disabled', { ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }],
    ['where nobody exports traces', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
  ])('%s', (_title, environment) => {
    expect(readTracing(environment)).toEqual({ kind: 'Off' });
  });
});

describe('what the variables say', () => {
  test('an endpoint alone is enough', () => {
    expect(settings(ENDPOINT)).toEqual({
      url: 'http://collector:4318/v1/traces',
      headers: {},
      timeoutMilliseconds: 10_000,
      gzip: false,
      sampler: { kind: 'All' },
      resource: { 'service.name': 'sekisho-gateway' },
      queue: { spans: 4096, batch: 512, delayMilliseconds: 5000 },
    });
  });

  test.each([
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example.com/otlp/' },
      'https://otlp.example.com/otlp/v1/traces',
    ],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://[::1]:4318/in?tenant=a' },
      'http://[::1]:4318/in?tenant=a',
    ],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://other:1/' }, 'http://other:1/'],
  ])('%j → %s', (environment, url) => {
    expect(settings(environment).url).toBe(url);
  });

  test('those of traces outweigh those of all signals', () => {
    expect(
      settings({
        ...ENDPOINT,
        OTEL_EXPORTER_OTLP_HEADERS: 'api-key=all,tenant=a%2Cb',
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'api-key=Bearer%20x==',
        OTEL_EXPORTER_OTLP_TIMEOUT: '500',
        OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '700',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
        OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'gzip',
      }),
    ).toMatchObject({
      headers: { 'api-key': 'Bearer x==', tenant: 'a,b' },
      timeoutMilliseconds: 700,
      gzip: true,
    });
  });

  test.each([
    ['always_on', undefined, { kind: 'All' }],
    ['parentbased_always_on', undefined, { kind: 'All' }],
    ['always_off', undefined, { kind: 'None' }],
    ['traceidratio', '0.25', { kind: 'Ratio', ratio: 0.25 }],
    ['parentbased_traceidratio', undefined, { kind: 'Ratio', ratio: 1 }],
    ['traceidratio', '1e-05', { kind: 'Ratio', ratio: 0.000_01 }],
  ])('the sampler %s of %s', (name, argument, sampler) => {
    const environment = { ...ENDPOINT, OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument };
    expect(settings(environment).sampler).toEqual(sampler);
  });

  test('a name of the service outweighs the one among the attributes', () => {
    const attributes = {
      ...ENDPOINT,
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,deployment.environment.name=x',
    };
    expect(settings(attributes).resource).toEqual({
      'service.name': 'a',
      'deployment.environment.name': 'x',
    });
    expect(settings({ ...attributes, OTEL_SERVICE_NAME: 'b' }).resource).toMatchObject({
      'service.name': 'b',
    });
  });

  test('a batch is never larger than the queue', () => {
    expect(settings({ ...ENDPOINT, OTEL_BSP_MAX_QUEUE_SIZE: '100' }).queue).toMatchObject({
      spans: 100,
      batch: 100,
    });
  });
});

describe('what is wrong is told by its variable, its value and what would be right', () => {
  const NAME = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  test.each([
    [{ [NAME]: 'collector' }, `${NAME} is "collector": it is no URL; write http://HOST:4318 or https://HOST`],
    [{ [NAME]: 'collector:4318' }, `${NAME} is "collector:4318": it is no http:// or https:// URL`],
    [
      { [NAME]: 'http://c:4318?a=b' },
      `it holds a query; write the whole URL into OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`,
    ],
    [{ [NAME]: 'http://c:4318/#x' }, 'it holds a fragment; take it away'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc": write http/protobuf'],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: '10s' }, '"10s": write a whole number from 1 to 60000'],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: '0' }, '"0": write a whole number from 1 to 60000'],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'br' }, '"br": write none or gzip'],
    [{ OTEL_TRACES_SAMPLER: 'some' }, 'OTEL_TRACES_SAMPLER is "some": write always_on or '],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' },
      'OTEL_TRACES_SAMPLER_ARG is "2": write a number from 0 to 1',
    ],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'a' }, 'OTEL_RESOURCE_ATTRIBUTES is "a": write at most 64 pairs'],
    [{ OTEL_BSP_MAX_QUEUE_SIZE: '70000' }, '"70000": write a whole number from 1 to 65536'],
    [
      { OTEL_BSP_MAX_QUEUE_SIZE: '10', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '11' },
      '"11": write a whole number from 1 to 10',
    ],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, '"zipkin": write otlp or none'],
    [{ OTEL_SDK_DISABLED: 'yes' }, '"yes": write true or false'],
  ])('%j', (environment, sentence) => {
    expect(wrong({ ...ENDPOINT, ...environment })).toContain(sentence);
  });

  test('a value that is far too long, by its length', () => {
    expect(wrong({ [NAME]: `http://${'a'.repeat(9000)}` })).toBe(
      `${NAME} has 9007 characters: write at most 8192`,
    );
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'api-key hunter2' }],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'api key=hunter2' }],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'api-key=hunter2%0d%0ax: y' }],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'api-key=hunter2%' }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://me:hunter2@collector' }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'me:hunter2@collector' }],
  ])('and nothing secret of it: %j', (environment) => {
    const message = wrong({ ...ENDPOINT, ...environment });
    expect(message).toContain(Object.keys(environment)[0]);
    expect(message).not.toContain('hunter2');
  });
});
