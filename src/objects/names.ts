import { sha256 } from '../core/verdict/digest.ts';

/**
 * Name of the Job (and ConfigMap) of a request: a hash of its uid, so that it is the same after every restart, differs for
 * a request that is created anew under the same name, and cannot be chosen by anybody.
 */
export const runName = (requestUid: string): string => `run-${sha256(requestUid).slice(0, 40)}`;

/** Name of the probe of a shape; `serial` makes each probe a new one. */
export const probeName = (shape: string, serial: string): string =>
  `probe-${sha256(`${shape}/${serial}`).slice(0, 20)}`;

/**
 * Unprivileged user id for one request. RLIMIT_NPROC is counted by user id, so two sandboxes must not share one. Inside a user
 * namespace only ids below 65536 exist, and the namespace itself keeps sandboxes apart.
 */
export function sandboxUid(requestUid: string, userNamespace: boolean): number {
  const hash = Number.parseInt(sha256(requestUid).slice(0, 8), 16);
  return userNamespace ? 10_000 + (hash % 50_000) : 1_000_000 + (hash % 1_000_000_000);
}
