import type { ExecutionPolicy, ExecutionRole, SandboxClass } from '../../api/parse.ts';
import type { RequestSpec, Verdict } from '../../api/v1alpha1/code-execution-request.ts';
import { gravity } from '../analysis/report.ts';
import type { Finding, Report } from '../analysis/report.ts';
import riskyAction from '../analysis/rules/any-action-risk.ts';
import { digestOf } from './digest.ts';
import { grantedLimits, limitObjections } from './limits.ts';
import type { GrantedLimits } from './limits.ts';
import { evaluate, STANDARD_POLICY } from './policy.ts';
import type { PolicyAnswer } from './policy.ts';
import { sentenceOf } from './reasons.ts';
import type { Objection } from './reasons.ts';

/** All that a verdict depends on. What is undefined does not exist. */
export interface Case {
  readonly spec: RequestSpec;
  readonly report: Report;
  readonly role: ExecutionRole | undefined;
  /** Whether RBAC grants the requester "use" on the role. */
  readonly holdsRole: boolean;
  readonly sandboxClass: SandboxClass | undefined;
  /** Those that apply to its namespace; where none does, the standard one counts. */
  readonly policies: readonly ExecutionPolicy[];
}

/** A verdict, and what of it is not for status. */
export interface Judgement {
  readonly verdict: Verdict;
  /** What the sandbox will get; undefined when class or role are missing. */
  readonly limits: GrantedLimits | undefined;
  /** Objections about who asks for what (role, class, limits), as opposed to what the code does. */
  readonly unauthorized: readonly Objection[];
  /** A policy wants denied requests refused at admission rather than stored. */
  readonly rejectAtAdmission: boolean;
  /** Sentences of policies in mode Warn: told, not enforced. */
  readonly warnings: readonly string[];
}

interface ActionUse {
  readonly action: string;
  readonly where: string;
}

const WHERE = {
  declared: { en: 'spec.actions names', ja: 'spec.actions の' },
  used: { en: 'The code performs', ja: 'コードが実行する' },
} as const;

/** Declared actions and those read out of the code; each once, declared first. */
function actionsOf(given: Case): readonly ActionUse[] {
  const { locale } = given.spec;
  const declared = (given.spec.actions ?? []).map((action) => ({ action, where: WHERE.declared[locale] }));
  const used = given.report.actions.map(({ action }) => ({ action, where: WHERE.used[locale] }));
  const byAction = new Map<string, ActionUse>();
  for (const use of [...declared, ...used]) if (!byAction.has(use.action)) byAction.set(use.action, use);
  return [...byAction.values()];
}

function roleDenials(given: Case, actions: readonly ActionUse[]): readonly Objection[] {
  const { spec, role } = given;
  if (!role) return [{ reason: 'RoleNotFound', params: [spec.role] }];
  const objections: Objection[] = [];
  if (!given.holdsRole)
    objections.push({ reason: 'RoleNotHeld', params: [spec.role, spec.requester?.username ?? ''] });
  const known = new Set([...(role.spec.allowedActions ?? []), ...(role.spec.approvalActions ?? [])]);
  for (const { action, where } of actions) {
    if (!known.has(action))
      objections.push({ reason: 'ActionNotAllowed', params: [action, spec.role, where] });
  }
  if (role.spec.languages && !role.spec.languages.includes(spec.language))
    objections.push({ reason: 'LanguageNotAllowed', params: [spec.language, spec.role] });
  if (!role.spec.sandboxClassNames.includes(spec.sandboxClassName))
    objections.push({ reason: 'ClassNotAllowed', params: [spec.sandboxClassName, spec.role] });
  return objections;
}

function classDenials(given: Case): readonly Objection[] {
  const { spec, sandboxClass } = given;
  if (!sandboxClass) return [{ reason: 'ClassNotFound', params: [spec.sandboxClassName] }];
  return sandboxClass.spec.images[spec.language] === undefined
    ? [{ reason: 'ImageMissing', params: [spec.language, spec.sandboxClassName] }]
    : [];
}

/** Who asks for what: each denial, whatever the code does. */
function authorizationDenials(given: Case, actions: readonly ActionUse[]): readonly Objection[] {
  return [
    ...roleDenials(given, actions),
    ...classDenials(given),
    ...limitObjections(given.spec, given.sandboxClass, given.role),
    ...(given.spec.plugins ?? []).map((plugin): Objection => ({
      reason: 'PluginsNotServed',
      params: [plugin],
    })),
  ];
}

function actionApprovals(given: Case, actions: readonly ActionUse[]): readonly Objection[] {
  const needing = new Set(given.role?.spec.approvalActions ?? []);
  return actions
    .filter(({ action }) => needing.has(action))
    .map(({ action }) => ({ reason: 'ActionNeedsApproval', params: [action, given.spec.role] }));
}

