import { z } from 'zod';
import { labelSelector } from './label-selector.ts';

const amounts = z.object({
  running: z
    .int()
    .min(0)
    .max(100_000)
    .optional()
    .describe('Programs that may run at one time; 0 stops every start. Default: no limit.'),
  perHour: z
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('Programs that may start within any sixty minutes. Default: no limit.'),
});
export type Amounts = z.infer<typeof amounts>;

const spec = z.object({
  namespaceSelector: labelSelector.optional().describe('Namespaces to which it applies. Default: all.'),
  namespace: amounts.optional().describe('Limits of each namespace, for all its requests together.'),
  requester: amounts
    .optional()
    .describe('Limits of each requester, for the requests of that user in all namespaces together.'),
});
export type QuotaSpec = z.infer<typeof spec>;

/** How much may run: what is over waits as Queued and never fails. */
export const executionQuota = { spec };
