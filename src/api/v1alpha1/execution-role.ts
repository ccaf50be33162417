import { z } from 'zod';
import { deadlineSeconds, limits } from './limits.ts';
import { actionName, language, objectName } from './names.ts';
import { operationName, pluginName } from './plugin.ts';

const actions = z.array(actionName).max(128).meta({ 'x-kubernetes-list-type': 'set' });

const breakGlass = z.object({
  enabled: z
    .boolean()
    .default(false)
    .describe(
      'Whether somebody whom RBAC grants the verb "break-glass" on the role may let a request run in an emergency, without the approvals that are still missing.',
    ),
  runBySeconds: z
    .int()
    .min(60)
    .max(3600)
    .default(300)
    .describe('Seconds from the breaking of the glass in which the run must start; then it counts no more.'),
});

const grantedPlugin = z.object({
  name: pluginName.describe('Name of the Plugin.'),
  operations: z
    .array(operationName)
    .min(1)
    .max(64)
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe('Operations of it that a program may call, where the role allows their actions too.'),
});

const SERVICE_ACCOUNTS =
  "self.approverGroups.all(group, group == 'system:serviceaccounts' || group.startsWith('system:serviceaccounts:'))";

/** Quorums that nobody could ever reach, whatever RBAC grants. Only CEL: a role that was stored before stays readable. */
const REACHABLE = [
  {
    rule: '!has(self.approverGroups) || size(self.approverGroups) > 0',
    message:
      'approverGroups is empty, so nobody could approve: name a group, or leave it out for everybody whom RBAC grants "approve"',
  },
  {
    rule: `self.allowServiceAccounts || !has(self.approverGroups) || size(self.approverGroups) == 0 || !${SERVICE_ACCOUNTS}`,
    message:
      'approverGroups names ServiceAccounts only, who may not approve, so nobody could: name a group of people, or set allowServiceAccounts',
  },
  {
    rule: "!has(self.approverGroups) || !('system:unauthenticated' in self.approverGroups)",
    message: 'approverGroups names system:unauthenticated: who approves is somebody. Take it out',
  },
];

const approval = z
  .object({
    approvers: z.int().min(1).max(10).default(1).describe('How many different people must approve.'),
    approveBySeconds: z
      .int()
      .min(60)
      .max(2_592_000)
      .default(86_400)
      .describe('Seconds from creation in which approval must be given.'),
    runBySeconds: z
      .int()
      .min(60)
      .max(604_800)
      .default(3600)
      .describe('Seconds from the last approval in which the run must start.'),
    approverGroups: z
      .array(z.string().min(1).max(253))
      .max(32)
      .optional()
      .meta({ 'x-kubernetes-list-type': 'set' })
      .describe(
        'Groups of which an approver must be in one, beside the RBAC verb "approve" on the role. Default: any.',
      ),
    allowServiceAccounts: z
      .boolean()
      .default(false)
      .describe('Whether a ServiceAccount may approve. Only where a program of yours stands for a person.'),
    breakGlass: breakGlass.prefault({}).describe('What may be done when nobody else can be reached in time.'),
  })
  .meta({ 'x-kubernetes-validations': REACHABLE });

const spec = z.object({
  description: z.string().max(1024).optional().describe('What the role is for, in a sentence.'),
  allowedActions: actions
    .optional()
    .describe('Actions that a program may perform under this role. What is not listed is denied.'),
  approvalActions: actions.optional().describe('Actions that a person must approve each time.'),
  approval: approval.prefault({}).describe('How approval is given.'),
  plugins: z
    .array(grantedPlugin)
    .max(32)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })
    .describe('Plugins that a program may call through the gateway. Default: none.'),
  sandboxClassNames: z
    .array(objectName)
    .min(1)
    .max(32)
    .default(['default'])
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe('The SandboxClasses that the role may use.'),
  languages: z
    .array(language)
    .max(8)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe('Languages that the role may use. Default: all.'),
  maxLimits: limits
    .optional()
    .describe('The largest limits under this role, where it shall get less than the class gives.'),
  maxDeadlineSeconds: deadlineSeconds
    .optional()
    .describe("The largest deadline under this role, where it shall be less than the class's."),
});
export type RoleSpec = z.infer<typeof spec>;

/** A whitelist of actions. A subject holds the role when RBAC grants it the verb "use" on executionroles/NAME. */
export const executionRole = { spec };
