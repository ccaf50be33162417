import type { V1Job } from '@kubernetes/client-node';
import type { ProvenShape } from '../core/observed.ts';
import { COMPONENT, MANAGED_BY, MANAGER, SHAPE } from './labels.ts';
import { probeName, sandboxUid } from './names.ts';
import { lockedPod, LOCKED_CONTAINER, START_SECONDS } from './pod.ts';

/** Seconds in which a started probe must have given its answer. */
const PROBE_SECONDS = 20;

export interface Probe {
  readonly shape: ProvenShape;
  readonly serial: string;
  readonly namespace: string;
  readonly image: string;
  /** Addresses with a known listener, as host:port; the probe must reach none of them. */
  readonly targets: readonly string[];
}

/** One word for a shape, as a label value. */
export const shapeKey = (shape: ProvenShape): string =>
  `${shape.runtimeClassName ?? 'default'}.${shape.userNamespace ? 'user' : 'host'}`;

/** The Job of a probe: the same locked pod as a sandbox's, whose program only tries to get out. */
export function probeJob({ shape, serial, namespace, image, targets }: Probe): V1Job {
  const name = probeName(shapeKey(shape), serial);
  const labels = { [MANAGED_BY]: MANAGER, [COMPONENT]: 'probe', [SHAPE]: shapeKey(shape) };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, labels },
    spec: {
      completions: 1,
      parallelism: 1,
      backoffLimit: 0,
      activeDeadlineSeconds: PROBE_SECONDS + START_SECONDS,
      ttlSecondsAfterFinished: 60,
      template: {
        metadata: { labels },
        spec: lockedPod({
          shape,
          uid: sandboxUid(name, shape.userNamespace),
          deadlineSeconds: PROBE_SECONDS,
          volumes: [],
          container: {
            name: 'probe',
            image,
            imagePullPolicy: 'IfNotPresent',
            args: [
              'probe',
              ...(shape.userNamespace ? ['--user-namespace'] : []),
              ...targets.map((target) => `--target=${target}`),
            ],
            resources: {
              limits: { cpu: '500m', memory: '128Mi', 'ephemeral-storage': '16Mi' },
              requests: { cpu: '10m', memory: '64Mi', 'ephemeral-storage': '16Mi' },
            },
            securityContext: LOCKED_CONTAINER,
            terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
          },
        }),
      },
    },
  };
}
