import { z } from 'zod';
import { severity } from './code-execution-request.ts';

const labelSelector = z.object({
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

const ruleOverride = z.object({
  id: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[A-Z]+(-[A-Z0-9]+)+$/)
    .describe('Id of the rule (docs/rules.md).'),
  enabled: z.boolean().default(true).describe('false turns the rule off.'),
  severity: severity.optional().describe("Severity in place of the rule's own."),
});

const thresholds = z.object({
  deny: z
    .int()
    .min(1)
    .max(101)
    .optional()
    .describe('Deny at this risk score and above; 101 means never by score. Default: that of the profile.'),
  approve: z
    .int()
    .min(1)
    .max(101)
    .optional()
    .describe(
      'Require approval at this risk score and above; 101 means never by score. Default: that of the profile.',
    ),
});

export const profile = z.enum(['strict', 'standard', 'data-science']);
/** A set of settings to begin with; what each means is in src/core/verdict/profiles.ts. */
export type Profile = z.infer<typeof profile>;

const spec = z.object({
  namespaceSelector: labelSelector
    .optional()
    .describe('Namespaces to which the policy applies. Default: all.'),
  profile: profile
    .default('standard')
    .describe(
      'The settings that count where the policy says nothing else. strict: every capability needs approval. standard: one capability passes. data-science: as standard, and reading data files, loading models and raising limits of the interpreter count little.',
    ),
  mode: z
    .enum(['Enforce', 'Warn', 'Audit'])
    .default('Enforce')
    .describe(
      'Enforce: the decision counts. Warn: it is only told in an admission warning and status. Audit: it is only recorded in status.',
    ),
  onDeny: z
    .enum(['Store', 'Reject'])
    .default('Store')
    .describe(
      'Store: a denied program is kept, with the verdict in status. Reject: it is refused at admission.',
    ),
  denySeverities: z
    .array(severity)
    .max(4)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe('One finding of these severities denies. Default: those of the profile.'),
  thresholds: thresholds.optional().describe('What the risk score decides.'),
  rules: z
    .array(ruleOverride)
    .max(256)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'] })
    .describe('Rules turned off or graded anew.'),
});
export type PolicySpec = z.infer<typeof spec>;

/** What a verdict is made of: rules, severities, thresholds. Where several policies apply, the strictest answer counts. */
export const executionPolicy = { spec };
