import type { V1EnvVar, V1Job, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { DEADLINE, GRANTED, PLUGINS } from './labels.ts';
import type { Sandbox } from './sandbox.ts';

/** Port of the gateway. The chart's NetworkPolicies name it, and the controller reads them back. */
export const GATEWAY_PORT = 8080;

/** Audience of the tokens that the gateway takes; the API server takes none of them for itself. */
export const GATEWAY_AUDIENCE = 'sekisho-gateway';

/** Seconds for which a token is good, the shortest that Kubernetes knows. The gateway ends it with the program, and it dies with the pod. */
const TOKEN_SECONDS = 600;

const DIRECTORY = '/sekisho/gateway';

/** What a pod needs beside its program to call the gateway; nothing where no plugin was granted. */
export interface GatewayAccess {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly environment: readonly V1EnvVar[];
  readonly volumes: readonly V1Volume[];
  readonly mounts: readonly V1VolumeMount[];
}

const NONE: GatewayAccess = { labels: {}, annotations: {}, environment: [], volumes: [], mounts: [] };

/** A token of this very pod, for the gateway alone, and the way to it. */
export function gatewayAccess({ gateway, limits }: Pick<Sandbox, 'gateway' | 'limits'>): GatewayAccess {
  if (gateway === undefined) return NONE;
  const token = { audience: GATEWAY_AUDIENCE, expirationSeconds: TOKEN_SECONDS, path: 'token' };
  return {
    labels: { [PLUGINS]: GRANTED },
    annotations: { [DEADLINE]: String(limits.deadlineSeconds) },
    environment: [
      { name: 'SEKISHO_GATEWAY', value: gateway },
      { name: 'SEKISHO_TOKEN_FILE', value: `${DIRECTORY}/token` },
    ],
    volumes: [
      { name: 'gateway', projected: { defaultMode: 0o400, sources: [{ serviceAccountToken: token }] } },
    ],
    mounts: [{ name: 'gateway', mountPath: DIRECTORY, readOnly: true }],
  };
}

/** Seconds that the program of a granted pod has; undefined for any other pod. */
export function grantedSeconds({ metadata }: Pick<V1Job, 'metadata'>): number | undefined {
  if (metadata?.labels?.[PLUGINS] !== GRANTED) return undefined;
  const seconds = Number(metadata.annotations?.[DEADLINE]);
  return Number.isInteger(seconds) && seconds > 0 ? seconds : undefined;
}
