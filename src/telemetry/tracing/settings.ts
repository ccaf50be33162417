/**
 * Where traces go and how many, read out of the environment variables that OpenTelemetry has for it. Nothing of OpenTelemetry is loaded
 * here: a process without a collector needs none of it.
 */
import { collectorUrl } from './collector-url.ts';
import { Misset, variablesOf } from './variables.ts';
import type { Environment, Variables } from './variables.ts';

export type Sampler =
  { readonly kind: 'All' } | { readonly kind: 'None' } | { readonly kind: 'Ratio'; readonly ratio: number };

export interface TracingSettings {
  /** The whole URL that spans are sent to. */
  readonly url: string;
  /** Sent along; a key among them is a secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** Until the collector must have taken a batch, second tries among them. */
  readonly timeoutMilliseconds: number;
  readonly gzip: boolean;
  readonly sampler: Sampler;
  /** Of this process, service.name among them. */
  readonly resource: Readonly<Record<string, string>>;
  readonly queue: {
    /** Spans that wait at most; those beyond are dropped. */
    readonly spans: number;
    readonly batch: number;
    readonly delayMilliseconds: number;
  };
}

type TracingRead =
  | { readonly kind: 'Off' }
  | { readonly kind: 'On'; readonly settings: TracingSettings }
  /** For a person: the variable, its value, and what would be right. */
  | { readonly kind: 'Wrong'; readonly message: string };

const DEFAULT_SERVICE = 'sekisho-gateway';

/** Every trace begins here, so there is no parent to follow: the samplers that ask for one are those that do not. */
function samplerOf({ word, ratio }: Variables): Sampler {
  const NAMES = ['always_on', 'always_off', 'traceidratio'].flatMap((name) => [name, `parentbased_${name}`]);
  const name = word('OTEL_TRACES_SAMPLER', NAMES) ?? 'always_on';
  if (name.endsWith('always_on')) return { kind: 'All' };
  if (name.endsWith('always_off')) return { kind: 'None' };
  return { kind: 'Ratio', ratio: ratio('OTEL_TRACES_SAMPLER_ARG') ?? 1 };
}

function resourceOf({ text, pairs }: Variables): Readonly<Record<string, string>> {
  const attributes = pairs('OTEL_RESOURCE_ATTRIBUTES') ?? {};
  const name = text('OTEL_SERVICE_NAME') ?? attributes['service.name'] ?? DEFAULT_SERVICE;
  return { ...attributes, 'service.name': name };
}

function queueOf({ whole }: Variables): TracingSettings['queue'] {
  const spans = whole('OTEL_BSP_MAX_QUEUE_SIZE', 65_536) ?? 4096;
  return {
    spans,
    batch: whole('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', spans) ?? Math.min(512, spans),
    delayMilliseconds: whole('OTEL_BSP_SCHEDULE_DELAY', 60_000) ?? 5000,
  };
}

/** The variable of traces outweighs that of all signals. */
const ofTraces = (rest: string): readonly [string, string] => [
  `OTEL_EXPORTER_OTLP_TRACES_${rest}`,
  `OTEL_EXPORTER_OTLP_${rest}`,
];

function settingsOf(variables: Variables, url: string): TracingSettings {
  const { word, whole, pairs } = variables;
  for (const name of ofTraces('PROTOCOL')) word(name, ['http/protobuf']);
  const [timeout, allTimeout] = ofTraces('TIMEOUT');
  const [compression, allCompression] = ofTraces('COMPRESSION');
  const [headers, allHeaders] = ofTraces('HEADERS');
  return {
    url,
    headers: { ...pairs(allHeaders, 'secret'), ...pairs(headers, 'secret') },
    timeoutMilliseconds: whole(timeout, 60_000) ?? whole(allTimeout, 60_000) ?? 10_000,
    gzip: (word(compression, ['none', 'gzip']) ?? word(allCompression, ['none', 'gzip'])) === 'gzip',
    sampler: samplerOf(variables),
    resource: resourceOf(variables),
    queue: queueOf(variables),
  };
}

/** Off unless a collector is named. What is set and not understood is told, and nothing begins. */
export function readTracing(environment: Environment): TracingRead {
  const variables = variablesOf(environment);
  try {
    const url = collectorUrl(variables, ofTraces('ENDPOINT'));
    const unwanted =
      variables.word('OTEL_SDK_DISABLED', ['true', 'false']) === 'true' ||
      variables.word('OTEL_TRACES_EXPORTER', ['otlp', 'none']) === 'none';
    if (url === undefined || unwanted) return { kind: 'Off' };
    return { kind: 'On', settings: settingsOf(variables, url) };
  } catch (error) {
    if (error instanceof Misset) return { kind: 'Wrong', message: error.message };
    throw error;
  }
}
