import type { IncomingHttpHeaders } from 'node:http';

/** Whether an Origin names the host that was asked. */
function namesHost(origin: string, host: string | undefined): boolean {
  try {
    return host !== undefined && new URL(origin).host === host.toLowerCase();
  } catch {
    return false;
  }
}

/**
 * Whether a call comes from our own page. The browser says so in `Sec-Fetch-Site`, which no script can set; over plain HTTP, where
 * browsers leave that out, `Origin` must name the host that was asked. A read may come without either; a write may not.
 */
export function isFromOwnPage(headers: IncomingHttpHeaders, isWrite: boolean): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (site !== undefined) return site === 'same-origin';
  if (origin !== undefined) return namesHost(origin, host);
  return !isWrite;
}
