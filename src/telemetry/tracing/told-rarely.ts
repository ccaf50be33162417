import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../logger.ts';

/** How often people hear of a collector that takes nothing. */
const EVERY_MILLISECONDS = 300_000;
/** SUCCESS among OpenTelemetry's results, whose names are in a package that is else not needed here. */
const EXPORTED = 0;

const field = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;

/** A status or a word of the system's. What a collector writes is not ours to log. */
function reasonOf(error: unknown): string {
  const code = field(error, 'code');
  if (typeof code === 'number') return `status ${code}`;
  if (typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code)) return code;
  return 'no answer in time, or none that is understood';
}

interface Telling {
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** Scheme, host and port. */
  readonly collector: string;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Exports, and logs rarely what could not be: once at first, then at most every five minutes, and when it works again. */
export function toldRarely(exporter: SpanExporter, { logger, collector, now }: Telling): SpanExporter {
  let failing = false;
  let spansLost = 0;
  let toldAt = -Infinity;
  const failed = (spans: readonly ReadableSpan[], error: unknown): void => {
    failing = true;
    spansLost += spans.length;
    if (now() - toldAt < EVERY_MILLISECONDS) return;
    toldAt = now();
    logger.warn(
      { collector, spansLost, reason: reasonOf(error) },
      'the collector took no traces; calls go on',
    );
    spansLost = 0;
  };
  const worked = (): void => {
    if (failing) logger.info({ collector, spansLost }, 'the collector takes traces again');
    failing = false;
    spansLost = 0;
  };
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const code: number = result.code;
        if (code === EXPORTED) worked();
        else failed(spans, result.error);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
