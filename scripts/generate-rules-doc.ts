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

/** Of the programs that came with the project's brief; docs/measuring-the-analyser.md has more sets. */
const MISSES = [
  '## What is not found',
  'Of the 155 risky programs of the brief (`corpus/evasions.jsonl`) the profile `strict` allows none, and denies none of the 47 benign ones. `standard` and `data-science` allow seven, of which each has a finding that is not grave enough by itself:',
  [
    '| program | finding | why it is allowed |',
    '|---|---|---|',
    '| bypass-062, 064, 066, 129, 130, 131 | PY-NET, JS-NET | The network is used once, and nothing else is done: one capability, which honest programs have too. The sandbox has no network. |',
    '| bypass-057 | PY-LIMITS | A function calls itself without an end, which ends at the memory limit of the sandbox; deep recursion alone is what honest programs do by mistake. |',
  ].join('\n'),
  'What no static check knows: what a decoder makes of data that exists only at run time, a name that is looked for among all names of an object, loops that end, but not soon.',
];

/** The whole document. */
export function rulesDocument(): string {
  const sorted = rules.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [
    '<!-- Generated from src/core/analysis/rules by `npm run generate`. Do not edit. -->',
    '# Rules',
    `${sorted.length} rules. Critical and High findings deny under the built-in policy; Medium ones are capabilities, of which several need approval; an ExecutionPolicy may turn each off or grade it anew.`,
    ['| rule | severity | languages | what |', '|---|---|---|---|', ...sorted.map(row)].join('\n'),
    ...MISSES,
    ...sorted.map(section),
    '',
  ].join('\n\n');
}
