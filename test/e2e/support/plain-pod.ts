import type { V1Pod } from '@kubernetes/client-node';
import { eventually } from '../../support/eventually.ts';
import { kubectl, must, read } from './kubectl.ts';

/** The image in which programs of a language run. */
export const imageOf = async (language: string): Promise<string> =>
  (await read<{ spec: { images: Record<string, string> } }>(['get', 'sandboxclass', 'default'])).spec.images[
    language
  ] ?? '';

/** Runs a program in an ordinary pod, as whoever has no Sekisho would, and answers what it printed. */
export async function runPlainly(namespace: string, command: readonly string[]): Promise<string> {
  const name = 'plain';
  const container = { name, image: await imageOf('Python'), imagePullPolicy: 'IfNotPresent', command };
  await must(['create', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers: [container] },
  });
  await eventually(
    async () => (await read<V1Pod>(['-n', namespace, 'get', 'pod', name])).status?.phase === 'Succeeded',
    { what: 'the ordinary pod ends', timeoutMilliseconds: 60_000, intervalMilliseconds: 300 },
  );
  const output = await must(['-n', namespace, 'logs', name]);
  await kubectl(['-n', namespace, 'delete', 'pod', name, '--now', '--wait=false']);
  return output;
}
