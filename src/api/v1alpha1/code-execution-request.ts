import { z } from 'zod';
import { condition } from './condition.ts';
import { identity } from './identity.ts';
import { deadlineSeconds, limits } from './limits.ts';
import { actionName, language, locale, objectName } from './names.ts';
import { operationName, pluginName } from './plugin.ts';

/** Largest program, in bytes of UTF-8: 256 KiB. The schema counts characters, the webhook counts bytes. */
export const MAX_CODE_BYTES = 262_144;
/** Largest sum of code, files, stdin and arguments, in bytes of UTF-8: 512 KiB, which one ConfigMap holds with room to spare. */
export const MAX_INPUT_BYTES = 524_288;
/**
 * Largest spec, in bytes as it is stored: 1 MiB. etcd takes 1.5 MiB for one object (its --max-request-bytes), and what is left is for the
 * status: a request whose end could not be written would never end.
 */
export const MAX_STORED_BYTES = 1_048_576;

const file = z.object({
  path: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/)
    .describe('Path below /workspace, for example data/input.csv. No part may begin with a dot.'),
  content: z.string().max(MAX_CODE_BYTES).describe('Content of the file, as text.'),
});
export type InputFile = z.infer<typeof file>;

const person = z.object({
  username: z
    .string()
    .min(1)
    .max(1024)
    .describe('Name of the user, as the authenticator of the cluster names them.'),
  groups: z
    .array(z.string().min(1).max(1024))
    .max(32)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe(
      'Groups of the user that count for holding the role; system:authenticated is one without being named.',
    ),
});
export type Person = z.infer<typeof person>;

/** What never changes once a request was created. */
const fixed = z.object({
  language: language.describe('Language of the program.'),
  code: z
    .string()
    .min(1)
    .max(MAX_CODE_BYTES)
    .describe(
      'The program, at most 256 KiB of UTF-8. It is judged before it runs, and exactly these bytes run.',
    ),
  files: z
    .array(file)
    .max(16)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['path'] })
    .describe('Files that lie beside the program in /workspace. Source files among them are judged too.'),
  args: z
    .array(z.string().max(4096))
    .max(64)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Arguments of the program.'),
  stdin: z
    .string()
    .max(MAX_CODE_BYTES)
    .optional()
    .describe('What the program reads from its standard input.'),
  role: objectName.describe(
    'The ExecutionRole to run under. RBAC must grant the requester the verb "use" on it.',
  ),
  actions: z
    .array(actionName)
    .max(32)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe(
      'Actions the program will perform, for example read_calendar. Each must be allowed by the role.',
    ),
  plugins: z
    .array(pluginName)
    .max(16)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe(
      'Plugins the program will call through the gateway. It gets the operations that the role lists and whose action is in spec.actions or read out of the code; nothing else can be reached.',
    ),
  sandboxClassName: objectName
    .default('default')
    .describe('The SandboxClass that gives image, limits and runtime.'),
  limits: limits
    .optional()
    .describe("Narrower limits than the class's. A limit above the class's is denied."),
  deadlineSeconds: deadlineSeconds
    .optional()
    .describe("Wall-clock seconds until the program is killed. Default and maximum: the class's."),
  locale: locale.default('en').describe('Language of the messages in status: en or ja.'),
  onBehalfOf: person
    .optional()
    .describe(
      'The person that the requester acts for, for example a platform for its user. RBAC must grant the requester the verb "act-for" on users/NAME and on each of groups/NAME, in group sekisho.dev; both must hold the role, and neither may approve.',
    ),
  requester: identity
    .optional()
    .describe(
      'Who asked. Stamped by Sekisho from the authenticated identity; whatever is written here is overwritten.',
    ),
});

/** CEL: a field that was neither changed, added nor removed. */
const unchanged = (field: string): string =>
  `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`;

const spec = fixed
  .extend({
    cancel: z
      .boolean()
      .optional()
      .describe(
        'true ends the request: a program that runs is stopped, one that waits never starts. The only field that may change, and only to true.',
      ),
  })
  .meta({
    'x-kubernetes-validations': [
      ...Object.keys(fixed.shape).map((field) => ({
        rule: unchanged(field),
        message: `spec.${field} is immutable: create a new CodeExecutionRequest instead (only spec.cancel may change)`,
      })),
      {
        rule: '!(has(oldSelf.cancel) && oldSelf.cancel) || (has(self.cancel) && self.cancel)',
        message:
          'spec.cancel is final: what was cancelled is not taken up again, create a new CodeExecutionRequest',
      },
    ],
  });

