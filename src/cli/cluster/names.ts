import { parseRequest } from '../../api/parse.ts';
import { isFinished } from '../../core/finished.ts';
import { CODE_EXECUTION_REQUESTS, EXECUTION_ROLES, NAMESPACES } from '../../kube/resources.ts';
import type { Resource } from '../../kube/resources.ts';
import type { Place, Word } from '../completion/place.ts';
import { within } from './session.ts';
import type { Session } from './session.ts';

/** More than anybody would look through. */
const MAX_NAMES = 200;

interface Named {
  readonly metadata?: { readonly name?: string };
}

const stateOf = (object: object): string | undefined =>
  (object as { readonly status?: { readonly state?: string } }).status?.state;

/** Which requests a command has something to do with. */
function isFor(command: string, object: object): boolean {
  const parsed = parseRequest(object);
  const status = parsed.ok ? parsed.value.status : {};
  if (command === 'logs') return status.result !== undefined;
  return command !== 'cancel' || !isFinished(status);
}

async function listed(
  { client, namespace }: Session,
  resource: Resource,
  fieldSelector?: string,
): Promise<readonly object[]> {
  const where = { ...(resource.namespaced ? { namespace } : {}), fieldSelector, limit: MAX_NAMES };
  for await (const { items } of client.pages<object>(resource, where)) return items;
  return [];
}

async function requests(session: Session, command: string): Promise<readonly Word[]> {
  const decides = command === 'approve' || command === 'deny';
  const waiting = decides ? 'status.state=AwaitingApproval' : undefined;
  const found = await listed(session, CODE_EXECUTION_REQUESTS, waiting);
  return found
    .filter((object) => isFor(command, object))
    .map((object) => ({ word: (object as Named).metadata?.name ?? '', meaning: stateOf(object) ?? '' }));
}

/** Names out of the cluster for the word that is begun, as far as the caller may list them. */
export const clusterNames = (
  { of, command }: Extract<Place, { kind: 'names' }>,
  where: { readonly namespace?: string; readonly kubeconfig?: string },
): Promise<readonly Word[]> =>
  within({ command: 'pending', ...where }, async (session) => {
    if (of === 'requests') return requests(session, command);
    const found = await listed(session, of === 'roles' ? EXECUTION_ROLES : NAMESPACES);
    return found.map((object) => ({ word: (object as Named).metadata?.name ?? '', meaning: '' }));
  });
