import type { Exception } from '../../api/v1alpha1/execution-policy.ts';
import type { Finding } from '../analysis/report.ts';

/** Whether a text fits a pattern in which "*" stands for any characters. Linear in practice: each star is tried once, greedily. */
export function fits(text: string, pattern: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  const tail = rest.pop() ?? '';
  if (!text.startsWith(head)) return false;
  let from = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - tail.length >= from && text.endsWith(tail);
}

const allFit = (subjects: readonly string[], patterns: readonly string[] | undefined): boolean =>
  patterns !== undefined &&
  subjects.length > 0 &&
  subjects.every((subject) => patterns.some((pattern) => fits(subject, pattern)));

/** Whether the place is known to be about these alone. */
function isExcepted({ subjects }: Finding, { paths, modules, hosts }: Exception): boolean {
  if (!subjects) return false;
  if (allFit(subjects.modules, modules)) return true;
  return subjects.sure && (allFit(subjects.paths, paths) || allFit(subjects.hosts, hosts));
}

/**
 * The findings of one rule that an exception leaves. An import names no host and no path: it goes when every use in the program is excepted,
 * and there is one.
 */
export function withoutExcepted(
  findings: readonly Finding[],
  exception: Exception | undefined,
): readonly Finding[] {
  if (!exception) return findings;
  const left = findings.filter((finding) => !isExcepted(finding, exception));
  const onlyImports = left.every(({ subjects }) => subjects?.use === false);
  return onlyImports && left.length < findings.length ? [] : left;
}
