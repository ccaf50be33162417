import type { Locale } from '../api/v1alpha1/names.ts';
import type { Rule } from '../core/analysis/rule.ts';
import { ruleOf, rules } from '../core/analysis/rules/index.ts';
import { WORDS } from './words.ts';

const sorted = (): readonly Rule[] => rules.toSorted((a, b) => (a.id < b.id ? -1 : 1));

const references = ({ cwe, attack }: Rule): string =>
  [...cwe.map((number) => `CWE-${number}`), ...attack.map((technique) => `ATT&CK ${technique}`)].join(', ');

function record(rule: Rule, locale: Locale): object {
  const { id, severity, languages, cwe, attack, title, forbids, allows, message, remedy } = rule;
  const texts = { title, forbids, allows, message, remedy };
  const told = Object.entries(texts).map(([name, sentence]) => [name, sentence[locale]] as const);
  return { id, severity, languages, cwe, attack, ...Object.fromEntries(told) };
}

function explained(rule: Rule, locale: Locale): string {
  const words = WORDS[locale].rule;
  return [
    `${rule.id} (${rule.severity}): ${rule.title[locale]}`,
    '',
    `${words.forbids}: ${rule.forbids[locale]}`,
    `${words.allows}: ${rule.allows[locale]}`,
    `${words.remedy}: ${rule.remedy[locale]}`,
    '',
    `${words.languages}: ${rule.languages.join(', ')}`,
    references(rule),
    '',
  ].join('\n');
}

function table(locale: Locale): string {
  const rows = sorted().map(({ id, severity, languages, title }) => [
    id,
    severity,
    languages.join(','),
    title[locale],
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`)
    .join('');
}

/** How many characters must be changed, added or left out to make one word of another. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1];
    for (let column = 0; column < other.length; column += 1) {
      const changed = (row[column] ?? 0) + (other[column] === character ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const LONGEST_ID = 64;

/** The ids that somebody may have meant. */
export function nearestRules(id: string): readonly string[] {
  const wanted = id.slice(0, LONGEST_ID).toUpperCase();
  return sorted()
    .map((rule) => ({ id: rule.id, far: rule.id.includes(wanted) ? 0 : distance(wanted, rule.id) }))
    .toSorted((a, b) => a.far - b.far)
    .slice(0, 3)
    .map((rule) => rule.id);
}

/** The list of rules or one of them, for people or machines; undefined when there is no such rule. */
export function rulesText(
  id: string | undefined,
  format: 'text' | 'json',
  locale: Locale,
): string | undefined {
  if (id === undefined) {
    if (format === 'text') return table(locale);
    return `${JSON.stringify(
      sorted().map((rule) => record(rule, locale)),
      undefined,
      2,
    )}\n`;
  }
  const rule = ruleOf(id.toUpperCase());
  if (!rule) return undefined;
  return format === 'text'
    ? explained(rule, locale)
    : `${JSON.stringify(record(rule, locale), undefined, 2)}\n`;
}
