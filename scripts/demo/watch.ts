import { KubeConfig, Watch } from '@kubernetes/client-node';
import type { Stored } from './examples.ts';

/** Between the end of a watch and the next. */
const PAUSE_MILLISECONDS = 200;

/**
 * Watches the requests of a namespace until `enough` says so, and answers them by name. A watch that ends is begun anew; one
 * that begins tells everything that exists.
 */
export async function watchRequests(
  namespace: string,
  seconds: number,
  enough: (requests: ReadonlyMap<string, Stored>) => boolean,
): Promise<ReadonlyMap<string, Stored>> {
  const config = new KubeConfig();
  config.loadFromDefault();
  const requests = new Map<string, Stored>();
  const { promise: done, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), seconds * 1000);
  let over = false;
  let controller: AbortController | undefined;
  const seen = (phase: string, request: Stored) => {
    if (phase === 'ADDED' || phase === 'MODIFIED') requests.set(request.metadata.name, request);
    if (enough(requests)) resolve(undefined);
  };
  const begin = async (): Promise<void> => {
    if (over) return;
    const path = `/apis/sekisho.dev/v1alpha1/namespaces/${namespace}/codeexecutionrequests`;
    controller = await new Watch(config).watch(path, {}, seen, () =>
      setTimeout(() => void begin(), PAUSE_MILLISECONDS),
    );
  };
  await begin();
  await done;
  over = true;
  clearTimeout(timer);
  controller?.abort();
  return requests;
}
