import { z } from 'zod';
import { severity } from './code-execution-request.ts';
import { labelSelector } from './label-selector.ts';
import { actionName, language } from './names.ts';

const patterns = (what: string, example: string) =>
  z
    .array(z.string().min(1).max(253))
    .max(64)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe(`${what}; "*" stands for any characters. Example: ${example}.`);

const exception = z.object({
  paths: patterns('Paths, as the program names them', '/data/*'),
  modules: patterns('Qualified names', 'urllib.parse.*'),
  hosts: patterns('Host names or addresses', '*.example.com'),
});
/** Places that a rule leaves alone. */
export type Exception = z.infer<typeof exception>;

const ruleOverride = z.object({
  id: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[A-Z]+(-[A-Z0-9]+)+$/)
    .describe('Id of the rule (docs/rules.md).'),
  enabled: z.boolean().default(true).describe('false turns the rule off.'),
  severity: severity
    .optional()
    .describe(
      "Severity in place of the rule's usual one. What the rule itself grades above its usual severity keeps at least that.",
    ),
  except: exception
    .optional()
    .describe(
      'Findings that are left out: those whose place is known to be about these alone. What is not a constant is never left out.',
    ),
});

const customRule = z
  .object({
    id: z
      .string()
      .max(63)
      .regex(/^CUSTOM(-[A-Z0-9]+)+$/)
      .describe('Id of the rule, such as CUSTOM-NO-BILLING.'),
    severity: severity.describe('How grave a finding is.'),
    message: z.string().min(1).max(300).describe('What a finding says.'),
    messageJa: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe('What it says in Japanese. Default: the message.'),
    languages: z
      .array(language)
      .max(4)
      .optional()
      .meta({ 'x-kubernetes-list-type': 'set' })
      .describe('Languages of the programs that it judges. Default: all.'),
    call: z
      .string()
      .min(1)
      .max(253)
      .regex(/^[\w$]+([.-][\w$]+)*(\.\*)?$/)
      .optional()
      .describe(
        'Qualified name of what is called or referred to, such as billing.charge, or a command, such as kubectl; ".*" at the end stands for all below it.',
      ),
    argument: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .describe(
        'Regular expression in the syntax of RE2 (linear time) that is found in a constant argument of the call; without call, of any call or command.',
      ),
    expression: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'CEL expression that is true for a program that breaks the rule, instead of call and argument. Variables: language (string), findings (list of {rule, severity}), actions (list of strings), riskScore (int). At most 3 macros.',
      ),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: 'has(self.expression) != (has(self.call) || has(self.argument))',
        message: 'give either expression, or call, argument or both',
      },
    ],
  });
export type PolicyRule = z.infer<typeof customRule>;

const actionPattern = z.object({
  call: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[\w$]+([.-][\w$]+)*(\.\*)?$/)
    .describe('Qualified name of a call, or a command; ".*" at the end stands for all below it.'),
  action: actionName.describe('The action that it means.'),
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
    .describe('Rules turned off, graded anew or limited.'),
  customRules: z
    .array(customRule)
    .max(64)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'] })
    .describe('Rules of your own.'),
  actions: z
    .array(actionPattern)
    .max(256)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Which calls mean which action, besides those that Sekisho knows; roles allow actions.'),
});
export type PolicySpec = z.infer<typeof spec>;

/** What a verdict is made of: rules, severities, thresholds. Where several policies apply, the strictest answer counts. */
export const executionPolicy = { spec };
