import { z } from 'zod';
import { deadlineSeconds, limits } from './limits.ts';
import { objectName } from './names.ts';

const image = z.string().min(1).max(512);

const toleration = z.object({
  key: z.string().max(317).optional().describe('Taint key.'),
  operator: z.enum(['Exists', 'Equal']).optional().describe('How the value is compared.'),
  value: z.string().max(63).optional().describe('Taint value.'),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional().describe('Taint effect.'),
});

const spec = z.object({
  images: z
    .object({
      Python: image.optional().describe('Image with python3, for example python:3.13-slim.'),
      JavaScript: image.optional().describe('Image with node >= 22.'),
      TypeScript: image.optional().describe('Image with node >= 24, which runs TypeScript by itself.'),
      Bash: image.optional().describe('Image with bash.'),
    })
    .describe(
      'Image for each language. Each needs sh, env, timeout, cp, dd, mkdir, mkfifo, head, wc, base64, sha256sum and sleep (coreutils or busybox). A language without one is denied.',
    ),
  limits: limits
    .prefault({})
    .describe('Default and largest limits. What is left out: cpu 300m, memory 100Mi, scratch 64Mi, pids 64.'),
  requests: limits
    .pick({ cpu: true, memory: true })
    .optional()
    .describe(
      'What the scheduler sets aside for a sandbox. Default: the limits, so that a sandbox never takes from its neighbours.',
    ),
  deadlineSeconds: deadlineSeconds.default(20).describe('Default and largest deadline.'),
  outputBytes: z
    .int()
    .min(1024)
    .max(131_072)
    .default(65_536)
    .describe('Bytes kept of stdout, and as many of stderr.'),
  runtimeClassName: objectName
    .optional()
    .describe("RuntimeClass, for example gvisor. Default: the cluster's own."),
  userNamespaces: z
    .enum(['Auto', 'Required', 'Disabled'])
    .default('Auto')
    .describe(
      'Whether sandboxes get a user namespace (hostUsers: false). Auto: where a probe saw that it works.',
    ),
  nodeSelector: z
    .record(z.string(), z.string().max(63))
    .optional()
    .meta({ maxProperties: 32 })
    .describe('Labels of the nodes to run on.'),
  tolerations: z
    .array(toleration)
    .max(16)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Taints to tolerate.'),
});
export type ClassSpec = z.infer<typeof spec>;

/** What a sandbox is made of, as a StorageClass says what a volume is made of. */
export const sandboxClass = { spec };
