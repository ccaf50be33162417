import type { V1NetworkPolicy, V1NetworkPolicyPeer, V1NetworkPolicyPort } from '@kubernetes/client-node';
import type { IsolationFault } from '../core/observed.ts';
import { GATEWAY_PORT } from '../objects/gateway-access.ts';
import { GRANTED, PLUGINS } from '../objects/labels.ts';

/** Name of the static deny-all policy that the chart creates. */
export const DENY_ALL = 'deny-all';

/** Name of the policy that lets granted pods reach the plugin gateway, which the chart creates where there is one. */
export const TO_GATEWAY = 'to-gateway';

const isEmpty = (list: readonly unknown[] | undefined): boolean => (list ?? []).length === 0;

function deniesAll({ spec }: V1NetworkPolicy): boolean {
  const selector = spec?.podSelector;
  const all = Object.keys(selector?.matchLabels ?? {}).length === 0 && isEmpty(selector?.matchExpressions);
  const types = spec?.policyTypes ?? [];
  return (
    all &&
    types.includes('Ingress') &&
    types.includes('Egress') &&
    isEmpty(spec?.ingress) &&
    isEmpty(spec?.egress)
  );
}

const sameLabels = (
  found: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean =>
  found !== undefined &&
  Object.keys(found).length === Object.keys(wanted).length &&
  Object.entries(wanted).every(([key, value]) => found[key] === value);

/** The pods of the gateway, in its own namespace. */
function areGateway(peer: V1NetworkPolicyPeer | undefined, gatewayNamespace: string): boolean {
  const pod = peer?.podSelector?.matchLabels;
  return (
    peer?.ipBlock === undefined &&
    sameLabels(peer?.namespaceSelector?.matchLabels, { 'kubernetes.io/metadata.name': gatewayNamespace }) &&
    pod?.['app.kubernetes.io/name'] === 'sekisho' &&
    pod['app.kubernetes.io/component'] === 'gateway'
  );
}

const isGatewayPort = ({ port, protocol = 'TCP', endPort }: V1NetworkPolicyPort): boolean =>
  port === GATEWAY_PORT && protocol === 'TCP' && endPort === undefined;

/** Whether a policy opens the way from granted pods to the gateway's own port, and nothing beside it. */
function leadsToGateway({ spec }: V1NetworkPolicy, gatewayNamespace: string): boolean {
  const { podSelector, policyTypes = [], ingress, egress = [] } = spec ?? {};
  const [{ to = [], ports = [] } = {}] = egress;
  return (
    [egress, to, ports, policyTypes].every((list) => list.length === 1) &&
    policyTypes.includes('Egress') &&
    isEmpty(ingress) &&
    sameLabels(podSelector?.matchLabels, { [PLUGINS]: GRANTED }) &&
    isEmpty(podSelector?.matchExpressions) &&
    areGateway(to[0], gatewayNamespace) &&
    ports.every(isGatewayPort)
  );
}

/** Where the policies are looked at. */
export interface PolicyPlace {
  /** Of the sandboxes. */
  readonly namespace: string;
  /** Of the plugin gateway; undefined where there is none. */
  readonly gatewayNamespace: string | undefined;
}

/**
 * What is wrong with the NetworkPolicies of the sandbox namespace, read back from the API server. Policies only ever add
 * permissions, so any other policy there counts as foreign: nobody but an attacker has a reason to write one. The way to the gateway is
 * looked at as closely as deny-all.
 */
export function policyFault(
  policies: readonly V1NetworkPolicy[],
  { namespace, gatewayNamespace }: PolicyPlace,
): IsolationFault | undefined {
  const denyAll = policies.find(({ metadata }) => metadata?.name === DENY_ALL);
  if (!denyAll || !deniesAll(denyAll))
    return {
      reason: 'PolicyMissing',
      message: `NetworkPolicy ${namespace}/${DENY_ALL} must select every pod and allow nothing; install the chart again to mend it.`,
    };
  const isOurs = (policy: V1NetworkPolicy): boolean =>
    policy === denyAll ||
    (gatewayNamespace !== undefined &&
      policy.metadata?.name === TO_GATEWAY &&
      leadsToGateway(policy, gatewayNamespace));
  const foreign = policies.filter((policy) => !isOurs(policy)).map(({ metadata }) => metadata?.name ?? '');
  if (foreign.length === 0) return undefined;
  return {
    reason: 'ForeignPolicy',
    message: `Remove from namespace ${namespace}: ${foreign.toSorted().join(', ')}.`,
  };
}
