import type { ExecutionPolicy, ExecutionRole, SandboxClass } from '../../api/parse.ts';
import type { PluginGrant, RequestSpec, Verdict } from '../../api/v1alpha1/code-execution-request.ts';
import type { RoleSpec } from '../../api/v1alpha1/execution-role.ts';
import { gravity } from '../analysis/report.ts';
import type { Finding, Report, RiskReason } from '../analysis/report.ts';
import { riskReasonsOf } from '../analysis/risk.ts';
import riskyAction from '../analysis/rules/any-action-risk.ts';
import { digestOf } from './digest.ts';
import { grantedLimits, limitObjections } from './limits.ts';
import type { GrantedLimits } from './limits.ts';
import { NO_PLUGINS, pluginApprovals, pluginDenials, pluginGrants, unlistedPlugins } from './plugins.ts';
import type { PluginFacts } from './plugins.ts';
import { evaluate, STANDARD_POLICY } from './policy.ts';
import type { PolicyAnswer } from './policy.ts';
import { sentenceOf } from './reasons.ts';
import type { Objection } from './reasons.ts';

/** A program and the rules it is measured by: what can be decided without knowing who asks and where it would run. */
export interface Matter {
  readonly spec: RequestSpec;
  readonly report: Report;
  readonly role: ExecutionRole | undefined;
  /** Those that apply; where none does, the standard one counts. */
  readonly policies: readonly ExecutionPolicy[];
}

/** All that a verdict depends on. What is undefined does not exist. */
export interface Case extends Matter {
  /** Whether RBAC grants the requester "use" on the role. */
  readonly holdsRole: boolean;
  /** Present where the requester acts for a person. */
  readonly delegation?: Delegation | undefined;
  readonly sandboxClass: SandboxClass | undefined;
  /** Default: no gateway. */
  readonly plugins?: PluginFacts;
}

/** What RBAC says of a requester who acts for a person. */
export interface Delegation {
  /** What the requester may not act for, as users/NAME or groups/NAME. */
  readonly refused: readonly string[];
  /** Whether the person holds the role too. */
  readonly holdsRole: boolean;
}

/** What is decided of a program, not yet put into words. */
export interface Weighed {
  readonly decision: Verdict['decision'];
  readonly riskScore: number;
  /** What gave the points of the risk score, under the policy that gave the most. */
  readonly riskReasons: readonly RiskReason[];
  readonly findings: readonly Finding[];
  /** Declared actions and those read out of the code. */
  readonly actions: readonly string[];
  readonly denials: readonly Objection[];
  readonly approvals: readonly Objection[];
  /** Objections of policies in mode Warn: told, not enforced. */
  readonly warned: readonly Objection[];
  readonly answers: readonly PolicyAnswer[];
  /** Policies that applied, as name@generation. */
  readonly policyRevision: string;
}

