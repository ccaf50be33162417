import { Misset, misset } from './variables.ts';
import type { Variables } from './variables.ts';

/** Where a collector takes traces, below the endpoint of all signals. */
const TRACES_PATH = '/v1/traces';

const EXAMPLE = 'write http://HOST:4318 or https://HOST';

function parsed(name: string, value: string): URL {
  // A password may stand there: nothing of the value is shown.
  if (value.includes('@'))
    throw new Misset(`${name} holds a "@": names and passwords go into OTEL_EXPORTER_OTLP_HEADERS`);
  if (!URL.canParse(value)) throw misset(name, value, `it is no URL; ${EXAMPLE}`);
  const url = new URL(value);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw misset(name, value, `it is no http:// or https:// URL; ${EXAMPLE}`);
  if (url.hash !== '') throw misset(name, value, 'it holds a fragment; take it away');
  return url;
}

/** The URL that traces are sent to; undefined where no collector is named. That of traces alone is taken as it stands. */
export function collectorUrl(
  { text }: Variables,
  [ofTraces, ofAll]: readonly [string, string],
): string | undefined {
  const whole = text(ofTraces);
  if (whole !== undefined) return parsed(ofTraces, whole).href;
  const base = text(ofAll);
  if (base === undefined) return undefined;
  const url = parsed(ofAll, base);
  if (url.search !== '') throw misset(ofAll, base, `it holds a query; write the whole URL into ${ofTraces}`);
  url.pathname = url.pathname.replace(/\/+$/, '') + TRACES_PATH;
  return url.href;
}
