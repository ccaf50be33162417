import { lookup } from 'node:dns/promises';
import { Pool, buildConnector } from 'undici';
import type { Plugin } from '../../api/parse.ts';
import { within } from '../deadline.ts';
import { judgeAddress } from './address.ts';
import type { AddressVerdict } from './address.ts';
import { UpstreamFailure } from './failure.ts';
import { isAddress } from './origin.ts';
import type { Origin } from './origin.ts';

/** What dialling asks of the world, and who judges its answers. */
export interface DialPorts {
  /** All addresses of a name. */
  readonly resolve: (hostname: string) => Promise<readonly string[]>;
  readonly judge: (address: string, allowedCIDRs: readonly string[]) => AddressVerdict;
}

const RESOLVE_MILLISECONDS = 3000;
const CONNECT_MILLISECONDS = 5000;
const MAX_ADDRESSES = 4;

export const systemDialPorts: DialPorts = {
  resolve: async (hostname) =>
    (await lookup(hostname, { all: true, order: 'verbatim' })).map(({ address }) => address),
  judge: judgeAddress,
};

const unresolved = (): UpstreamFailure =>
  new UpstreamFailure('UpstreamTimeout', 'Its name was not resolved in time.', { counts: true });

/** The addresses of a host, each of them judged; one that is forbidden forbids them all. */
async function checkedAddresses(hostname: string, allowed: readonly string[], ports: DialPorts) {
  const addresses = isAddress(hostname)
    ? [hostname]
    : await within(ports.resolve(hostname), RESOLVE_MILLISECONDS, unresolved);
  if (addresses.length === 0)
    throw new UpstreamFailure('UpstreamFailed', 'Its name has no address.', { counts: true });
  if (addresses.some((address) => ports.judge(address, allowed) === 'Forbidden'))
    throw new UpstreamFailure('UpstreamForbidden', 'Its name leads to an address that may not be reached.');
  return addresses.slice(0, MAX_ADDRESSES);
}

type Connected = Parameters<buildConnector.Callback>;

const connectOnce = (connect: buildConnector.connector, options: buildConnector.Options) =>
  new Promise<Connected>((done) => connect(options, (...outcome) => done(outcome)));

/**
 * A connector that resolves once, judges what it got, and connects to exactly that: nobody is asked a second time, so the answer
 * cannot change in between. The name stays the one that TLS verifies and the Host header has.
 */
function checkedConnector(spec: Plugin['spec']['upstream'], ports: DialPorts): buildConnector.connector {
  const base = buildConnector({
    timeout: CONNECT_MILLISECONDS,
    allowH2: false,
    rejectUnauthorized: true,
    ...(spec.caBundle === undefined ? {} : { ca: spec.caBundle }),
  });
  const allowed = spec.allowedCIDRs ?? [];
  const dial = async (options: buildConnector.Options): Promise<Connected> => {
    const { hostname } = options;
    let outcome: Connected = [new Error('not tried'), null];
    for (const address of await checkedAddresses(hostname, allowed, ports)) {
      const servername = isAddress(hostname) ? '' : hostname;
      outcome = await connectOnce(base, { ...options, hostname: address, servername });
      if (outcome[0] === null) break;
    }
    return outcome;
  };
  const settle = async (
    options: buildConnector.Options,
    callback: buildConnector.Callback,
  ): Promise<void> => {
    let outcome: Connected;
    try {
      outcome = await dial(options);
    } catch (error) {
      outcome = [error as Error, null];
    }
    callback(...outcome);
  };
  return (options, callback) => void settle(options, callback);
}

export interface PoolLimits {
  readonly connections: number;
}

/**
 * Connections to one origin and to no other, for one revision of a plugin. No proxy, no redirects (undici follows none by itself), no
 * HTTP/2. What is idle for long is closed, so that a name which moved is soon dialled, and judged, anew.
 */
export function createPool(
  { origin }: Origin,
  spec: Plugin['spec']['upstream'],
  { ports, limits }: { readonly ports: DialPorts; readonly limits: PoolLimits },
): Pool {
  return new Pool(origin, {
    connect: checkedConnector(spec, ports),
    connections: limits.connections,
    pipelining: 1,
    allowH2: false,
    useMilo: false,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 30_000,
    maxRequestsPerClient: 1000,
    maxHeaderSize: 16_384,
    strictContentLength: true,
  });
}
