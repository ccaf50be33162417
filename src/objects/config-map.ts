import type { V1ConfigMap, V1Job } from '@kubernetes/client-node';
import type { CodeExecutionRequest } from '../api/parse.ts';
import { COMPONENT, MANAGED_BY, MANAGER, REQUEST, REQUEST_UID } from './labels.ts';
import { runName } from './names.ts';
import { filesOf, textsOf } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * Bytes of input, all together, that go into the Job's command. Linux takes 131,072 bytes for one argument of a program
 * (MAX_ARG_STRLEN in include/uapi/linux/binfmts.h); no text of the input may reach that.
 */
const COMMAND_BYTES = 98_304;

/** Whether the input cannot be arguments of a command: it is too large, or has a NUL, where an argument would end. */
export function needsConfigMap(request: CodeExecutionRequest): boolean {
  const texts = textsOf(request);
  return (
    texts.some((text) => text.includes('\0')) ||
    texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) > COMMAND_BYTES
  );
}

/** The immutable ConfigMap that carries an input which a command cannot; it goes with the Job that owns it. */
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
