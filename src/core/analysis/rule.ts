import type { ActionPattern } from './actions.ts';
import type { Span } from './document.ts';
import type { NameList } from './matching/lists.ts';
import type { Family, Program } from './program/program.ts';
import type { Sentence, Severity } from './report.ts';

/** One breach, as a rule tells it. */
export interface Hit {
  readonly span: Span;
  /** Where it differs from the rule's own. */
  readonly severity?: Severity | undefined;
  /** Where it says more than the rule's own. */
  readonly message?: Sentence | undefined;
  /** The action that is performed there, where that is what the rule is about. */
  readonly action?: string | undefined;
}

/** What the analysis was asked for, beside the program. */
export interface Asked {
  /** Actions that the request declares. */
  readonly declared?: readonly string[];
  /** Which further calls mean which action. */
  readonly actions?: readonly ActionPattern[];
}

/** A breach that was found, and in which program. Rules that draw conclusions from others read these. */
export interface Found extends Hit {
  readonly rule: string;
  /** Name of the policy that brought the rule along. */
  readonly policy?: string;
  readonly severity: Severity;
  readonly program: Program;
}

/** What a program may hold any of. */
export const THINGS = [
  'texts',
  'paths',
  'addresses',
  'calls',
  'commands',
  'loops',
  'writes',
  'members',
  'imports',
  'allocations',
  'disguised',
  'troubles',
] as const satisfies readonly (keyof Program)[];
export type Thing = (typeof THINGS)[number];

/** A list of names of which a program uses one, or a thing of which it holds one. */
export type Need = NameList | Thing;

/**
 * A rule. It reads the program view and reports; what a finding costs, and whether the rule is on at all, is decided elsewhere.
 * A rule never throws and keeps nothing between programs.
 */
export interface Rule {
  /** Upper-case, words joined by hyphens; begins with PY, JS, SH or, for several languages, ANY. */
  readonly id: string;
  /** Raised when the rule judges anything differently; part of the rule-set digest. */
  readonly version: number;
  /** A few words, for lists. */
  readonly title: Sentence;
  readonly severity: Severity;
  readonly languages: readonly Family[];
  /** Weaknesses: https://cwe.mitre.org */
  readonly cwe: readonly number[];
  /** MITRE ATT&CK techniques, such as T1059.006. */
  readonly attack: readonly string[];
  /** What it forbids. */
  readonly forbids: Sentence;
  /** What it leaves alone, and why. */
  readonly allows: Sentence;
  /** What a finding says when the rule says nothing nearer. */
  readonly message: Sentence;
  /** What to write instead. */
  readonly remedy: Sentence;
  /**
   * Without any of these in a program the rule finds nothing there, and so is not asked. Left out: it is asked about each. A test asks
   * every rule about every program, and compares.
   */
  readonly needs?: readonly Need[];
  /** Reads one program: what was handed in, each file, and each text that is run as code. */
  check?(program: Program): Iterable<Hit>;
  /** Reads what all rules found, in all programs, once these are done. */
  conclude?(
    found: readonly Found[],
    programs: readonly Program[],
    asked: Asked,
  ): Iterable<Hit & { readonly program: Program }>;
}

/** Holds a rule to the contract, where it is written. */
export const defineRule = (rule: Rule): Rule => rule;

const ID = /^(ANY|PY|JS|SH)(-[A-Z0-9]+)+$/;
const PREFIX: Readonly<Record<Family, string>> = { Python: 'PY-', JavaScript: 'JS-', Bash: 'SH-' };

/** What is wrong with a list of rules, as sentences. */
export function objectionsTo(rules: readonly Rule[]): readonly string[] {
  const seen = new Set<string>();
  const objections: string[] = [];
  for (const rule of rules) {
    const { id, languages } = rule;
    if (!ID.test(id)) objections.push(`${id}: not a rule id`);
    if (seen.has(id)) objections.push(`${id}: listed twice`);
    seen.add(id);
    if (languages.length === 0) objections.push(`${id}: names no language`);
    if (!id.startsWith('ANY-') && languages.some((language) => !id.startsWith(PREFIX[language])))
      objections.push(`${id}: prefix and languages differ`);
    if (!rule.check && !rule.conclude) objections.push(`${id}: checks nothing`);
  }
  return objections;
}