/** A verdict, and what of it is not for status. */
export interface Judgement {
  readonly verdict: Verdict;
  /** What the sandbox will get; undefined when class or role are missing. */
  readonly limits: GrantedLimits | undefined;
  /** How the role wants approval given; undefined when there is no such role. */
  readonly approvalRules: RoleSpec['approval'] | undefined;
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
function actionsOf(given: Matter): readonly ActionUse[] {
  const { locale } = given.spec;
  const declared = (given.spec.actions ?? []).map((action) => ({ action, where: WHERE.declared[locale] }));
  const used = given.report.actions.map(({ action }) => ({ action, where: WHERE.used[locale] }));
  const byAction = new Map<string, ActionUse>();
  for (const use of [...declared, ...used]) if (!byAction.has(use.action)) byAction.set(use.action, use);
  return [...byAction.values()];
}

/** Whether there is such a role, and whether the requester, and the person they act for, hold it. */
function holderDenials({ spec, role, holdsRole, delegation }: Case): readonly Objection[] {
  if (!role) return [{ reason: 'RoleNotFound', params: [spec.role] }];
  const requester = spec.requester?.username ?? '';
  const notHeld = (user: string): Objection => ({ reason: 'RoleNotHeld', params: [spec.role, user] });
  return [
    ...(holdsRole ? [] : [notHeld(requester)]),
    ...(delegation?.refused ?? []).map((subject): Objection => ({
      reason: 'ActForNotGranted',
      params: [subject, requester],
    })),
    ...(delegation && !delegation.holdsRole ? [notHeld(spec.onBehalfOf?.username ?? '')] : []),
  ];
}

/** What a role does not let its holders ask for. */
function roleDenials({ spec, role }: Matter, actions: readonly ActionUse[]): readonly Objection[] {
  if (!role) return [];
  const objections: Objection[] = [];
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
function authorizationDenials(
  given: Case,
  actions: readonly ActionUse[],
  grants: readonly PluginGrant[],
): readonly Objection[] {
  return [
    ...holderDenials(given),
    ...roleDenials(given, actions),
    ...classDenials(given),
    ...limitObjections(given.spec, given.sandboxClass, given.role),
    ...pluginDenials({ ...given, plugins: given.plugins ?? NO_PLUGINS }, grants),
  ];
}

function actionApprovals(given: Matter, actions: readonly ActionUse[]): readonly Objection[] {
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

/** Each objection once, in words; at most as many as status has room for. */
export function uniqueSentences(
  objections: readonly Objection[],
  locale: RequestSpec['locale'],
): readonly { reason: Objection['reason']; message: string }[] {
  const seen = new Map<string, { reason: Objection['reason']; message: string }>();
  for (const objection of objections) {
    const message = sentenceOf(objection, locale);
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

/** Unlike the revision that people read, another one for an object that was deleted and made anew under its name. */
const identityOf = ({
  metadata: { name, uid, generation },
}: ExecutionRole | ExecutionPolicy | SandboxClass): string => `${name}/${uid}@${generation}`;

function runDigest(
  given: Case,
  limits: GrantedLimits | undefined,
  { policyRevision, grants }: { readonly policyRevision: string; readonly grants: readonly PluginGrant[] },
): string {
  const { language, code, files, args, stdin, role, sandboxClassName } = given.spec;
  return digestOf({
    ...{ language, code, files, args, stdin, role, sandboxClassName, limits, policyRevision },
    image: given.sandboxClass?.spec.images[language],
    roleRevision: given.role && identityOf(given.role),
    classRevision: given.sandboxClass && identityOf(given.sandboxClass),
    policies: given.policies.map(identityOf),
    ...(grants.length > 0 ? { plugins: grants } : {}),
  });
}

/** What is known beside the program: who asks for what. */
interface Asked {
  readonly unauthorized: readonly Objection[];
  readonly approvals: readonly Objection[];
}

/** Puts together what speaks against a program: a denial outweighs an approval, the strictest enforced policy outweighs the others. */
function weigh(given: Matter, actions: readonly ActionUse[], asked: Asked): Weighed {
  const policies = given.policies.length > 0 ? given.policies : [STANDARD_POLICY];
  const report = withoutGranted(given.report, given.role);
  const answers = policies.map((policy) => evaluate(report, policy));
  const enforced = answers.filter(({ spec }) => spec.mode === 'Enforce');
  // A program that nobody could read does not run, whatever the mode of the policy.
  const unread = given.report.parsed ? [] : [{ reason: 'CodeNotParsed', params: [] } satisfies Objection];
  const denials = [...asked.unauthorized, ...unread, ...enforced.flatMap((answer) => answer.denials)];
  const approvals = [
    ...actionApprovals(given, actions),
    ...asked.approvals,
    ...enforced.flatMap((answer) => answer.approvals),
  ];
  const gravest = answers.reduce((most, answer) => (answer.riskScore > most.riskScore ? answer : most));
  return {
    decision: denials.length > 0 ? 'Deny' : approvals.length > 0 ? 'RequireApproval' : 'Allow',
    riskScore: gravest.riskScore,
    riskReasons: riskReasonsOf(gravest.findings),
    findings: mergedFindings(answers),
    actions: actions.map(({ action }) => action).slice(0, 64),
    denials,
    approvals,
    warned: answers
      .filter(({ spec }) => spec.mode === 'Warn')
      .flatMap((answer) => [...answer.denials, ...answer.approvals]),
    answers,
    policyRevision: policies.map(revision).join(',').slice(0, 1024),
  };
}

/**
 * What can be told of a program without a cluster: nobody knows who asks, whether they hold the role, and what the sandbox class
 * gives. Where no role is named, none is asked.
 */
export function judgeWithoutCluster(given: Matter): Weighed {
  const actions = actionsOf(given);
  const unauthorized = [
    ...roleDenials(given, actions),
    ...limitObjections(given.spec, undefined, given.role),
    ...unlistedPlugins(given.spec, given.role),
  ];
  return weigh(given, actions, { unauthorized, approvals: [] });
}

/** The verdict of one request: a pure function of what was seen. All reasons are collected, none hides another. */
export function judge(given: Case): Judgement {
  const { locale } = given.spec;
  const actions = actionsOf(given);
  const plugins = given.plugins ?? NO_PLUGINS;
  const names = actions.map(({ action }) => action);
  const grants = pluginGrants({ ...given, plugins }, names);
  const unauthorized = authorizationDenials(given, actions, grants);
  const weighed = weigh(given, actions, { unauthorized, approvals: pluginApprovals({ plugins }, grants) });
  const { decision, riskScore, denials, approvals, answers, policyRevision } = weighed;
  const limits =
    given.sandboxClass && given.role && grantedLimits(given.spec, given.sandboxClass, given.role);
  const verdict: Verdict = {
    decision,
    riskScore,
    reasons: [...uniqueSentences([...denials, ...approvals], locale)],
    findings: weighed.findings.map((finding) => statusFinding(finding, locale)),
    ...(given.report.truncatedFindings > 0 ? { truncatedFindings: given.report.truncatedFindings } : {}),
    actions: [...weighed.actions],
    ...(grants.length > 0 ? { plugins: [...grants] } : {}),
    digest: runDigest(given, limits, { policyRevision, grants }),
    ruleSetDigest: given.report.ruleSetDigest,
    policyRevision,
    ...(given.role ? { roleRevision: revision(given.role) } : {}),
  };
  return {
    verdict,
    limits,
    approvalRules: given.role?.spec.approval,
    unauthorized,
    rejectAtAdmission: answers.some(
      ({ spec, denials: own }) => spec.mode === 'Enforce' && spec.onDeny === 'Reject' && own.length > 0,
    ),
    warnings: uniqueSentences(weighed.warned, locale).map(({ message }) => message),
  };
}
