import { actionUsesOf } from './action-uses.ts';
import type { ActionPattern } from './actions.ts';
import type { Document } from './document.ts';
import { reportOfFailure } from './failure.ts';
import { unreadParts } from './unread.ts';
import { openDocument } from './document.ts';
import { findingOf, trimmed } from './finding.ts';
import { languageNamed, languageOfFile } from './languages/index.ts';
import type { Language } from './languages/language.ts';
import { Budget } from './program/budget.ts';
import type { Program } from './program/program.ts';
import { readWithPayloads } from './program/unfold.ts';
import type { Finding, LanguageName, Report, Severity } from './report.ts';
import { riskOf, riskReasonsOf } from './risk.ts';
import type { Found } from './rule.ts';
import { ruleSetDigest } from './rule-set-digest.ts';
import { rules } from './rules/index.ts';
import { textTroubles } from './text-troubles.ts';

export type { ActionPattern } from './actions.ts';

/** What is judged: one program and the files beside it. */
export interface Source {
  readonly language: LanguageName;
  readonly code: string;
  readonly files?: readonly { readonly path: string; readonly content: string }[];
}

export interface AnalysisOptions {
  /** Rules turned off or graded anew, by id. */
  readonly rules?: Readonly<Record<string, { readonly enabled?: boolean; readonly severity?: Severity }>>;
  /** Which further calls mean which action. */
  readonly actions?: readonly ActionPattern[];
}

/** A byte-order mark says how the text is encoded; it is no part of it. */
const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text);

function documentsOf(source: Source): readonly { document: Document; language: Language }[] {
  const main = { document: openDocument(withoutMark(source.code)), language: languageNamed(source.language) };
  const others = (source.files ?? []).flatMap(({ path, content }) => {
    const language = languageOfFile(path, content);
    return language ? [{ document: openDocument(withoutMark(content), path), language }] : [];
  });
  return [main, ...others];
}

/** What all rules find in these programs, whether or not a policy wants to know. */
export function findIn(programs: readonly Program[]): readonly Found[] {
  const found: Found[] = [];
  for (const rule of rules) {
    const { id, severity } = rule;
    if (!rule.check) continue;
    for (const program of programs) {
      if (!rule.languages.includes(program.family)) continue;
      for (const hit of rule.check(program))
        found.push({ ...hit, rule: id, severity: hit.severity ?? severity, program });
    }
  }
  const facts = [...found];
  for (const rule of rules) {
    const { id, severity } = rule;
    for (const hit of rule.conclude?.(facts, programs) ?? [])
      found.push({ ...hit, rule: id, severity: hit.severity ?? severity });
  }
  return found;
}

function wanted(found: readonly Found[], options: AnalysisOptions): readonly Finding[] {
  return found.flatMap((one) => {
    const override = options.rules?.[one.rule];
    if (override?.enabled === false) return [];
    return [findingOf(override?.severity ? { ...one, severity: override.severity } : one)];
  });
}

function reportOn(source: Source, options: AnalysisOptions): Report {
  const budget = new Budget();
  const documents = documentsOf(source);
  const others = documents.slice(1).map(({ document }) => document);
  // The program itself is read together with what it imports; the files beside it each by themselves as well.
  const programs = documents.flatMap(({ document, language }, index) =>
    readWithPayloads({
      document,
      language,
      budget,
      troubles: textTroubles(document, language.family),
      beside: index === 0 ? others : [],
    }),
  );
  const all = wanted(findIn(programs), options);
  const { findings, truncatedFindings } = trimmed(all);
  return {
    language: source.language,
    parsed: programs.every((program) => unreadParts(program).length === 0),
    findings,
    truncatedFindings,
    actions: actionUsesOf(programs, options.actions ?? []),
    riskScore: riskOf(all),
    riskReasons: riskReasonsOf(all),
    ruleSetDigest: ruleSetDigest(),
  };
}

/**
 * Reads a program without running it. Pure and total: the same report for the same bytes on every machine, and never an exception;
 * what cannot be read is reported as ANY-PARSE, with parsed: false.
 */
export function analyse(source: Source, options: AnalysisOptions = {}): Report {
  try {
    return reportOn(source, options);
  } catch {
    // A fault of ours, or a stack that ends. Either way nobody knows what the program does.
    return reportOfFailure(source, 'crash');
  }
}
