import { sha256 } from '../core/verdict/digest.ts';
import type { KubeClient } from '../kube/client.ts';
import { TOKEN_REVIEWS } from '../kube/resources.ts';
import { GATEWAY_AUDIENCE } from '../objects/gateway-access.ts';

/** The pod that a token was made for. */
export interface TokenPod {
  readonly name: string;
  readonly uid: string;
}

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly audiences?: readonly string[];
    readonly user?: {
      readonly username?: string;
      readonly extra?: Readonly<Record<string, readonly string[]>>;
    };
  };
}

/** Longest token that is looked at, in characters; those of Kubernetes have about 1,200. */
const MAX_TOKEN = 8192;
/** A good answer counts so long. Pod and request are looked at anew for each call, so that a token dies with them at once. */
const KNOWN_MILLISECONDS = 15_000;
const MAX_KNOWN = 10_000;

const POD_NAME = 'authentication.kubernetes.io/pod-name';
const POD_UID = 'authentication.kubernetes.io/pod-uid';

/** What the API server says of a review; undefined: not a token of a sandbox's pod for this gateway. */
function podOf({ status }: TokenReview, username: string): TokenPod | undefined {
  if (status?.authenticated !== true || !status.audiences?.includes(GATEWAY_AUDIENCE)) return undefined;
  if (status.user?.username !== username) return undefined;
  const { extra = {} } = status.user;
  const [name] = extra[POD_NAME] ?? [];
  const [uid] = extra[POD_UID] ?? [];
  return name && uid ? { name, uid } : undefined;
}

export interface TokenReviewsOptions {
  readonly client: Pick<KubeClient, 'create'>;
  readonly sandboxNamespace: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Asks the API server whose token it is. Only good answers are kept, under the token's digest. Rejects when nobody could tell. */
export function tokenReviews({ client, sandboxNamespace, now }: TokenReviewsOptions) {
  const known = new Map<string, { readonly pod: TokenPod; readonly until: number }>();
  const username = `system:serviceaccount:${sandboxNamespace}:default`;
  return async (token: string): Promise<TokenPod | undefined> => {
    if (token.length > MAX_TOKEN || !/^[\w.-]+$/.test(token)) return undefined;
    const key = sha256(token);
    const found = known.get(key);
    if (found && found.until > now()) return found.pod;
    known.delete(key);
    const review = await client.create<TokenReview>(
      TOKEN_REVIEWS,
      {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenReview',
        spec: { token, audiences: [GATEWAY_AUDIENCE] },
      } as TokenReview,
      { timeoutMilliseconds: 3000 },
    );
    const pod = podOf(review, username);
    if (!pod) return undefined;
    // The oldest goes first; Map keeps the order of insertion.
    if (known.size >= MAX_KNOWN) known.delete(known.keys().next().value ?? '');
    known.set(key, { pod, until: now() + KNOWN_MILLISECONDS });
    return pod;
  };
}
