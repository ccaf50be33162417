import { excerptOf } from './document.ts';
import type { Finding } from './report.ts';
import { gravity, MAXIMUM_FINDINGS } from './report.ts';
import type { Found } from './rule.ts';
import { ruleOf } from './rules/index.ts';
import { subjectsOf } from './subjects.ts';

type Place = Pick<Found['program'], 'document'> & { readonly span: Found['span'] };

/** Where a finding is shown: at its place in a document that was handed in, also when it is in a text that runs as code. */
const placeOf = ({ program, span }: Found): Place => program.host ?? { document: program.document, span };

/** A finding as people get it. */
export function findingOf(found: Found): Finding {
  const { rule: id, severity, policy, action } = found;
  const rule = ruleOf(id);
  const place = placeOf(found);
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

interface Told {
  readonly found: Found;
  readonly finding: Finding;
}

/** The gravest first. */
const byGravity = (a: Told, b: Told): number => gravity(b.found.severity) - gravity(a.found.severity);

function byPlace(one: Told, other: Told): number {
  const [a, b] = [one.finding, other.finding];
  return (
    compareText(a.file ?? '', b.file ?? '') ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.rule, b.rule) ||
    byGravity(one, other)
  );
}

function keyOf(found: Found): string {
  const { document, span } = placeOf(found);
  return `${document.file ?? ''}\0${span.line}\0${span.column}\0${found.rule}\0${found.policy ?? ''}`;
}

/** One finding a rule and place, the gravest; the gravest of all are kept; sorted by place. */
export function findingsOf(
  all: readonly Found[],
  withSubjects: boolean,
): {
  findings: readonly Finding[];
  truncatedFindings: number;
} {
  const byKey = new Map<string, Found>();
  for (const found of all) {
    const key = keyOf(found);
    const known = byKey.get(key);
    if (!known || gravity(found.severity) > gravity(known.severity)) byKey.set(key, found);
  }
  const sorted = [...byKey.values()].map((found) => ({ found, finding: findingOf(found) })).sort(byPlace);
  const kept =
    sorted.length > MAXIMUM_FINDINGS
      ? sorted.toSorted(byGravity).slice(0, MAXIMUM_FINDINGS).sort(byPlace)
      : sorted;
  return {
    findings: kept.map(({ found, finding }) =>
      withSubjects ? { ...finding, subjects: subjectsOf(found) } : finding,
    ),
    truncatedFindings: sorted.length - kept.length,
  };
}
