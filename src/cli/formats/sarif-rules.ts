import { GROUP } from '../../api/v1alpha1/group.ts';
import type { PolicyRule } from '../../api/v1alpha1/execution-policy.ts';
import type { Locale } from '../../api/v1alpha1/names.ts';
import type { Severity } from '../../core/analysis/report.ts';
import type { Rule } from '../../core/analysis/rule.ts';
import { rules } from '../../core/analysis/rules/index.ts';
import { WORDS } from '../words.ts';

export const INFORMATION_URI = `https://${GROUP}`;

/** What SARIF knows of severities. */
export const LEVELS = {
  Critical: 'error',
  High: 'error',
  Medium: 'warning',
  Low: 'note',
} as const satisfies Record<Severity, string>;

/** The middle of what GitHub calls critical (above 9.0), high (from 7.0), medium (from 4.0) and low. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  Critical: '9.5',
  High: '8.0',
  Medium: '5.5',
  Low: '2.0',
};

/** GitHub shows at most so many tags of a rule. */
const MAX_TAGS = 10;

function descriptor(rule: Rule, locale: Locale): object {
  const { id, title, severity, cwe, attack, forbids, allows, remedy } = rule;
  const words = WORDS[locale].rule;
  const tags = [
    'security',
    ...cwe.map((number) => `external/cwe/cwe-${String(number).padStart(3, '0')}`),
    ...attack.map((technique) => `external/attack/${technique}`),
  ];
  const left = `${words.allows}: ${allows[locale]}`;
  const instead = `${words.remedy}: ${remedy[locale]}`;
  return {
    id,
    name: id,
    shortDescription: { text: title[locale] },
    fullDescription: { text: forbids[locale].slice(0, 1024) },
    help: {
      text: `${remedy[locale]}\n\n${left}`,
      markdown: `**${instead}**\n\n${left}`,
    },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: tags.slice(0, MAX_TAGS),
      precision: 'high',
      'problem.severity': LEVELS[severity] === 'note' ? 'recommendation' : LEVELS[severity],
      'security-severity': SECURITY_SEVERITY[severity],
    },
  };
}

/** What stands behind a result that no built-in rule gave: a rule of a policy's own, or a reason beside the rules. */
function furtherDescriptor(id: string, own: PolicyRule | undefined, locale: Locale): object {
  const message = locale === 'ja' ? (own?.messageJa ?? own?.message) : own?.message;
  const text = message ?? WORDS[locale].decisionRule(id);
  return {
    id,
    name: id,
    shortDescription: { text },
    fullDescription: { text },
    help: { text },
    properties: { tags: ['security'], 'security-severity': SECURITY_SEVERITY[own?.severity ?? 'High'] },
  };
}

/** The rules of a run: all that there are, and behind them those that come up. */
export class RuleTable {
  readonly #ids = new Map(rules.map(({ id }, index) => [id, index]));
  readonly #own: ReadonlyMap<string, PolicyRule>;
  readonly #locale: Locale;

  constructor(own: readonly PolicyRule[], locale: Locale) {
    this.#own = new Map(own.map((rule) => [rule.id, rule]));
    this.#locale = locale;
  }

  indexOf(id: string): number {
    const index = this.#ids.get(id) ?? this.#ids.size;
    this.#ids.set(id, index);
    return index;
  }

  descriptors(): readonly object[] {
    const further = [...this.#ids.keys()].slice(rules.length);
    return [
      ...rules.map((rule) => descriptor(rule, this.#locale)),
      ...further.map((id) => furtherDescriptor(id, this.#own.get(id), this.#locale)),
    ];
  }
}
