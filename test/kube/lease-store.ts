/* oxlint-disable typescript/no-unsafe-type-assertion -- what a fake answers has the type that its caller asked for */
import type { KubeClient } from '../../src/kube/client.ts';
import { KubeError } from '../../src/kube/errors.ts';
import type { Lease } from '../../src/kube/lease.ts';

/** One Lease of an API server, with its optimistic locking, and a network to each candidate that can fail. */
export function createLeaseStore() {
  let lease: Lease | undefined;
  let version = 0;
  const store = (next: Lease): Lease => {
    version += 1;
    lease = { ...next, metadata: { ...next.metadata, resourceVersion: String(version) } };
    return lease;
  };
  const writes: { holder: string; at: number }[] = [];

  /** A client of its own for each candidate. `trouble` says for each call what happens to it. */
  function client(
    trouble: () => 'none' | 'lost' | 'answer-lost' = () => 'none',
  ): Pick<KubeClient, 'get' | 'create' | 'replace'> {
    const call = async <T>(work: () => unknown): Promise<T> => {
      const fate = trouble();
      const lost = () => new KubeError('Retry', 'timed out', { reason: 'TimedOut' });
      await Promise.resolve();
      if (fate === 'lost') throw lost();
      const answer = work();
      await Promise.resolve();
      if (fate === 'answer-lost') throw lost();
      return structuredClone(answer) as T;
    };
    return {
      get: <T extends object>() => call<T | undefined>(() => lease),
      create: <T extends object>(_resource: unknown, object: T) =>
        call<T>(() => {
          if (lease) throw new KubeError('AlreadyExists', 'exists', { status: 409 });
          writes.push({ holder: (object as Lease).spec?.holderIdentity ?? '', at: performance.now() });
          return store(object as unknown as Lease);
        }),
      replace: <T extends object>(_resource: unknown, object: T) =>
        call<T>(() => {
          const { resourceVersion } = (object as unknown as Lease).metadata;
          if (resourceVersion !== lease?.metadata.resourceVersion)
            throw new KubeError('Conflict', 'changed', { status: 409 });
          writes.push({ holder: (object as Lease).spec?.holderIdentity ?? '', at: performance.now() });
          return store(object as unknown as Lease);
        }),
    };
  }

  return { client, writes, current: () => lease, set: (next: Lease) => store(next) };
}
