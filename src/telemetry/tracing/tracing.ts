/**
 * Calls of the gateway as OpenTelemetry traces. Loaded only where a collector is named. Nothing is registered for the process: no context
 * is taken from a caller, and none is given to an upstream.
 */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from '../logger.ts';
import type { Sampler, TracingSettings } from './settings.ts';
import { toldRarely } from './told-rarely.ts';

/** What is known of a call at its end. Names are those that were granted. */
interface TracedEnd {
  readonly plugin: string | undefined;
  readonly operation: string | undefined;
  /** Done, Waiting, or the code of a refusal. */
  readonly code: string;
}

interface TracedRequest {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

interface TracedStage {
  readonly answered: (status: number) => void;
  /** Go, Waiting, or the code of a refusal. */
  readonly ended: (code: string) => void;
}

interface TracedCall {
  readonly stage: (name: string, upstream: string | undefined) => TracedStage;
  readonly ended: (end: TracedEnd, request: TracedRequest | undefined) => void;
}

export interface Tracing {
  readonly call: (way: string) => TracedCall;
  /** Sends what waits, within two seconds. */
  readonly close: () => Promise<void>;
}

interface TracingOptions {
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** Name of this process. */
  readonly instance: string;
}

const CLOSE_MILLISECONDS = 2000;
/** Batches under way at one time; what comes while they are is waited with, then dropped. */
const BATCHES_UNDER_WAY = 4;

const WELL: ReadonlySet<string> = new Set(['Done', 'Go', 'Waiting']);
const nothing = (): void => undefined;
const NO_STAGE: TracedStage = { answered: nothing, ended: nothing };
const NO_CALL: TracedCall = { stage: () => NO_STAGE, ended: nothing };

/** Epoch milliseconds with their fractions, in step for one call: stages take less than the millisecond that Date tells. */
type Clock = () => number;

function clockOfCall(): Clock {
  const origin = Date.now() - performance.now();
  return () => origin + performance.now();
}

/** A refusal is an error of its span, by its code. */
function end(span: Span, code: string, at: number, attributes: Attributes = {}): void {
  span.setAttributes({ ...attributes, 'sekisho.outcome': code });
  if (!WELL.has(code)) {
    span.setAttribute('error.type', code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  }
  span.end(at);
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Host and port, and nothing else of a URL. */
function addressOf(upstream: string): Attributes {
  if (!URL.canParse(upstream)) return {};
  const { hostname, port, protocol } = new URL(upstream);
  return {
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    'server.port': port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port),
  };
}

function startStage(
  { tracer, context, clock }: { readonly tracer: Tracer; readonly context: Context; readonly clock: Clock },
  name: string,
  upstream: string | undefined,
): TracedStage {
  const span = tracer.startSpan(
    `sekisho.gateway.stage.${name}`,
    {
      startTime: clock(),
      kind: upstream === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT,
      attributes: { 'sekisho.stage': name, ...(upstream === undefined ? {} : addressOf(upstream)) },
    },
    context,
  );
  return {
    answered: (status) => void span.setAttribute('http.response.status_code', status),
    ended: (code) => end(span, code, clock()),
  };
}

function startCall(tracer: Tracer, way: string): TracedCall {
  const clock = clockOfCall();
  const options = { startTime: clock(), kind: SpanKind.SERVER, attributes: { 'sekisho.way': way } };
  const span = tracer.startSpan('sekisho.gateway.call', options, ROOT_CONTEXT);
  if (!span.isRecording()) return NO_CALL;
  const context = trace.setSpan(ROOT_CONTEXT, span);
  return {
    stage: (name, upstream) => startStage({ tracer, context, clock }, name, upstream),
    ended: ({ plugin, operation, code }, request) =>
      end(span, code, clock(), {
        ...(plugin === undefined ? {} : { 'sekisho.plugin': plugin }),
        ...(operation === undefined ? {} : { 'sekisho.operation': operation }),
        ...(request && {
          'sekisho.request.namespace': request.namespace,
          'sekisho.request.name': request.name,
          'sekisho.request.uid': request.uid,
        }),
      }),
  };
}

function samplerOver(sampler: Sampler) {
  switch (sampler.kind) {
    case 'All':
      return new AlwaysOnSampler();
    case 'None':
      return new AlwaysOffSampler();
    case 'Ratio':
      return new TraceIdRatioBasedSampler(sampler.ratio);
  }
}

function exporterOver(
  { url, headers, timeoutMilliseconds, gzip }: TracingSettings,
  logger: TracingOptions['logger'],
) {
  type Config = NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>;
  const compression = (gzip ? 'gzip' : 'none') as NonNullable<Config['compression']>;
  const exporter = new OTLPTraceExporter({
    ...{ url, headers, compression },
    timeoutMillis: timeoutMilliseconds,
    concurrencyLimit: BATCHES_UNDER_WAY,
  });
  return toldRarely(exporter, { logger, collector: new URL(url).origin, now: () => performance.now() });
}

/** Waits for something, but not for long. */
async function atMost(promise: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((done) => {
    timer = setTimeout(done, milliseconds);
  });
  await Promise.race([promise.catch(nothing), over]);
  clearTimeout(timer);
}

/** Begins to send traces. A collector that is slow or away delays nobody: what it does not take is dropped. */
export function startTracing(settings: TracingSettings, { logger, instance }: TracingOptions): Tracing {
  const { resource, sampler, queue } = settings;
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.instance.id': instance, ...resource }),
    ),
    sampler: samplerOver(sampler),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: exporterOver(settings, logger),
        maxQueueSize: queue.spans,
        maxExportBatchSize: queue.batch,
        scheduledDelayMillis: queue.delayMilliseconds,
        exportTimeoutMillis: settings.timeoutMilliseconds + 1000,
      }),
    ],
  });
  const tracer = provider.getTracer('sekisho-gateway');
  logger.info({ collector: new URL(settings.url).origin, sampler }, 'calls are traced');
  return {
    call: (way) => startCall(tracer, way),
    close: () => atMost(provider.shutdown(), CLOSE_MILLISECONDS),
  };
}
