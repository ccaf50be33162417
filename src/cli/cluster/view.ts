import { MAIN_FILE } from '../../api/parse.ts';
import type { CodeExecutionRequest } from '../../api/parse.ts';
import type { Locale } from '../../api/v1alpha1/names.ts';
import { safeText } from '../../core/run/text.ts';
import { CLUSTER_WORDS } from './words.ts';

/** Letters of scripts whose shapes pass for Latin ones. */
const LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/gu;
const WORD = /[\p{L}\p{N}_]+/gu;
const LATIN = /\p{Script=Latin}/u;

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** A line as a person should see it: what is invisible, reorders text or passes for a Latin letter inside a Latin word is escaped. */
export function plainly(line: string): string {
  const honest = line
    .toWellFormed()
    .replaceAll(WORD, (word) => (LATIN.test(word) ? word.replaceAll(LOOKALIKE, escaped) : word));
  return safeText(honest);
}

function numbered(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const width = String(lines.length).length;
  return lines.map((line, index) => `  ${String(index + 1).padStart(width)} | ${plainly(line)}`);
}

const entry = (title: string, value: string): string => `${title}: ${plainly(value)}`;

/** What would run: every byte of it, nothing cut. */
function programLines({ spec }: CodeExecutionRequest): readonly string[] {
  const { args = [], stdin, files = [] } = spec;
  return [
    ...['', `${MAIN_FILE[spec.language]}:`, ...numbered(spec.code)],
    ...files.flatMap(({ path, content }) => ['', `${plainly(path)}:`, ...numbered(content)]),
    ...(args.length > 0 ? ['', entry('args', JSON.stringify(args))] : []),
    ...(stdin === undefined ? [] : ['', 'stdin:', ...numbered(stdin)]),
  ];
}

function verdictLines({ spec, status }: CodeExecutionRequest, locale: Locale): readonly string[] {
  const { verdict } = status;
  if (!verdict) return ['', CLUSTER_WORDS[locale].notJudged];
  const { findings = [], reasons = [], truncatedFindings = 0 } = verdict;
  return [
    '',
    `${CLUSTER_WORDS[locale].risk}: ${verdict.riskScore}/100`,
    ...reasons.map(({ message }) => `  ${plainly(message)}`),
    ...findings.map(
      ({ file, line, column, severity, rule, message }) =>
        `  ${plainly(file ?? MAIN_FILE[spec.language])}:${line}:${column}: ${severity} ${rule}: ${plainly(message)}`,
    ),
    ...(truncatedFindings > 0 ? [`  ${CLUSTER_WORDS[locale].more(truncatedFindings)}`] : []),
  ];
}

function approvalLines({ status }: CodeExecutionRequest, locale: Locale): readonly string[] {
  const { approval } = status;
  if (!approval) return [];
  const { approvedBy, required, approveBy, breakGlass } = approval;
  const words = CLUSTER_WORDS[locale];
  const people = approvedBy.map(({ approver }) => plainly(approver)).join(', ');
  return [
    `${words.approved(approvedBy.length, required, approveBy)} ${people}`.trimEnd(),
    ...(breakGlass ? [plainly(words.glass(breakGlass.approver, breakGlass.ticket, breakGlass.at))] : []),
  ];
}

/** Everything that a person must have seen before they decide, rendered from what is stored. */
export function viewOf(request: CodeExecutionRequest, locale: Locale): string {
  const { metadata, spec, status } = request;
  const { username = '', groups = [] } = spec.requester ?? {};
  const lines = [
    entry('CodeExecutionRequest', `${metadata.namespace ?? ''}/${metadata.name}`),
    entry('uid', metadata.uid),
    entry(CLUSTER_WORDS[locale].requester, `${username} (${groups.join(', ')})`),
    ...(spec.onBehalfOf
      ? [
          entry(
            CLUSTER_WORDS[locale].onBehalfOf,
            `${spec.onBehalfOf.username} (${(spec.onBehalfOf.groups ?? []).join(', ')})`,
          ),
        ]
      : []),
    entry(CLUSTER_WORDS[locale].role, `${spec.role} (${status.verdict?.roleRevision ?? '?'})`),
    entry(CLUSTER_WORDS[locale].actions, (status.verdict?.actions ?? spec.actions ?? []).join(', ')),
    entry('SandboxClass', spec.sandboxClassName),
    entry(CLUSTER_WORDS[locale].state, status.state ?? '?'),
    ...approvalLines(request, locale),
    ...verdictLines(request, locale),
    ...programLines(request),
    '',
    entry(CLUSTER_WORDS[locale].digest, status.verdict?.digest ?? '?'),
  ];
  return `${lines.join('\n')}\n`;
}
