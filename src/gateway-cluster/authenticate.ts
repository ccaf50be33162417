import type { V1Pod } from '@kubernetes/client-node';
import { parseRequest, parseRole } from '../api/parse.ts';
import type { CodeExecutionRequest, ExecutionRole } from '../api/parse.ts';
import { isFinished } from '../core/finished.ts';
import type { Authentication } from '../gateway/contract.ts';
import { plainAddress } from '../gateway/http/connections.ts';
import type { KubeClient } from '../kube/client.ts';
import { refOf } from '../kube/object.ts';
import { CODE_EXECUTION_REQUESTS, PODS } from '../kube/resources.ts';
import { grantedSeconds } from '../objects/gateway-access.ts';
import { REQUEST, REQUEST_UID } from '../objects/labels.ts';
import type { GatewayInformers } from './informers.ts';
import type { PodArrivals } from './pod-arrivals.ts';
import type { TokenPod } from './token-reviews.ts';

export interface AuthenticatePorts {
  readonly reviewToken: (token: string) => Promise<TokenPod | undefined>;
  readonly informers: Pick<GatewayInformers, 'pods' | 'requests' | 'roles'>;
  readonly client: Pick<KubeClient, 'get'>;
  readonly arrivals: PodArrivals;
  readonly sandboxNamespace: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How long a pod may take until the API server knows its address: the kubelet tells it after the program has begun. */
const ADDRESS_MILLISECONDS = 5000;

const UNAUTHENTICATED: Authentication = { kind: 'Refused', code: 'Unauthenticated' };
const ENDED: Authentication = { kind: 'Refused', code: 'RequestEnded' };

const addressesOf = ({ status }: V1Pod): readonly string[] =>
  (status?.podIPs ?? []).flatMap(({ ip }) => (ip ? [ip.toLowerCase()] : []));

const isLive = ({ metadata, status }: V1Pod): boolean =>
  metadata?.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';

/** client-node types times as Date; our transport leaves them as text. */
function startOf({ status }: V1Pod): number | undefined {
  const at = status?.containerStatuses?.[0]?.state?.running?.startedAt as string | undefined;
  return at === undefined ? undefined : Date.parse(at);
}

function readRequest(object: object | undefined): CodeExecutionRequest | undefined {
  const parsed = object && parseRequest(object);
  return parsed?.ok ? parsed.value : undefined;
}

function roleNamed(informers: AuthenticatePorts['informers'], name: string): ExecutionRole | undefined {
  const object = informers.roles.get(name);
  const parsed = object && parseRole(object);
  return parsed?.ok ? parsed.value : undefined;
}

/** Whether its program may still call: begun, not ended, not taken back, not being deleted. */
const isRunning = ({ metadata, spec, status }: CodeExecutionRequest): boolean =>
  status.state === 'Running' &&
  !isFinished(status) &&
  spec.cancel !== true &&
  metadata.deletionTimestamp === undefined;

/** The pod of a token, from the cache, or from the API server where that has not heard of it or of its address yet. */
async function livePod(token: TokenPod, ports: AuthenticatePorts): Promise<V1Pod | undefined> {
  const { informers, client, arrivals, sandboxNamespace: namespace, now } = ports;
  const isKnown = (pod: V1Pod | undefined): pod is V1Pod =>
    pod?.metadata?.uid === token.uid && addressesOf(pod).length > 0;
  const until = now() + ADDRESS_MILLISECONDS;
  for (;;) {
    const cached = informers.pods.get(`${namespace}/${token.name}`);
    if (isKnown(cached)) return cached;
    const found = await client.get<V1Pod>(
      PODS,
      { namespace, name: token.name },
      { timeoutMilliseconds: 3000 },
    );
    if (found?.metadata?.uid !== token.uid || isKnown(found)) return found;
    if (now() >= until) return found;
    await arrivals.next(200);
  }
}

/** The request that a pod runs for. What the cache calls not running may only not have been heard yet. */
async function requestOf(
  { metadata }: V1Pod,
  ports: AuthenticatePorts,
): Promise<CodeExecutionRequest | undefined> {
  const key = metadata?.annotations?.[REQUEST] ?? '';
  const uid = metadata?.labels?.[REQUEST_UID];
  const isIt = (request: CodeExecutionRequest | undefined) => request?.metadata.uid === uid && request;
  const cached = isIt(readRequest(ports.informers.requests.get(key)));
  if (cached && (isRunning(cached) || isFinished(cached.status))) return cached;
  const live = await ports.client.get<object>(CODE_EXECUTION_REQUESTS, refOf(key), {
    timeoutMilliseconds: 3000,
  });
  return isIt(readRequest(live)) || undefined;
}

/**
 * Whose call it is: the token was made for this gateway and a pod of the sandbox namespace, that pod lives and has the address that
 * calls, and its request is running. All but the token's signature is looked at anew for each call. Rejects when nobody could tell.
 */
export async function authenticate(
  token: string,
  address: string,
  ports: AuthenticatePorts,
): Promise<Authentication> {
  const { informers, now } = ports;
  if (Object.values(informers).some((informer) => informer.stale(now())))
    throw new Error('the API server has not been heard for a minute');
  const named = await ports.reviewToken(token);
  const pod = named && (await livePod(named, ports));
  if (!pod || pod.metadata?.uid !== named.uid) return UNAUTHENTICATED;
  if (!isLive(pod)) return ENDED;
  const addresses = addressesOf(pod);
  if (addresses.length === 0) throw new Error('the API server does not know the address of the pod yet');
  const seconds = grantedSeconds(pod);
  if (!addresses.includes(plainAddress(address).toLowerCase()) || seconds === undefined)
    return UNAUTHENTICATED;
  const request = await requestOf(pod, ports);
  if (!request || !isRunning(request)) return ENDED;
  const until = (startOf(pod) ?? now()) + seconds * 1000;
  if (now() > until) return ENDED;
  const role = roleNamed(informers, request.spec.role);
  if (!role) return { kind: 'Refused', code: 'NotGranted' };
  const { name, namespace = '', uid } = request.metadata;
  const requester = request.spec.requester?.username ?? '';
  const grants = request.status.verdict?.plugins ?? [];
  const caller = { request: { namespace, name, uid }, podUid: named.uid, requester, role, grants, until };
  return { kind: 'Caller', caller };
}
