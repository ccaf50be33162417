import { parseRequest } from '../../api/parse.ts';
import type { CodeExecutionRequest } from '../../api/parse.ts';
import type { Locale } from '../../api/v1alpha1/names.ts';
import { CODE_EXECUTION_REQUESTS } from '../../kube/resources.ts';
import { UsageError } from '../usage.ts';
import type { Session } from './session.ts';
import { CLUSTER_WORDS } from './words.ts';

interface Wanted {
  readonly name: string;
  readonly locale?: Locale;
}

/** A request as the API server has it, whatever version wrote it. */
export async function storedRequest(
  { client, namespace }: Session,
  { name, locale = 'en' }: Wanted,
): Promise<object> {
  const object = await client.get<object>(CODE_EXECUTION_REQUESTS, { namespace, name });
  if (!object) throw new UsageError(CLUSTER_WORDS[locale].missing(name, namespace));
  return object;
}

/** The request as stored; only one that can be read to its last field can be shown. */
export async function requestOf(session: Session, wanted: Wanted): Promise<CodeExecutionRequest> {
  const parsed = parseRequest(await storedRequest(session, wanted));
  if (!parsed.ok) throw new UsageError(CLUSTER_WORDS[wanted.locale ?? 'en'].unreadable(wanted.name));
  return parsed.value;
}
