import type { ExecutionPolicy } from '../../api/parse.ts';
import type { PolicySpec, Profile } from '../../api/v1alpha1/execution-policy.ts';
import type { Severity } from '../analysis/report.ts';

/** What decides about findings, with nothing left open. */
export interface Settings {
  readonly denySeverities: readonly Severity[];
  /** Risk scores from which on a program is denied, or needs approval. */
  readonly thresholds: { readonly deny: number; readonly approve: number };
  readonly rules: NonNullable<PolicySpec['rules']>;
}

const THREATS: readonly Severity[] = ['High', 'Critical'];
const graded = (severity: Severity, ids: readonly string[]): Settings['rules'] =>
  ids.map((id) => ({ id, enabled: true, severity }));

/**
 * - strict: a single capability (Medium, 20 points) needs approval; three are denied.
 * - standard: one capability passes, two need approval, four are denied.
 * - data-science: what notebooks do all day counts little: reading data outside the workspace, loading models, more recursion.
 *   Threats stay threats: a pickle that carries commands is still High.
 */
export const PROFILES: Readonly<Record<Profile, Settings>> = {
  strict: { denySeverities: THREATS, thresholds: { deny: 60, approve: 20 }, rules: [] },
  standard: { denySeverities: THREATS, thresholds: { deny: 70, approve: 40 }, rules: [] },
  'data-science': {
    denySeverities: THREATS,
    thresholds: { deny: 70, approve: 40 },
    rules: graded('Low', ['ANY-READ-OUTSIDE', 'PY-DESER', 'PY-LIMITS']),
  },
};

/** The settings of a policy: its own, and those of its profile where it says nothing. */
export function settingsOf(spec: PolicySpec): Settings {
  const base = PROFILES[spec.profile];
  const own = spec.rules ?? [];
  const named = new Set(own.map(({ id }) => id));
  return {
    denySeverities: spec.denySeverities ?? base.denySeverities,
    thresholds: {
      deny: spec.thresholds?.deny ?? base.thresholds.deny,
      approve: spec.thresholds?.approve ?? base.thresholds.approve,
    },
    rules: [...base.rules.filter(({ id }) => !named.has(id)), ...own],
  };
}

/** A profile as a policy that applies everywhere, named after it. */
export const profilePolicy = (profile: Profile): ExecutionPolicy => ({
  metadata: { name: profile, uid: '', generation: 0, creationTimestamp: '' },
  spec: { profile, mode: 'Enforce', onDeny: 'Store' },
});
