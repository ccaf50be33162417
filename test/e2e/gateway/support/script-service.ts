import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Service, V1ServicePort } from '@kubernetes/client-node';
import { must, read } from '../../support/kubectl.ts';
import { imageOf } from '../../support/plain-pod.ts';

/** What every container of a test's own services runs under. */
const LOCKED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  runAsUser: 65532,
};

/** A file NAME.mjs beside this one, run by node in a pod of that name. */
interface Script {
  readonly name: string;
  /** At which it answers GET once it is ready. */
  readonly ready: { readonly path: string; readonly port: number };
  /** Of its Service. */
  readonly port: V1ServicePort;
}

const objectsOf = (namespace: string, { name, ready, port }: Script, image: string): readonly object[] => [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { 'main.mjs': readFileSync(join(import.meta.dirname, `${name}.mjs`), 'utf8') },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      containers: [
        {
          ...{ name, image, imagePullPolicy: 'IfNotPresent', securityContext: LOCKED },
          command: ['node', '/app/main.mjs'],
          readinessProbe: { httpGet: ready, periodSeconds: 1 },
          volumeMounts: [{ name: 'app', mountPath: '/app', readOnly: true }],
        },
      ],
      volumes: [{ name: 'app', configMap: { name } }],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [port] },
  },
];

/** Starts a script as a service of a namespace, with which it ends; answers the address of the Service once it is ready. */
export async function startScript(namespace: string, script: Script): Promise<string> {
  const { name } = script;
  const items = objectsOf(namespace, script, await imageOf('JavaScript'));
  await must(['create', '-f', '-'], { apiVersion: 'v1', kind: 'List', items });
  await must(['-n', namespace, 'wait', '--for=condition=Ready', `pod/${name}`, '--timeout=90s']);
  const service = await read<V1Service>(['-n', namespace, 'get', 'service', name]);
  return service.spec?.clusterIP ?? '';
}