const text = z.string().max(2048);

/** How grave a finding is, from worth knowing to always blocking. */
export const severity = z.enum(['Low', 'Medium', 'High', 'Critical']);

const finding = z.object({
  rule: z.string().max(63).describe('Id of the rule, for example PY-FORK (docs/rules.md).'),
  severity: severity.describe('Severity under the policy that applied.'),
  file: z.string().max(128).optional().describe('Path of the file; absent for the program itself.'),
  line: z.int().min(1).describe('First line, from 1.'),
  column: z.int().min(1).describe('First column, from 1.'),
  endLine: z.int().min(1).describe('Last line.'),
  endColumn: z.int().min(1).describe('Column after the last character.'),
  excerpt: z
    .string()
    .max(256)
    .optional()
    .describe('The source at that place, one line, with control characters escaped.'),
  message: text.describe('What is wrong, in the locale of the request.'),
});

const pluginGrant = z.object({
  name: pluginName.describe('The Plugin.'),
  uid: z.string().max(64).describe('Its metadata.uid.'),
  revision: z.string().max(128).describe('Its name@generation. Of any other revision nothing is granted.'),
  operations: z
    .array(operationName)
    .max(64)
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Operations that the program may call.'),
});
/** What of one plugin a program may call. */
export type PluginGrant = z.infer<typeof pluginGrant>;

const verdict = z.object({
  decision: z.enum(['Allow', 'RequireApproval', 'Deny']).describe('What was decided.'),
  riskScore: z.int().min(0).max(100).describe('0 (harmless) to 100, never lowered by a further finding.'),
  reasons: z
    .array(
      z.object({
        reason: z.string().max(63).describe('For machines, for example ActionNotAllowed.'),
        message: text.describe('For people: field, value and remedy.'),
      }),
    )
    .max(64)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Why the decision is not Allow; all reasons, not only the first.'),
  findings: z
    .array(finding)
    .max(64)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('What the analysis found, by line.'),
  truncatedFindings: z.int().min(0).optional().describe('Findings that did not fit into the list.'),
  actions: z
    .array(actionName)
    .max(64)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Actions read out of the code and declared in spec.actions.'),
  plugins: z
    .array(pluginGrant)
    .max(16)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('What the program may call through the gateway.'),
  digest: z
    .string()
    .max(128)
    .describe(
      'sha256 of everything that will run: code, files, arguments, stdin, image, class, limits, plugin grants, role and policy revision.',
    ),
  ruleSetDigest: z.string().max(128).describe('sha256 of the rule set that judged.'),
  policyRevision: z.string().max(1024).optional().describe('Policies that applied, as name@generation.'),
  roleRevision: z.string().max(320).optional().describe('The role that applied, as name@generation.'),
});
export type Verdict = z.infer<typeof verdict>;

const isolation = z.object({
  runtime: z.string().max(63).optional().describe('RuntimeClass of the sandbox, or "default".'),
  userNamespace: z.boolean().optional().describe('Whether the sandbox ran in a user namespace of its own.'),
  network: z
    .enum(['Proven', 'Unproven'])
    .optional()
    .describe('Proven: a probe in the same shape was seen to reach nothing.'),
  uid: z.int().optional().describe('User id of the program inside the sandbox.'),
  node: z.string().max(253).optional().describe('Node on which it ran.'),
});

/** How a run ended. */
export const resultReason = z.enum([
  'Completed',
  'Error',
  'DeadlineExceeded',
  'OOMKilled',
  'StorageExceeded',
  'TamperDetected',
  'StartFailed',
  'NameCollision',
  'Interrupted',
  'Cancelled',
]);
export type ResultReason = z.infer<typeof resultReason>;

const givenApproval = z.object({
  name: z.string().max(253).describe('The ExecutionApproval.'),
  approver: z.string().max(1024).describe('Who gave it.'),
  at: z.iso.datetime().describe('When it was created.'),
});

const approval = z.object({
  required: z.int().min(1).max(10).describe('How many different people must approve.'),
  approvedBy: z
    .array(givenApproval)
    .max(10)
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('Approvals that count: for the digest of the verdict, by people who may approve.'),
  deniedBy: givenApproval.optional().describe('The denial that ended it.'),
  breakGlass: givenApproval
    .extend({ ticket: z.string().max(253).describe('The incident that was named.') })
    .optional()
    .describe('Who let it run in an emergency, without the approvals that were still missing.'),
  approveBy: z.iso.datetime().describe('Until when approval must be given.'),
  runBy: z.iso
    .datetime()
    .optional()
    .describe('Until when the run must start; known once enough have approved.'),
});

