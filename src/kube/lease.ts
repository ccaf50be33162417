import type { ObjectMeta } from './object.ts';

/** coordination.k8s.io/v1 Lease. */
export interface Lease {
  readonly metadata: ObjectMeta;
  readonly spec?: LeaseSpec;
}

/** Who holds a Lease, and until when if not renewed. */
export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/** A MicroTime: the API server takes exactly six digits. */
export const microTime = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('Z', '000Z');

/** A Lease's content after we took or renewed it. */
export function leaseSpec(
  before: LeaseSpec | undefined,
  identity: string,
  leaseMilliseconds: number,
  wallNow: number,
): LeaseSpec {
  const now = microTime(wallNow);
  const renewed = before?.holderIdentity === identity;
  const transitions = before?.leaseTransitions ?? 0;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.max(1, Math.round(leaseMilliseconds / 1000)),
    acquireTime: renewed ? (before.acquireTime ?? now) : now,
    renewTime: now,
    leaseTransitions: before === undefined || renewed ? transitions : transitions + 1,
  };
}
