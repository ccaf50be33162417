import { z } from 'zod';

/** metav1.LabelSelector, bounded. */
export const labelSelector = z.object({
  matchLabels: z
    .record(z.string(), z.string().max(63))
    .optional()
    .meta({ maxProperties: 32 })
    .describe('Labels that must be equal.'),
  matchExpressions: z
    .array(
      z.object({
        key: z.string().max(317).describe('Label key.'),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']).describe('How the values are compared.'),
        values: z
          .array(z.string().max(63))
          .max(32)
          .optional()
          .meta({ 'x-kubernetes-list-type': 'atomic' })
          .describe('Values for In and NotIn.'),
      }),
    )
    .max(16)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Expressions that must all hold.'),
});
export type LabelSelector = z.infer<typeof labelSelector>;
