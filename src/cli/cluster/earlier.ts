import { parseApproval, parseRequest } from '../../api/parse.ts';
import type { CodeExecutionRequest, ExecutionApproval } from '../../api/parse.ts';
import type { Locale } from '../../api/v1alpha1/names.ts';
import { approvedBy, differenceOf } from '../../core/view/difference.ts';
import type { Difference } from '../../core/view/difference.ts';
import { plainly, textOf } from '../../core/view/hidden.ts';
import { isKube } from '../../kube/errors.ts';
import { CODE_EXECUTION_REQUESTS, EXECUTION_APPROVALS, SELF_SUBJECT_REVIEWS } from '../../kube/resources.ts';
import type { Session } from './session.ts';
import { CLUSTER_WORDS } from './words.ts';

/** Decisions that are looked through, and approved requests of which the requester is compared. */
const MAX_APPROVALS = 5000;
const MAX_CANDIDATES = 50;

/** A request that the caller approved before, and still can read. */
interface Earlier {
  readonly request: CodeExecutionRequest;
  readonly approval: ExecutionApproval;
}

interface Review {
  readonly status?: { readonly userInfo?: { readonly username?: string } };
}

/** Who the API server says the caller is. */
async function callerOf({ client }: Session): Promise<string | undefined> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: SELF_SUBJECT_REVIEWS.kind, metadata: {} };
  return (await client.create<Review & object>(SELF_SUBJECT_REVIEWS, review)).status?.userInfo?.username;
}

async function approvalsHere({ client, namespace }: Session): Promise<readonly ExecutionApproval[]> {
  const all: ExecutionApproval[] = [];
  for await (const { items } of client.pages<object>(EXECUTION_APPROVALS, { namespace, limit: 500 })) {
    for (const object of items) {
      const parsed = parseApproval(object);
      if (parsed.ok) all.push(parsed.value);
    }
    if (all.length >= MAX_APPROVALS) break;
  }
  return all;
}

/** The newest request of the same requester that the caller approved, if it still exists under its uid. */
async function earlierOf(session: Session, request: CodeExecutionRequest): Promise<Earlier | undefined> {
  const caller = await callerOf(session);
  if (caller === undefined) return undefined;
  const seen = new Set([request.metadata.uid]);
  for (const approval of approvedBy(await approvalsHere(session), caller).slice(0, MAX_CANDIDATES)) {
    const { name, uid } = approval.spec.requestRef;
    if (seen.has(uid)) continue;
    seen.add(uid);
    const ref = { namespace: session.namespace, name };
    const parsed = parseRequest(await session.client.get<object>(CODE_EXECUTION_REQUESTS, ref));
    if (!parsed.ok || parsed.value.metadata.uid !== uid) continue;
    if (parsed.value.spec.requester?.username === request.spec.requester?.username)
      return { request: parsed.value, approval };
  }
  return undefined;
}

function linesOf(difference: Difference, locale: Locale): readonly string[] {
  const words = CLUSTER_WORDS[locale];
  if (difference.kind === 'None') return [`  ${words.sameAsBefore}`];
  if (difference.kind === 'TooLarge') return [`  ${words.differsTooMuch}`];
  return difference.texts.flatMap(({ title, lines }) => [
    `  ${title}:`,
    ...lines.map(({ mark, pieces }) => `    ${mark === '@' ? '' : mark}${textOf(pieces)}`),
  ]);
}

/**
 * What has changed since the caller last approved something of the same requester; empty where there is nothing to compare with, or
 * nothing that the caller may read. It stands below the whole request and takes nothing from it.
 */
export async function changesSince(
  session: Session,
  request: CodeExecutionRequest,
  locale: Locale,
): Promise<string> {
  try {
    const earlier = await earlierOf(session, request);
    if (!earlier) return '';
    const { metadata } = earlier.request;
    const head = CLUSTER_WORDS[locale].changes(metadata.name, earlier.approval.metadata.creationTimestamp);
    const lines = linesOf(differenceOf(earlier.request.spec, request.spec), locale);
    return `\n${plainly(head)}\n${lines.join('\n')}\n`;
  } catch (error) {
    if (isKube(error, 'Forbidden') || isKube(error, 'NotFound')) return '';
    throw error;
  }
}
