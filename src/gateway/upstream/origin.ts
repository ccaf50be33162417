import { isIP } from 'node:net';

/** Where the calls of a plugin go. */
export interface Origin {
  /** Scheme, host and port, as a URL has them. */
  readonly origin: string;
  /** Name or address, without brackets. */
  readonly hostname: string;
  /** What stands before the path of each operation; empty or without a slash at its end. */
  readonly basePath: string;
}

export type OriginOrFault =
  { readonly ok: true; readonly value: Origin } | { readonly ok: false; readonly message: string };

const fault = (message: string): OriginOrFault => ({ ok: false, message });

const AUTHORITY = /^https?:\/\/([^/?#]*)/;

/** The host as it is written, without port and brackets. */
const writtenHost = (authority: string): string => authority.replace(/:[0-9]*$/, '').toLowerCase();

/**
 * The origin of a URL whose host can be read in one way only. URL turns 2130706433, 0x7f.1 and 0177.0.0.1 into 127.0.0.1; here such
 * spellings are refused, because somebody else may read them differently.
 */
export function originOf(url: string): OriginOrFault {
  const authority = AUTHORITY.exec(url)?.[1];
  if (authority === undefined || !URL.canParse(url)) return fault('is no http:// or https:// URL');
  if (authority.includes('@')) return fault('holds a user; credentials come from a Secret');
  if (authority.includes('%')) return fault('holds a zone or an encoded host; write the host plainly');
  const { origin, hostname, pathname, search, hash, port } = new URL(url);
  if (search !== '' || hash !== '' || /[?#]/.test(url))
    return fault('holds a query or a fragment; take it away');
  const host = writtenHost(authority);
  if (host !== hostname) return fault(`names the host as ${host}, which is ${hostname}; write that`);
  if (host.endsWith('.')) return fault('names a host with a dot at its end; take it away');
  if (port === '0') return fault('names port 0');
  const [path] = [url.slice(url.indexOf(authority) + authority.length)];
  if (path !== pathname && path !== '')
    return fault(`has the path ${path}, which is ${pathname}; write that`);
  return {
    ok: true,
    value: {
      origin,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      basePath: pathname.replace(/\/+$/, ''),
    },
  };
}

/** Whether a host is written as an address, so that nobody is asked for it. */
export const isAddress = (hostname: string): boolean => isIP(hostname) !== 0;
