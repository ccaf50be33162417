import { parseRequest } from '../../api/parse.ts';
import type { CodeExecutionRequest } from '../../api/parse.ts';
import { isFinished } from '../../core/finished.ts';
import { CODE_EXECUTION_REQUESTS } from '../../kube/resources.ts';
import type { Session } from './session.ts';

/** So long one watch lasts at most; then the request is looked at again, whatever happened. */
const WATCH_SECONDS = 60;

/** Waits until the request changes, or for a minute. */
async function changed({ client, namespace }: Session, { metadata }: Versioned): Promise<void> {
  const { name, resourceVersion } = metadata;
  const stopping = new AbortController();
  const place = { namespace, fieldSelector: `metadata.name=${name}`, resourceVersion };
  try {
    await client.watch(
      CODE_EXECUTION_REQUESTS,
      { ...place, timeoutSeconds: WATCH_SECONDS },
      () => stopping.abort(),
      stopping.signal,
    );
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
}

interface Versioned {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

/** Follows a request until it is over; undefined when it was deleted, or another took its name. `tell` hears of each change. */
export async function follow(
  session: Session,
  { name, uid }: { readonly name: string; readonly uid: string },
  tell: (request: CodeExecutionRequest) => void,
): Promise<CodeExecutionRequest | undefined> {
  for (;;) {
    const object = await session.client.get<Versioned>(CODE_EXECUTION_REQUESTS, {
      namespace: session.namespace,
      name,
    });
    const parsed = parseRequest(object);
    if (!object || !parsed.ok || parsed.value.metadata.uid !== uid) return undefined;
    tell(parsed.value);
    if (isFinished(parsed.value.status)) return parsed.value;
    await changed(session, object);
  }
}
