import { z } from 'zod';
import { identity } from './identity.ts';
import { objectName } from './names.ts';

const spec = z
  .object({
    requestRef: z
      .object({
        name: objectName.describe('Name of the CodeExecutionRequest, in the same namespace.'),
        uid: z
          .string()
          .min(1)
          .max(64)
          .describe('Its metadata.uid: a request that took the name later is another one.'),
      })
      .describe('The request that is decided about.'),
    digest: z
      .string()
      .max(71)
      .regex(/^sha256:[0-9a-f]{64}$/)
      .describe(
        'status.verdict.digest of the request, or of one of status.pendingCalls, as it was shown to the approver. The approval counts for exactly that.',
      ),
    decision: z
      .enum(['Approve', 'Deny', 'BreakGlass'])
      .describe(
        'Approve lets it run once enough people approve; one Deny ends it. BreakGlass lets it run in an emergency without the others, for a short time, where the role says so and RBAC grants the verb "break-glass" on it.',
      ),
    ticket: z
      .string()
      .min(1)
      .max(253)
      .optional()
      .describe('The incident under which the glass is broken; with BreakGlass, and only then.'),
    reason: z.string().min(1).max(1024).describe('Why, in the words of the approver; for the record.'),
    approver: identity
      .optional()
      .describe(
        'Who decided. Stamped by Sekisho from the authenticated identity; whatever is written here is overwritten.',
      ),
  })
  .meta({
    'x-kubernetes-validations': [
      { rule: 'self == oldSelf', message: 'spec is immutable: an approval is given once and never changed' },
      {
        rule: "(self.decision == 'BreakGlass') == has(self.ticket)",
        message: 'spec.ticket names the incident of a BreakGlass: it is needed there, and nowhere else',
      },
    ],
  });
export type ApprovalSpec = z.infer<typeof spec>;

/** One person's decision about one request, bound to the digest of what will run. */
export const executionApproval = { spec };
