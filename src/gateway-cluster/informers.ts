import type { V1Pod } from '@kubernetes/client-node';
import { withoutInput } from '../api/input.ts';
import type { CodeExecutionRequest } from '../api/parse.ts';
import { isFinished } from '../core/finished.ts';
import { createInformer } from '../kube/informer.ts';
import type { Informer } from '../kube/informer.ts';
import { withBareMetadata } from '../kube/object.ts';
import type { KubeClient } from '../kube/client.ts';
import type { InformerMetrics, KubeLogger } from '../kube/ports.ts';
import {
  CODE_EXECUTION_REQUESTS,
  EXECUTION_APPROVALS,
  EXECUTION_ROLES,
  PLUGINS,
  PODS,
} from '../kube/resources.ts';
import { DEADLINE, GRANTED, PLUGINS as PLUGINS_LABEL, REQUEST } from '../objects/labels.ts';

/** Everything that the gateway follows. */
export interface GatewayInformers {
  /** Without their programs. */
  readonly requests: Informer<object>;
  /** Of the sandbox namespace: those that may call. */
  readonly pods: Informer<V1Pod>;
  readonly plugins: Informer<object>;
  readonly roles: Informer<object>;
  /** Indexed by the uid of their request. */
  readonly approvals: Informer<object>;
}

export interface InformerSources {
  readonly client: KubeClient;
  readonly logger: KubeLogger;
  readonly metrics: InformerMetrics;
  readonly sandboxNamespace: string;
  /** A pod changed: an address may have become known. */
  readonly onPod: () => void;
}

/** The gateway reads no program, and of a request that has ended only that. */
function withoutProgram(object: object): object {
  const { spec, status = {} } = object as Partial<CodeExecutionRequest>;
  return {
    ...withBareMetadata(object),
    spec: withoutInput(spec),
    status: isFinished(status) ? { state: status.state, result: { reason: 'Completed' } } : status,
  };
}

/** Who the pod is and where; its input stands in other annotations. */
function slimPod({ metadata, status }: V1Pod): V1Pod {
  const { [REQUEST]: request = '', [DEADLINE]: deadline = '' } = metadata?.annotations ?? {};
  return {
    metadata: { ...metadata, annotations: { [REQUEST]: request, [DEADLINE]: deadline } },
    status,
  } as V1Pod;
}

const requestUidOf = (approval: object): string =>
  (approval as { readonly spec?: { readonly requestRef?: { readonly uid?: string } } }).spec?.requestRef
    ?.uid ?? '';

/** Begins to follow everything that the gateway needs. */
export function followGateway({ sandboxNamespace, onPod, ...common }: InformerSources): GatewayInformers {
  const nothing = () => undefined;
  const informers: GatewayInformers = {
    requests: createInformer<object>({
      ...common,
      resource: CODE_EXECUTION_REQUESTS,
      transform: withoutProgram,
      onChange: nothing,
    }),
    pods: createInformer<V1Pod>({
      ...common,
      resource: PODS,
      namespace: sandboxNamespace,
      labelSelector: `${PLUGINS_LABEL}=${GRANTED}`,
      transform: slimPod,
      onChange: onPod,
    }),
    plugins: createInformer<object>({ ...common, resource: PLUGINS, onChange: nothing }),
    roles: createInformer<object>({ ...common, resource: EXECUTION_ROLES, onChange: nothing }),
    approvals: createInformer<object>({
      ...common,
      resource: EXECUTION_APPROVALS,
      transform: withBareMetadata,
      indexBy: (approval) => [requestUidOf(approval)],
      onChange: nothing,
    }),
  };
  for (const informer of Object.values(informers)) informer.start();
  return informers;
}