const pluginCalls = z.object({
  gateway: z.string().max(253).describe('The gateway pod that counted.'),
  plugin: pluginName.describe('The Plugin.'),
  operation: operationName.describe('The operation.'),
  allowed: z.int().min(0).describe('Calls that reached the upstream.'),
  refused: z.int().min(0).describe('Calls that were refused, or whose answer was.'),
  lastRefusal: z.string().max(63).optional().describe('Code of the last refusal (docs/plugins.md).'),
});
export type PluginCalls = z.infer<typeof pluginCalls>;

const pendingCall = z.object({
  digest: z
    .string()
    .max(71)
    .describe(
      'sha256 of request, plugin, operation, their revision and the arguments: what an approval names.',
    ),
  plugin: pluginName.describe('The Plugin.'),
  operation: operationName.describe('The operation.'),
  arguments: z
    .string()
    .max(8192)
    .describe(
      'The arguments whole, as canonical JSON with control characters escaped. Larger ones cannot be approved.',
    ),
  askedAt: z.iso.datetime().describe('When the program asked first.'),
  state: z
    .enum(['Waiting', 'Used', 'Denied'])
    .describe('Waiting for a person; Used: approved and made, once; Denied: a person said no.'),
});
export type PendingCall = z.infer<typeof pendingCall>;

const auditRecord = z.object({
  sequence: z.int().min(1).describe('Number of the record.'),
  hash: z.string().max(64).describe('sha256 of the record, hexadecimal.'),
  time: z.iso.datetime().describe('When it was written.'),
});
export type AuditRecord = z.infer<typeof auditRecord>;

const result = z.object({
  exitCode: z.int().optional().describe('Exit code of the program; absent when it never ended by itself.'),
  reason: resultReason.describe('How the run ended.'),
  stdout: z
    .string()
    .optional()
    .describe(
      'Standard output, cut at the limit of the class, with control characters escaped and secrets of known shapes as "[redacted: secret]".',
    ),
  stderr: z.string().optional().describe('Standard error, likewise.'),
  truncated: z
    .boolean()
    .optional()
    .describe(
      'Whether stdout or stderr was cut: at the limit of the class, or to what the object still had room for.',
    ),
  startedAt: z.iso.datetime().optional().describe('When the container started.'),
  finishedAt: z.iso.datetime().optional().describe('When the container ended.'),
  durationMilliseconds: z.int().min(0).optional().describe('How long the program itself ran.'),
});
export type Result = z.infer<typeof result>;

/** A derived word for people; the conditions say more. */
export const state = z.enum([
  'Analysing',
  'Queued',
  'AwaitingApproval',
  'Running',
  'Succeeded',
  'Failed',
  'Denied',
  'Cancelled',
]);
export type State = z.infer<typeof state>;

const status = z.object({
  state: state.optional().describe('Where the request stands, in one word derived from the conditions.'),
  observedGeneration: z.int().optional().describe('Generation of the spec that this status speaks of.'),
  verdict: verdict.optional().describe('What was decided, and why. Final once given.'),
  approval: approval.optional().describe('How far approval has come; present where a person must approve.'),
  isolation: isolation.optional().describe('The sandbox that the program got.'),
  queuePosition: z
    .int()
    .min(1)
    .optional()
    .describe('Place in the line of its namespace while the state is Queued; told anew every few seconds.'),
  pluginCalls: z
    .array(pluginCalls)
    .max(256)
    .optional()
    .meta({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['gateway', 'plugin', 'operation'],
    })
    .describe('Calls through the gateway, told every few seconds. Written by the gateway.'),
  pendingCalls: z
    .array(pendingCall)
    .max(32)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['digest'] })
    .describe('Single calls that a person must approve, or had to. Written by the gateway.'),
  jobName: z.string().max(63).optional().describe('The Job in the sandbox namespace.'),
  result: result.optional().describe('How the run ended. Final once given.'),
  auditRecord: auditRecord
    .optional()
    .describe('The last record of the audit log about this request; "sekisho audit verify" compares them.'),
  conditions: z
    .array(condition)
    .max(16)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
    .describe(
      'Succeeded on top (Unknown while going on); Analysed, Authorized, Approved, Isolated, Started below it.',
    ),
});
export type RequestStatus = z.infer<typeof status>;

/** A request to run one program: who asked is stamped, the code is judged, and what passes runs once. */
export const codeExecutionRequest = { spec, status };
export type RequestSpec = z.infer<typeof spec>;
