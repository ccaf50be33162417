import type { V1NetworkPolicy } from '@kubernetes/client-node';
import type { IsolationFault } from '../core/observed.ts';

/** Name of the static deny-all policy that the chart creates. */
export const DENY_ALL = 'deny-all';

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

/**
 * What is wrong with the NetworkPolicies of the sandbox namespace, read back from the API server. Policies only ever add
 * permissions, so any other policy there counts as foreign: nobody but an attacker has a reason to write one.
 */
export function policyFault(
  policies: readonly V1NetworkPolicy[],
  namespace: string,
): IsolationFault | undefined {
  const denyAll = policies.find(({ metadata }) => metadata?.name === DENY_ALL);
  if (!denyAll || !deniesAll(denyAll))
    return {
      reason: 'PolicyMissing',
      message: `NetworkPolicy ${namespace}/${DENY_ALL} must select every pod and allow nothing; install the chart again to mend it.`,
    };
  const foreign = policies.filter((policy) => policy !== denyAll).map(({ metadata }) => metadata?.name ?? '');
  if (foreign.length === 0) return undefined;
  return {
    reason: 'ForeignPolicy',
    message: `Remove from namespace ${namespace}: ${foreign.toSorted().join(', ')}.`,
  };
}
