import { parseApproval, parseRequest } from '../api/parse.ts';
import type { CodeExecutionRequest } from '../api/parse.ts';
import { API_VERSION } from '../api/v1alpha1/group.ts';
import type { Locale } from '../api/v1alpha1/names.ts';
import { differenceOf } from '../core/view/difference.ts';
import { plainly } from '../core/view/hidden.ts';
import { byUrgency, pendingRow } from '../core/view/pending-row.ts';
import type { PendingRow } from '../core/view/pending-row.ts';
import { requestView } from '../core/view/request-view.ts';
import { VIEW_WORDS } from '../core/view/words.ts';
import { callerName, earlierApproved } from '../judging/earlier.ts';
import type { KubeClient } from '../kube/client.ts';
import { CODE_EXECUTION_REQUESTS, EXECUTION_APPROVALS } from '../kube/resources.ts';
import type { Changes, Decision, Pending, Session, Shown } from './contract.ts';
import { Refusal } from './refusal.ts';

/** What waits for a person, for the API server to select. */
export const WAITING = 'status.state=AwaitingApproval';

/** Rows of the list, and requests that are read for it at one time: each may be half a megabyte. */
const MOST_ROWS = 1000;
const PAGE = 100;

/** Who the API server takes the caller for. */
export const whoAmI = async (client: KubeClient): Promise<Session> => ({
  username: (await callerName(client)) ?? '',
});

/** One that was stored by another version of Sekisho cannot be shown, so it is in no list. */
export function rowOf(object: object): PendingRow | undefined {
  const parsed = parseRequest(object);
  return parsed.ok ? pendingRow(parsed.value) : undefined;
}

/** What waits for approval, in one namespace or in all. */
export async function pending(client: KubeClient, namespace: string | undefined): Promise<Pending> {
  const rows: PendingRow[] = [];
  let resourceVersion = '';
  let isCut = false;
  for await (const page of client.pages<object>(CODE_EXECUTION_REQUESTS, {
    namespace,
    fieldSelector: WAITING,
    limit: PAGE,
  })) {
    ({ resourceVersion } = page);
    rows.push(...page.items.flatMap((object) => rowOf(object) ?? []));
    isCut = rows.length > MOST_ROWS;
    if (isCut) break;
  }
  return { rows: rows.slice(0, MOST_ROWS).toSorted(byUrgency), isCut, resourceVersion };
}

/** Names one request. */
export interface RequestRef {
  readonly namespace: string;
  readonly name: string;
}

async function stored(client: KubeClient, ref: RequestRef): Promise<[CodeExecutionRequest, string]> {
  const object = await client.get<{ metadata?: { resourceVersion?: string } }>(CODE_EXECUTION_REQUESTS, ref);
  if (!object) throw new Refusal(404, 'NotFound', `${ref.namespace}/${ref.name}`);
  const parsed = parseRequest(object);
  // Only one that can be read to its last field can be shown, and only what is shown can be decided about.
  if (!parsed.ok) throw new Refusal(422, 'Unreadable', `${ref.namespace}/${ref.name}`);
  return [parsed.value, object.metadata?.resourceVersion ?? ''];
}

/** A request as `sekisho show` shows it. */
export async function show(client: KubeClient, ref: RequestRef, locale: Locale): Promise<Shown> {
  const [request, resourceVersion] = await stored(client, ref);
  const view = requestView(request, locale);
  return {
    ...ref,
    uid: request.metadata.uid,
    state: request.status.state,
    view,
    lineCount: view.texts.reduce((sum, { lines }) => sum + lines.length, 0),
    resourceVersion,
  };
}

/** How a request differs from what the caller approved before of the same requester. Beside the whole of it, never in its place. */
export async function changes(client: KubeClient, ref: RequestRef, locale: Locale): Promise<Changes> {
  const [request] = await stored(client, ref);
  const earlier = await earlierApproved(client, request);
  if (!earlier) return {};
  const { name } = earlier.request.metadata;
  const sentence = VIEW_WORDS[locale].changes(name, earlier.approval.metadata.creationTimestamp);
  return {
    since: { sentence: plainly(sentence), difference: differenceOf(earlier.request.spec, request.spec) },
  };
}

/** Stores the caller's decision. Whether it counts is for the API server and its webhook to say. */
export async function decide(
  client: KubeClient,
  { namespace, name }: RequestRef,
  given: unknown,
): Promise<void> {
  const { uid, digest, decision, reason } = (given ?? {}) as Partial<Decision>;
  if (decision !== 'Approve' && decision !== 'Deny')
    throw new Refusal(400, 'Invalid', 'decision: write Approve or Deny.');
  const approval = {
    apiVersion: API_VERSION,
    kind: EXECUTION_APPROVALS.kind,
    metadata: { generateName: `${name.slice(0, 200)}-`, namespace },
    spec: { requestRef: { name, uid }, digest, decision, reason },
  };
  const parsed = parseApproval(approval);
  if (!parsed.ok)
    throw new Refusal(
      400,
      'Invalid',
      parsed.errors.map(({ path, message }) => `${path}: ${message}`).join('; '),
    );
  await client.create<object>(EXECUTION_APPROVALS, approval, { fieldValidation: 'Strict' });
}
