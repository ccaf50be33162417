import { MAIN_FILE } from '../../api/parse.ts';
import type { CodeExecutionRequest } from '../../api/parse.ts';
import type { Locale } from '../../api/v1alpha1/names.ts';
import { piecesOf, plainly } from './hidden.ts';
import type { Piece } from './hidden.ts';
import { VIEW_WORDS } from './words.ts';

/** A value and what it is, in the language of the reader. */
export interface Fact {
  readonly title: string;
  readonly value: string;
}

/** A text that would run or be read by what runs: every line of it. */
export interface ShownText {
  /** lines: a text of the requester's. value: one line that stands for several, such as the arguments. */
  readonly kind: 'lines' | 'value';
  readonly title: string;
  readonly lines: readonly (readonly Piece[])[];
}

/** Something that was found, and where. */
export interface ShownFinding {
  /** Title of the text that it is in. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: string;
  readonly rule: string;
  readonly message: string;
}

/** Why a request is judged as it is. */
export interface ShownVerdict {
  readonly risk: string;
  readonly reasons: readonly string[];
  readonly findings: readonly ShownFinding[];
  /** Says how many findings were left out, where some were. */
  readonly more: string | undefined;
}

/** Everything that a person must have seen before they decide. Each text in it is safe to print. */
export interface RequestView {
  readonly facts: readonly Fact[];
  /** How far approval has come, a sentence each; empty where none is wanted. */
  readonly approval: readonly string[];
  /** Undefined while nothing was judged. */
  readonly verdict: ShownVerdict | undefined;
  readonly texts: readonly ShownText[];
  readonly digest: string | undefined;
}

function linesOf(text: string): ShownText['lines'] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map(piecesOf);
}

const written = (title: string, text: string): ShownText => ({
  kind: 'lines',
  title: plainly(title),
  lines: linesOf(text),
});

/** What would run: every byte of it, nothing cut. */
function textsOf({ spec }: CodeExecutionRequest): readonly ShownText[] {
  const { args = [], stdin, files = [] } = spec;
  return [
    written(MAIN_FILE[spec.language], spec.code),
    ...files.map(({ path, content }) => written(path, content)),
    ...(args.length > 0
      ? [{ kind: 'value', title: 'args', lines: [piecesOf(JSON.stringify(args))] } as const]
      : []),
    ...(stdin === undefined ? [] : [written('stdin', stdin)]),
  ];
}

function verdictOf({ spec, status }: CodeExecutionRequest, locale: Locale): ShownVerdict | undefined {
  const { verdict } = status;
  if (!verdict) return undefined;
  const { findings = [], reasons = [], truncatedFindings = 0 } = verdict;
  return {
    risk: `${verdict.riskScore}/100`,
    reasons: reasons.map(({ message }) => plainly(message)),
    findings: findings.map(({ file, line, column, severity, rule, message }) => ({
      ...{ line, column, severity, rule },
      file: plainly(file ?? MAIN_FILE[spec.language]),
      message: plainly(message),
    })),
    more: truncatedFindings > 0 ? VIEW_WORDS[locale].more(truncatedFindings) : undefined,
  };
}

function approvalOf({ status }: CodeExecutionRequest, locale: Locale): readonly string[] {
  const { approval } = status;
  if (!approval) return [];
  const { approvedBy, required, approveBy, breakGlass } = approval;
  const words = VIEW_WORDS[locale];
  const people = approvedBy.map(({ approver }) => plainly(approver)).join(', ');
  return [
    `${words.approved(approvedBy.length, required, approveBy)} ${people}`.trimEnd(),
    ...(breakGlass ? [plainly(words.glass(breakGlass.approver, breakGlass.ticket, breakGlass.at))] : []),
  ];
}

const personOf = (username = '', groups: readonly string[] = []): string =>
  `${username} (${groups.join(', ')})`;

function factsOf({ metadata, spec, status }: CodeExecutionRequest, locale: Locale): readonly Fact[] {
  const words = VIEW_WORDS[locale];
  const facts: readonly (readonly [string, string])[] = [
    ['CodeExecutionRequest', `${metadata.namespace ?? ''}/${metadata.name}`],
    ['uid', metadata.uid],
    [words.requester, personOf(spec.requester?.username, spec.requester?.groups)],
    ...(spec.onBehalfOf
      ? [[words.onBehalfOf, personOf(spec.onBehalfOf.username, spec.onBehalfOf.groups)] as const]
      : []),
    [words.role, `${spec.role} (${status.verdict?.roleRevision ?? '?'})`],
    [words.actions, (status.verdict?.actions ?? spec.actions ?? []).join(', ')],
    ...(spec.plugins?.length ? [[words.plugins, spec.plugins.join(', ')] as const] : []),
    ['SandboxClass', spec.sandboxClassName],
    [words.state, status.state ?? '?'],
  ];
  return facts.map(([title, value]) => ({ title, value: plainly(value) }));
}

/** A request as it is stored → what every way of deciding about it shows. */
export const requestView = (request: CodeExecutionRequest, locale: Locale): RequestView => ({
  facts: factsOf(request, locale),
  approval: approvalOf(request, locale),
  verdict: verdictOf(request, locale),
  texts: textsOf(request),
  digest: request.status.verdict?.digest,
});