/** What an administrator lists in a role was thought about: the role decides, by allowing it or asking for approval. */
function withoutGranted(report: Report, role: ExecutionRole | undefined): Report {
  const granted = new Set([...(role?.spec.allowedActions ?? []), ...(role?.spec.approvalActions ?? [])]);
  const isGranted = ({ rule, action }: Finding) =>
    rule === riskyAction.id && action !== undefined && granted.has(action);
  return { ...report, findings: report.findings.filter((finding) => !isGranted(finding)) };
}

const revision = (object: ExecutionPolicy | ExecutionRole | SandboxClass): string =>
  `${object.metadata.name}@${object.metadata.generation}`;

/** Every finding of every policy once, the gravest grading kept. */
function mergedFindings(answers: readonly PolicyAnswer[]): readonly Finding[] {
  const byPlace = new Map<string, Finding>();
  for (const finding of answers.flatMap((answer) => answer.findings)) {
    const place = `${finding.file ?? ''}:${finding.line}:${finding.column}:${finding.rule}`;
    const known = byPlace.get(place);
    if (!known || gravity(finding.severity) > gravity(known.severity)) byPlace.set(place, finding);
  }
  return [...byPlace.values()];
}

function uniqueSentences(
  objections: readonly Objection[],
  given: Case,
): readonly { reason: string; message: string }[] {
  const seen = new Map<string, { reason: string; message: string }>();
  for (const objection of objections) {
    const message = sentenceOf(objection, given.spec.locale);
    seen.set(message, { reason: objection.reason, message });
  }
  return [...seen.values()].slice(0, 64);
}

function statusFinding(
  finding: Finding,
  locale: RequestSpec['locale'],
): NonNullable<Verdict['findings']>[number] {
  const { rule, severity, line, column, endLine, endColumn, excerpt, file } = finding;
  return {
    rule,
    severity,
    line,
    column,
    endLine,
    endColumn,
    excerpt,
    message: finding.message[locale],
    ...(file === undefined ? {} : { file }),
  };
}

function runDigest(given: Case, limits: GrantedLimits | undefined, policyRevision: string): string {
  const { language, code, files, args, stdin, role, sandboxClassName } = given.spec;
  return digestOf({
    ...{ language, code, files, args, stdin, role, sandboxClassName, limits, policyRevision },
    image: given.sandboxClass?.spec.images[language],
    roleRevision: given.role && revision(given.role),
    classRevision: given.sandboxClass && revision(given.sandboxClass),
  });
}

/**
 * The verdict of one request: a pure function of what was seen. All reasons are collected, none hides another;
 * a denial outweighs an approval, the strictest enforced policy outweighs the others.
 */
export function judge(given: Case): Judgement {
  const actions = actionsOf(given);
  const policies = given.policies.length > 0 ? given.policies : [STANDARD_POLICY];
  const report = withoutGranted(given.report, given.role);
  const answers = policies.map((policy) => ({
    policy,
    ...evaluate(report, policy),
  }));
  const enforced = answers.filter(({ spec }) => spec.mode === 'Enforce');
  const unauthorized = authorizationDenials(given, actions);
  // A program that nobody could read does not run, whatever the mode of the policy.
  const unread = given.report.parsed ? [] : [{ reason: 'CodeNotParsed', params: [] } satisfies Objection];
  const denials = [...unauthorized, ...unread, ...enforced.flatMap((answer) => answer.denials)];
  const approvals = [...actionApprovals(given, actions), ...enforced.flatMap((answer) => answer.approvals)];
  const decision = denials.length > 0 ? 'Deny' : approvals.length > 0 ? 'RequireApproval' : 'Allow';
  const limits =
    given.sandboxClass && given.role && grantedLimits(given.spec, given.sandboxClass, given.role);
  const policyRevision = answers
    .map(({ policy }) => revision(policy))
    .join(',')
    .slice(0, 1024);
  const verdict: Verdict = {
    decision,
    riskScore: Math.max(...answers.map((answer) => answer.riskScore)),
    reasons: [...uniqueSentences([...denials, ...approvals], given)],
    findings: mergedFindings(answers).map((finding) => statusFinding(finding, given.spec.locale)),
    ...(given.report.truncatedFindings > 0 ? { truncatedFindings: given.report.truncatedFindings } : {}),
    actions: actions.map(({ action }) => action).slice(0, 64),
    digest: runDigest(given, limits, policyRevision),
    ruleSetDigest: given.report.ruleSetDigest,
    policyRevision,
    ...(given.role ? { roleRevision: revision(given.role) } : {}),
  };
  const warned = answers
    .filter(({ spec }) => spec.mode === 'Warn')
    .flatMap((answer) => [...answer.denials, ...answer.approvals]);
  return {
    verdict,
    limits,
    unauthorized,
    rejectAtAdmission: enforced.some(
      (answer) => answer.spec.onDeny === 'Reject' && answer.denials.length > 0,
    ),
    warnings: uniqueSentences(warned, given).map(({ message }) => message),
  };
}
