import { actionUsesOf } from './action-uses.ts';
import { findByExpression, findCalls } from './custom-rules.ts';
import { CONCLUDING, rulesFor } from './asking.ts';
import type { CompileExpression, CustomRule } from './custom-rules.ts';
import type { Document } from './document.ts';
import { reportOfFailure } from './failure.ts';
import { unreadParts } from './unread.ts';
import { openDocument } from './document.ts';
import { findingsOf } from './finding.ts';
import { languageNamed, languageOfFile } from './languages/index.ts';
import type { Language } from './languages/language.ts';
import { Budget } from './program/budget.ts';
import type { Program } from './program/program.ts';
import { readWithPayloads } from './program/unfold.ts';
import type { LanguageName, Report } from './report.ts';
import { riskReasonsOf, scoreOf } from './risk.ts';
import type { Asked, Found, Hit, Rule } from './rule.ts';
import { ruleSetDigest } from './rule-set-digest.ts';
import { textTroubles } from './text-troubles.ts';

export type { ActionPattern } from './actions.ts';

/** What is judged: one program and the files beside it. */
export interface Source {
  readonly language: LanguageName;
  readonly code: string;
  readonly files?: readonly { readonly path: string; readonly content: string }[];
}

/** What the request declares and the policies that apply bring along. */
export interface AnalysisOptions extends Asked {
  /** Whether findings tell what they are about; some policies make exceptions by it. */
  readonly subjects?: boolean;
  readonly customRules?: readonly CustomRule[];
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

/** A hit as it is kept: what a rule hands over may be anything that has a place. */
const foundBy = ({ id, severity }: Rule, hit: Hit, program: Program): Found => ({
  rule: id,
  severity: hit.severity ?? severity,
  span: hit.span,
  message: hit.message,
  action: hit.action,
  program,
});

/** What all rules find in these programs, whether or not a policy wants to know. */
export function findIn(programs: readonly Program[], asked: Asked = {}): readonly Found[] {
  const found: Found[] = [];
  for (const program of programs) {
    for (const rule of rulesFor(program))
      for (const hit of rule.check(program)) found.push(foundBy(rule, hit, program));
  }
  const facts = [...found];
  for (const rule of CONCLUDING)
    for (const hit of rule.conclude(facts, programs, asked)) found.push(foundBy(rule, hit, hit.program));
  return found;
}

/** Without it a rule with an expression cannot be judged, and so the program cannot. */
const cannotCompile: CompileExpression = () => {
  throw new Error('expressions are not available here');
};

function reportOn(source: Source, options: AnalysisOptions, compile: CompileExpression): Report {
  const { language } = source;
  const { actions = [], customRules = [] } = options;
  const budget = new Budget();
  const documents = documentsOf(source);
  const others = documents.slice(1).map(({ document }) => document);
  // The program itself is read together with what it imports; the files beside it each by themselves as well.
  const programs = documents.flatMap(({ document, language: read }, index) =>
    readWithPayloads({
      document,
      language: read,
      budget,
      troubles: textTroubles(document, read.family),
      beside: index === 0 ? others : [],
    }),
  );
  const found = findIn(programs, options);
  const performed = actionUsesOf(programs, actions);
  const riskReasons = riskReasonsOf(found);
  const riskScore = scoreOf(riskReasons);
  const facts = { language, findings: found, actions: performed.map(({ action }) => action), riskScore };
  const [main] = programs;
  const custom = [
    ...findCalls(programs, customRules, language),
    ...(main ? findByExpression(main, customRules, facts, compile) : []),
  ];
  return {
    language,
    parsed: programs.every((program) => unreadParts(program).length === 0),
    ...findingsOf([...found, ...custom], options.subjects === true),
    actions: performed,
    riskScore,
    riskReasons,
    ruleSetDigest: ruleSetDigest(),
  };
}

/**
 * Reads a program without running it. Pure and total: the same report for the same bytes on every machine, and never an exception;
 * what cannot be read is reported as ANY-PARSE, with parsed: false. `compile` is only needed for custom rules with an expression.
 */
export function analyse(
  source: Source,
  options: AnalysisOptions = {},
  compile: CompileExpression = cannotCompile,
): Report {
  try {
    return reportOn(source, options, compile);
  } catch {
    // A fault of ours, or a stack that ends. Either way nobody knows what the program does.
    return reportOfFailure(source, 'crash');
  }
}
