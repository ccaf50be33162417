/** docs/rules.md, out of the list of rules. */
import type { Rule } from '../src/core/analysis/rule.ts';
import { rules } from '../src/core/analysis/rules/index.ts';

const row = ({ id, severity, languages, title }: Rule): string =>
  `| [${id}](#${id.toLowerCase()}) | ${severity} | ${languages.join(', ')} | ${title.en} |`;

function section({ id, title, severity, languages, cwe, attack, forbids, allows, remedy }: Rule): string {
  const references = [
    ...cwe.map((number) => `CWE-${number}`),
    ...attack.map((technique) => `ATT&CK ${technique}`),
  ];
  return [
    `## ${id}`,
    `**${title.en}** (${title.ja}). ${severity}; ${languages.join(', ')}; ${references.join(', ')}.`,
    `- Forbids: ${forbids.en}`,
    `- Leaves alone: ${allows.en}`,
    `- Instead: ${remedy.en} ${remedy.ja}`,
  ].join('\n\n');
}

/** The whole document. */
export function rulesDocument(): string {
  const sorted = rules.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [
    '<!-- Generated from src/core/analysis/rules by `npm run generate`. Do not edit. -->',
    '# Rules',
    `${sorted.length} rules. Critical and High findings deny under the built-in policy; Medium ones are capabilities, of which several need approval; an ExecutionPolicy may turn each off or grade it anew.`,
    ['| rule | severity | languages | what |', '|---|---|---|---|', ...sorted.map(row)].join('\n'),
    ...sorted.map(section),
    '',
  ].join('\n\n');
}
