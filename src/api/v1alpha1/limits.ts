import { z } from 'zod';

/** Largest deadline of any program: one hour. Longer work belongs into a Job of one's own, not into a checkpoint. */
export const MAX_DEADLINE_SECONDS = 3600;

/** CPU in cores (0.3) or millicores (300m): the part of Kubernetes' quantities that makes sense for a CPU. */
const cpu = z
  .string()
  .max(16)
  .regex(/^([1-9][0-9]*m|[0-9]+(\.[0-9]{1,3})?)$/);

/** Bytes with a binary (Ki, Mi, Gi) or decimal (k, M, G) suffix, or none. */
const bytes = z
  .string()
  .max(16)
  .regex(/^[1-9][0-9]*(Ki|Mi|Gi|k|M|G)?$/);

/** Limits on what a program may use. Every field may be left out. */
export const limits = z.object({
  cpu: cpu.optional().describe('CPU time a second of real time, for example 300m (30 % of one core).'),
  memory: bytes
    .optional()
    .describe(
      'Memory, files in the scratch space included, for example 100Mi. Beyond it the program is killed (OOMKilled).',
    ),
  scratch: bytes
    .optional()
    .describe(
      'Size of the scratch space mounted at /workspace and /tmp, for example 64Mi. It is memory-backed and counts against memory.',
    ),
  pids: z
    .int()
    .min(16)
    .max(4096)
    .optional()
    .describe('Processes and threads at one time, those of the supervisor (about 8) included.'),
});
export type Limits = z.infer<typeof limits>;

/** Wall-clock seconds from the program's start to its forced end. */
export const deadlineSeconds = z.int().min(1).max(MAX_DEADLINE_SECONDS);
