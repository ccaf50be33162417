import type { V1ConfigMap, V1Job } from '@kubernetes/client-node';
import type { CodeExecutionRequest } from '../api/parse.ts';
import { COMPONENT, MANAGED_BY, MANAGER, REQUEST, REQUEST_UID } from './labels.ts';
import { runName } from './names.ts';
import { filesOf } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';

/** Kubernetes allows 256 KiB for all annotations of an object; 56 KiB are left to keys and to what others add. */
const ANNOTATION_BYTES = 204_800;

/** Whether the input is too large for annotations of the pod. */
export function needsConfigMap(request: CodeExecutionRequest): boolean {
  const texts = [...filesOf(request).map(({ content }) => content), request.spec.stdin ?? ''];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) > ANNOTATION_BYTES;
}

/** The immutable ConfigMap that carries a large input; it goes with the Job that owns it. */
export function configMapFor({ request, namespace }: Sandbox, job: V1Job): V1ConfigMap {
  const { metadata, spec } = request;
  const files = filesOf(request).map(({ content }, index) => [`input.${index}`, content] as const);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: runName(metadata.uid),
      namespace,
      labels: { [MANAGED_BY]: MANAGER, [COMPONENT]: 'sandbox', [REQUEST_UID]: metadata.uid },
      annotations: { [REQUEST]: `${metadata.namespace ?? ''}/${metadata.name}` },
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'Job',
          name: job.metadata?.name ?? '',
          uid: job.metadata?.uid ?? '',
          controller: false,
          blockOwnerDeletion: false,
        },
      ],
    },
    immutable: true,
    data: { ...Object.fromEntries(files), stdin: spec.stdin ?? '' },
  };
}
