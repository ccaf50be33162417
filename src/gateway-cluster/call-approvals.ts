import { parseApproval, parseRequest } from '../api/parse.ts';
import type { CodeExecutionRequest } from '../api/parse.ts';
import type { Identity } from '../api/v1alpha1/identity.ts';
import type { PendingCall } from '../api/v1alpha1/code-execution-request.ts';
import { standingOf } from '../core/approval/standing.ts';
import type { ApprovalSeen } from '../core/approval/standing.ts';
import { safeText } from '../core/run/text.ts';
import { millisecondsOf, timeOf } from '../core/time.ts';
import type { CallApproval, CallToApprove } from '../gateway/contract.ts';
import type { KubeClient } from '../kube/client.ts';
import { isKube } from '../kube/errors.ts';
import { CODE_EXECUTION_REQUESTS } from '../kube/resources.ts';
import type { GatewayInformers } from './informers.ts';

/** Longest arguments that a person can be asked about: they are shown whole, or not at all. */
const MAX_SHOWN = 8192;
/** Calls of one request that people may be asked about. */
const MAX_PENDING = 32;
/** How often a status that somebody else changed at the same moment is read anew. */
const ATTEMPTS = 5;

export interface CallApprovalPorts {
  readonly client: Pick<KubeClient, 'get' | 'patch'>;
  readonly approvals: GatewayInformers['approvals'];
  /** Whether RBAC grants somebody "approve" on the role at this moment; never from a cache. */
  readonly mayApprove: (approver: Identity, role: string) => Promise<boolean>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Stored {
  readonly request: CodeExecutionRequest;
  readonly resourceVersion: string;
}

async function readNow({ caller }: CallToApprove, { client }: CallApprovalPorts): Promise<Stored> {
  const { namespace, name, uid } = caller.request;
  const object = await client.get<object>(CODE_EXECUTION_REQUESTS, { namespace, name });
  const parsed = object && parseRequest(object);
  if (!parsed?.ok || parsed.value.metadata.uid !== uid) throw new Error('the request of the call is gone');
  const { metadata } = object as { readonly metadata: { readonly resourceVersion: string } };
  return { request: parsed.value, resourceVersion: metadata.resourceVersion };
}

/** Writes an entry of status.pendingCalls, if nobody has changed the request since it was read; else rejects with Conflict. */
async function writeEntry(
  entry: PendingCall,
  { request, resourceVersion }: Stored,
  client: CallApprovalPorts['client'],
) {
  const { namespace, name } = request.metadata;
  const calls = request.status.pendingCalls ?? [];
  const kept = calls.filter(({ digest }) => digest !== entry.digest);
  const patch = { metadata: { resourceVersion }, status: { pendingCalls: [...kept, entry] } };
  await client.patch(CODE_EXECUTION_REQUESTS, { namespace, name }, patch, {
    type: 'merge',
    subresource: 'status',
    fieldManager: 'sekisho-gateway-calls',
  });
}

/** What people decided about this very call, and whether RBAC still lets them. */
async function decisionsOn(
  { digest, caller }: CallToApprove,
  { approvals, mayApprove }: CallApprovalPorts,
): Promise<readonly ApprovalSeen[]> {
  const about = approvals.byIndex(caller.request.uid).flatMap((object) => {
    const parsed = parseApproval(object);
    const isIt = parsed.ok && parsed.value.metadata.namespace === caller.request.namespace;
    // The glass is broken for a run, which is an emergency of people; a program's call is none.
    const counts = isIt && parsed.value.spec.digest === digest && parsed.value.spec.decision !== 'BreakGlass';
    return counts ? [parsed.value] : [];
  });
  return Promise.all(
    about.map(async (approval) => {
      const { approver } = approval.spec;
      const may = approver !== undefined && (await mayApprove(approver, caller.role.metadata.name));
      return { approval, mayApprove: may };
    }),
  );
}

/** Where a waiting call stands now: what becomes of its entry. */
async function settled(
  call: CallToApprove,
  entry: PendingCall,
  { request, ports }: { readonly request: CodeExecutionRequest; readonly ports: CallApprovalPorts },
): Promise<PendingCall['state']> {
  const { requester = {}, onBehalfOf } = request.spec;
  const standing = standingOf(
    {
      askers: { requester, onBehalfOf },
      createdAt: millisecondsOf(entry.askedAt),
      digest: call.digest,
      rules: call.caller.role.spec.approval,
      approvals: await decisionsOn(call, ports),
    },
    ports.now(),
  );
  if (standing.kind === 'Given') return 'Used';
  return standing.kind === 'Missing' ? 'Waiting' : 'Denied';
}

async function attempt(call: CallToApprove, ports: CallApprovalPorts): Promise<CallApproval> {
  const stored = await readNow(call, ports);
  const known = stored.request.status.pendingCalls ?? [];
  const entry = known.find(({ digest }) => digest === call.digest);
  if (!entry) {
    if (known.length >= MAX_PENDING)
      throw new Error('people were asked about too many calls of this request');
    const { plugin, operation, digest, argumentsJson } = call;
    const asked: PendingCall = {
      ...{ digest, plugin: plugin.metadata.name, operation: operation.name },
      arguments: safeText(argumentsJson),
      askedAt: timeOf(ports.now()),
      state: 'Waiting',
    };
    await writeEntry(asked, stored, ports.client);
    return 'Waiting';
  }
  if (entry.state !== 'Waiting') return entry.state;
  const state = await settled(call, entry, { request: stored.request, ports });
  if (state === 'Waiting') return 'Waiting';
  // Before the upstream hears of the call: whoever is second meets a conflict, reads anew, and finds it used.
  await writeEntry({ ...entry, state }, stored, ports.client);
  return state === 'Used' ? 'Given' : 'Denied';
}

/**
 * Whether people have approved this one call, which is thereby used up. The first time it is put before them, in status.pendingCalls.
 * Rejects when nobody could tell.
 */
export async function approvalOf(call: CallToApprove, ports: CallApprovalPorts): Promise<CallApproval> {
  if (safeText(call.argumentsJson).length > MAX_SHOWN) return 'Denied';
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt(call, ports);
    } catch (error) {
      if (tried === ATTEMPTS || !isKube(error, 'Conflict')) throw error;
    }
  }
}
