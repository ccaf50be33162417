import type { KubeClient, Resource } from '../../src/kube/client.ts';
import { metadataOf } from '../../src/kube/object.ts';

const WAIT_MILLISECONDS = 180_000;

export interface Followed<T> {
  /** Resolves with the epoch milliseconds at which an object under this key was first seen to be as asked. */
  readonly until: (key: string, stage: string) => Promise<number>;
  readonly get: (key: string) => T | undefined;
  /** When each stage was first seen. */
  readonly times: (key: string) => Readonly<Record<string, number>>;
}

/** One watch over a namespace; notes when each object was first seen in each stage. */
export async function follow<T extends object>(
  client: KubeClient,
  resource: Resource,
  namespace: string,
  keyOf: (object: T) => string,
  stagesOf: (object: T) => Readonly<Record<string, boolean>>,
  signal: AbortSignal,
): Promise<Followed<T>> {
  const times = new Map<string, Record<string, number>>();
  const latest = new Map<string, T>();
  const waiting = new Map<string, (time: number) => void>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const opened = Promise.withResolvers<void>();
  const { resourceVersion } = await client.list(resource, { namespace });
  client
    .watch<T>(
      resource,
      { namespace, resourceVersion, timeoutSeconds: 3600, onOpen: () => opened.resolve() },
      ({ type, object }) => {
        if (type === 'BOOKMARK' || type === 'DELETED' || !metadataOf(object).name) return;
        const now = performance.timeOrigin + performance.now();
        const key = keyOf(object);
        latest.set(key, object);
        const seen = times.get(key) ?? {};
        times.set(key, seen);
        for (const [stage, reached] of Object.entries(stagesOf(object))) {
          if (!reached || seen[stage] !== undefined) continue;
          seen[stage] = now;
          waiting.get(`${key} ${stage}`)?.(now);
        }
      },
      signal,
    )
    .then(
      () => failed.reject(new Error(`the watch of ${resource.plural} ended`)),
      (error: unknown) => failed.reject(error),
    );
  await Promise.race([opened.promise, failed.promise]);
  return {
    get: (key) => latest.get(key),
    times: (key) => times.get(key) ?? {},
    async until(key, stage) {
      const known = times.get(key)?.[stage];
      if (known !== undefined) return known;
      const reached = Promise.withResolvers<number>();
      waiting.set(`${key} ${stage}`, reached.resolve);
      const timer = setTimeout(() => {
        const object = JSON.stringify(latest.get(key));
        reached.reject(new Error(`${resource.kind} ${key} did not come to ${stage} in time: ${object}`));
      }, WAIT_MILLISECONDS);
      return Promise.race([reached.promise, failed.promise]).finally(() => clearTimeout(timer));
    },
  };
}
