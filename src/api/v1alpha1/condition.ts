import { z } from 'zod';

/** metav1.Condition of the Kubernetes API conventions. */
export const condition = z.object({
  type: z.string().max(316).describe('Name of the condition.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  observedGeneration: z.int().optional().describe('Generation of the spec that was looked at.'),
  lastTransitionTime: z.iso.datetime().describe('When the status last changed.'),
  reason: z.string().max(1024).describe('For machines: one word.'),
  message: z.string().max(32_768).describe('For people: a sentence.'),
});
export type Condition = z.infer<typeof condition>;
