import { parseApproval, parseRequest } from '../api/parse.ts';
import type { CodeExecutionRequest, ExecutionApproval } from '../api/parse.ts';
import { approvedBy } from '../core/view/difference.ts';
import type { KubeClient } from '../kube/client.ts';
import { isKube } from '../kube/errors.ts';
import { CODE_EXECUTION_REQUESTS, EXECUTION_APPROVALS, SELF_SUBJECT_REVIEWS } from '../kube/resources.ts';

/** Decisions that are looked through, and approved requests of which the requester is compared. */
const MAX_APPROVALS = 5000;
const MAX_CANDIDATES = 50;

/** A request that the caller approved before, and still can read. */
export interface Earlier {
  readonly request: CodeExecutionRequest;
  readonly approval: ExecutionApproval;
}

interface Review {
  readonly status?: { readonly userInfo?: { readonly username?: string } };
}

/** Who the API server says the caller is. Everybody may ask this about themselves. */
export async function callerName(client: KubeClient): Promise<string | undefined> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: SELF_SUBJECT_REVIEWS.kind, metadata: {} };
  return (await client.create<Review & object>(SELF_SUBJECT_REVIEWS, review)).status?.userInfo?.username;
}

async function approvalsIn(
  client: KubeClient,
  namespace: string | undefined,
): Promise<readonly ExecutionApproval[]> {
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

async function newestOf(client: KubeClient, request: CodeExecutionRequest): Promise<Earlier | undefined> {
  const caller = await callerName(client);
  if (caller === undefined) return undefined;
  const { namespace } = request.metadata;
  const seen = new Set([request.metadata.uid]);
  for (const approval of approvedBy(await approvalsIn(client, namespace), caller).slice(0, MAX_CANDIDATES)) {
    const { name, uid } = approval.spec.requestRef;
    if (seen.has(uid)) continue;
    seen.add(uid);
    const parsed = parseRequest(await client.get<object>(CODE_EXECUTION_REQUESTS, { namespace, name }));
    if (!parsed.ok || parsed.value.metadata.uid !== uid) continue;
    if (parsed.value.spec.requester?.username === request.spec.requester?.username)
      return { request: parsed.value, approval };
  }
  return undefined;
}

/**
 * The newest request of the same requester that the caller approved, if it still exists under its uid; undefined where there is none, or
 * none that the caller may read.
 */
export async function earlierApproved(
  client: KubeClient,
  request: CodeExecutionRequest,
): Promise<Earlier | undefined> {
  try {
    return await newestOf(client, request);
  } catch (error) {
    if (isKube(error, 'Forbidden') || isKube(error, 'NotFound')) return undefined;
    throw error;
  }
}
