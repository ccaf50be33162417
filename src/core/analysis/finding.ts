import { excerptOf } from './document.ts';
import type { Finding } from './report.ts';
import { gravity, MAXIMUM_FINDINGS } from './report.ts';
import type { Found } from './rule.ts';
import { ruleOf } from './rules/index.ts';
import { subjectsOf } from './subjects.ts';

/** A finding as people get it: at its place in a document that was handed in, also when it is in a text that runs as code. */
export function findingOf(found: Found): Finding {
  const { program, rule: id, severity, policy, action } = found;
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
    ...(policy === undefined ? {} : { policy }),
    ...(action === undefined ? {} : { action }),
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
export function findingsOf(
  all: readonly Found[],
  withSubjects: boolean,
): {
  findings: readonly Finding[];
  truncatedFindings: number;
} {
  const byKey = new Map<string, { finding: Finding; found: Found }>();
  for (const found of all) {
    const finding = findingOf(found);
    const { file = '', line, column, rule, policy = '', severity } = finding;
    const key = [file, line, column, rule, policy].join('\0');
    const known = byKey.get(key);
    if (!known || gravity(severity) > gravity(known.finding.severity)) byKey.set(key, { finding, found });
  }
  const gravest = [...byKey.values()]
    .sort((a, b) => byPlace(a.finding, b.finding))
    .toSorted((a, b) => gravity(b.finding.severity) - gravity(a.finding.severity))
    .slice(0, MAXIMUM_FINDINGS);
  return {
    findings: gravest
      .map(({ finding, found }) => (withSubjects ? { ...finding, subjects: subjectsOf(found) } : finding))
      .sort(byPlace),
    truncatedFindings: byKey.size - gravest.length,
  };
}
