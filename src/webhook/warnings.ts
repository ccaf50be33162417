import { MAIN_FILE } from '../api/parse.ts';
import type { RequestSpec, Verdict } from '../api/v1alpha1/code-execution-request.ts';
import type { Judgement } from '../core/verdict/judge.ts';
import { clipped, lengthOf } from '../judging/characters.ts';

/** The API server cuts every warning at so many characters once all have more than MAX_TOTAL_CHARACTERS, and drops what is beyond. */
export const MAX_LINE_CHARACTERS = 256;
export const MAX_TOTAL_CHARACTERS = 4096;
/** Warnings travel as response headers, and many clients and proxies take 16 KiB of those in all; Japanese has three bytes a character. */
export const MAX_TOTAL_BYTES = 8192;
/** Findings that are told; the others are counted. */
export const MAX_FINDINGS = 10;

/** `Warning: 299 - ""` and the line end, for each header. */
const HEADER_BYTES = 20;

const WORDS = {
  en: {
    decision: { Allow: 'Allowed', RequireApproval: 'Needs approval', Deny: 'Denied' },
    head: (decision: string, risk: number, findings: number) =>
      `${decision} (risk ${risk} of 100): ${findings === 0 ? 'no findings' : findings === 1 ? '1 finding' : `${findings} findings`}`,
    moreFindings: (count: number) => `and ${count} more ${count === 1 ? 'finding' : 'findings'}`,
    moreLines: (count: number) => `and ${count} more ${count === 1 ? 'reason' : 'reasons'}`,
    notEnforced: (text: string) => `Not enforced (policy in mode Warn): ${text}`,
    later: 'This request was not judged in time: the verdict will be in status.',
  },
  ja: {
    decision: { Allow: '許可', RequireApproval: '承認が必要', Deny: '拒否' },
    head: (decision: string, risk: number, findings: number) =>
      `${decision}（リスク ${risk}/100）: 検出 ${findings} 件`,
    moreFindings: (count: number) => `ほか ${count} 件の検出`,
    moreLines: (count: number) => `ほか ${count} 件の理由`,
    notEnforced: (text: string) => `強制なし（ポリシーのモードは Warn）: ${text}`,
    later: '時間内に判定できませんでした。判定は status に書かれます。',
  },
} as const;

/** What is told when there is no verdict yet: the controller will give it. */
export const verdictLater = (locale: RequestSpec['locale']): string => WORDS[locale].later;

/** One line of text that the API server will carry: it silently drops a warning that has control characters or is no Unicode. */
const carried = (text: string): string =>
  clipped(text.toWellFormed().replaceAll(/\p{Cc}+/gu, ' '), MAX_LINE_CHARACTERS);

/** As many lines, in order, as fit into what the API server and its clients carry; the last one counts those that do not. */
export function fitted(lines: readonly string[], more: (count: number) => string): readonly string[] {
  const all = [...new Set(lines.map(carried))];
  const reserved = carried(more(all.length));
  let characters = lengthOf(reserved);
  let bytes = Buffer.byteLength(reserved) + HEADER_BYTES;
  const kept: string[] = [];
  for (const line of all) {
    characters += lengthOf(line);
    bytes += Buffer.byteLength(line) + HEADER_BYTES;
    if (characters > MAX_TOTAL_CHARACTERS || bytes > MAX_TOTAL_BYTES) break;
    kept.push(line);
  }
  const left = all.length - kept.length;
  return left === 0 ? kept : [...kept, carried(more(left))];
}

function findingLines(spec: RequestSpec, verdict: Verdict): readonly string[] {
  const findings = verdict.findings ?? [];
  const lines = findings
    .slice(0, MAX_FINDINGS)
    .map(
      ({ file, line, column, rule, severity, message }) =>
        `${file ?? MAIN_FILE[spec.language]}:${line}:${column} ${rule} ${severity}: ${message}`,
    );
  const left = findings.length - lines.length + (verdict.truncatedFindings ?? 0);
  return left > 0 ? [...lines, WORDS[spec.locale].moreFindings(left)] : lines;
}

/** Reasons, without those that only point to a finding: the findings are told before. */
function reasonLines(verdict: Verdict): readonly string[] {
  return (verdict.reasons ?? [])
    .filter(({ reason }) => reason !== 'CodeRefused')
    .map(({ message }) => message);
}

/**
 * What a caller is told of a judgement: the verdict, the findings, the reasons. A program that may simply run is passed
 * in silence, so that a warning always means something.
 */
export function warningsOf(spec: RequestSpec, judgement: Judgement): readonly string[] {
  const { verdict, warnings } = judgement;
  if (verdict.decision === 'Allow' && warnings.length === 0) return [];
  const words = WORDS[spec.locale];
  const count = (verdict.findings?.length ?? 0) + (verdict.truncatedFindings ?? 0);
  const lines = [
    words.head(words.decision[verdict.decision], verdict.riskScore, count),
    ...findingLines(spec, verdict),
    ...reasonLines(verdict),
    ...warnings.map(words.notEnforced),
  ];
  return fitted(lines, words.moreLines);
}
