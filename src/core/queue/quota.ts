import type { ExecutionQuota } from '../../api/parse.ts';
import { selects } from '../label-selector.ts';
import type { Labels } from '../label-selector.ts';

/** A limit and the ExecutionQuota that sets it. */
export interface Limit {
  readonly most: number;
  readonly quota: string;
}

export interface Limits {
  readonly running: Limit | undefined;
  readonly perHour: Limit | undefined;
}

/** What limits the starts of one namespace's requests. */
export interface QuotaLimits {
  readonly namespace: Limits;
  readonly requester: Limits;
}

type Scope = keyof QuotaLimits;

function least(quotas: readonly ExecutionQuota[], scope: Scope, amount: keyof Limits): Limit | undefined {
  const limits = quotas.flatMap(({ metadata, spec }) => {
    const most = spec[scope]?.[amount];
    return most === undefined ? [] : [{ most, quota: metadata.name }];
  });
  return limits.reduce<Limit | undefined>(
    (lowest, limit) => (lowest && lowest.most <= limit.most ? lowest : limit),
    undefined,
  );
}

/** The limits of a namespace: of several quotas that apply the lowest counts, each limit by itself. */
export function limitsOf(quotas: readonly ExecutionQuota[], namespaceLabels: Labels): QuotaLimits {
  const matching = quotas
    .filter(({ spec }) => selects(spec.namespaceSelector, namespaceLabels))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const of = (scope: Scope): Limits => ({
    running: least(matching, scope, 'running'),
    perHour: least(matching, scope, 'perHour'),
  });
  return { namespace: of('namespace'), requester: of('requester') };
}
