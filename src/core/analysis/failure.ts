import { openDocument } from './document.ts';
import type { Source } from './engine.ts';
import { emptyProgram } from './languages/language.ts';
import { finished } from './program/finished.ts';
import { Budget } from './program/budget.ts';
import type { Trouble } from './program/program.ts';
import { findingOf } from './finding.ts';
import type { Report } from './report.ts';
import { riskOf, riskReasonsOf } from './risk.ts';
import { ruleSetDigest } from './rule-set-digest.ts';
import parse from './rules/any-parse.ts';

const REASONS = {
  deadline: {
    en: 'The analysis did not end within its deadline.',
    ja: '解析が制限時間内に終わりませんでした。',
  },
  memory: {
    en: 'The analysis needed more memory than it may have.',
    ja: '解析に必要なメモリーが上限を超えました。',
  },
  crash: { en: 'The analysis ended without an answer.', ja: '解析が結果を出さずに終了しました。' },
} as const;

export type Failure = keyof typeof REASONS;

/** The report on a program whose analysis did not come to an end. Nobody knows what it does, so it counts as a finding. */
export function reportOfFailure(source: Source, failure: Failure): Report {
  const document = openDocument(source.code.slice(0, 4096));
  const trouble: Trouble = { kind: 'deadline', message: REASONS[failure], span: document.spanAt(0, 0) };
  const reading = { budget: new Budget(), depth: 0, taint: 0, host: undefined };
  const program = finished({ ...emptyProgram('Python', document, reading), troubles: [trouble] });
  const findings = [...(parse.check?.(program) ?? [])].map((hit) =>
    findingOf({ ...hit, rule: parse.id, severity: parse.severity, program }),
  );
  return {
    language: source.language,
    parsed: false,
    findings,
    truncatedFindings: 0,
    actions: [],
    riskScore: riskOf(findings),
    riskReasons: riskReasonsOf(findings),
    ruleSetDigest: ruleSetDigest(),
  };
}
