import { excerptOf } from './document.ts';
import type { Finding } from './report.ts';
import { gravity, MAXIMUM_FINDINGS } from './report.ts';
import type { Found } from './rule.ts';
import { ruleOf } from './rules/index.ts';

/** A finding as people get it: at its place in a document that was handed in, also when it is in a text that runs as code. */
export function findingOf(found: Found): Finding {
  const { program, rule: id, severity } = found;
  const rule = ruleOf(id);
  const place = program.host ?? { document: program.document, span: found.span };
  const { line, column, endLine, endColumn } = place.span;
  const { file } = place.document;
  return {
    rule: id,
    severity,
    line,
    column,
    endLine,
    endColumn,
    ...(file === undefined ? {} : { file }),
    excerpt: excerptOf(place.document, place.span),
    message: found.message ?? rule?.message ?? { en: id, ja: id },
    ...(rule ? { remedy: rule.remedy } : {}),
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byPlace(a: Finding, b: Finding): number {
  return (
    compareText(a.file ?? '', b.file ?? '') ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.rule, b.rule)
  );
}

/** One finding a rule and place, the gravest; the gravest of all are kept; sorted by place. */
export function trimmed(all: readonly Finding[]): {
  findings: readonly Finding[];
  truncatedFindings: number;
} {
  const byKey = new Map<string, Finding>();
  for (const finding of all) {
    const key = `${finding.file ?? ''}\0${finding.line}\0${finding.column}\0${finding.rule}`;
    const known = byKey.get(key);
    if (!known || gravity(finding.severity) > gravity(known.severity)) byKey.set(key, finding);
  }
  const sorted = [...byKey.values()].sort(byPlace);
  if (sorted.length <= MAXIMUM_FINDINGS) return { findings: sorted, truncatedFindings: 0 };
  const kept = new Set(
    sorted.toSorted((a, b) => gravity(b.severity) - gravity(a.severity)).slice(0, MAXIMUM_FINDINGS),
  );
  return {
    findings: sorted.filter((finding) => kept.has(finding)),
    truncatedFindings: sorted.length - MAXIMUM_FINDINGS,
  };
}
