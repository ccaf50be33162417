import type { KubeClient } from '../kube/client.ts';
import { SERVICES } from '../kube/resources.ts';
import { GATEWAY_PORT } from '../objects/gateway-access.ts';

/** The Service of the plugin gateway. */
export interface GatewayPlace {
  readonly namespace: string;
  readonly service: string;
}

interface Service {
  readonly spec?: { readonly clusterIP?: string };
}

/** An address counts so long; the Service of a release hardly ever gets another one. */
const ADDRESS_MILLISECONDS = 60_000;

/**
 * The URL under which sandboxes reach the gateway: by address, since they resolve no names; undefined while it has none. A rejection
 * means "could not tell".
 */
export function gatewayUrlOver(
  client: Pick<KubeClient, 'get'>,
  place: GatewayPlace | undefined,
  now: () => number = Date.now,
): () => Promise<string | undefined> {
  let known: { readonly url: string; readonly at: number } | undefined;
  return async () => {
    if (!place) return undefined;
    if (known && now() - known.at < ADDRESS_MILLISECONDS) return known.url;
    const { namespace, service: name } = place;
    const address = (await client.get<Service>(SERVICES, { namespace, name }))?.spec?.clusterIP;
    if (!address || address === 'None') return undefined;
    known = { url: `http://${address.includes(':') ? `[${address}]` : address}:${GATEWAY_PORT}`, at: now() };
    return known.url;
  };
}
