import { RE2JS } from 're2js';
import { covers } from './document.ts';
import type { Document, Span } from './document.ts';
import { isNamed } from './matching/lists.ts';
import type { Program } from './program/program.ts';
import type { LanguageName, Sentence, Severity } from './report.ts';
import type { Found } from './rule.ts';

/** A rule that a policy brings along. It holds when a call and its arguments match, or when an expression over all findings does. */
export interface CustomRule {
  /** Name of the ExecutionPolicy that it belongs to. */
  readonly policy: string;
  readonly id: string;
  readonly severity: Severity;
  readonly message: Sentence;
  /** Default: all. */
  readonly languages?: readonly LanguageName[] | undefined;
  /** Qualified name of what is called, or name of a command; "*" as its last segment stands for whatever follows. */
  readonly call?: string | undefined;
  /** RE2 pattern that must be found in a constant argument of the call (or of any call). */
  readonly argument?: string | undefined;
  /** CEL over language, findings, actions and riskScore. */
  readonly expression?: string | undefined;
}

/** What an expression reads. Numbers are whole. */
export interface Facts {
  readonly language: LanguageName;
  readonly findings: readonly Pick<Found, 'rule' | 'severity'>[];
  readonly actions: readonly string[];
  readonly riskScore: number;
}

/** Turns CEL text into a question about facts. Throws when it does not compile, or has no answer that is true or false. */
export type CompileExpression = (text: string) => (facts: Facts) => boolean;

/** How often the same rule is reported in one program; more places add nothing that a reader wants. */
const MAXIMUM_PLACES = 16;

/** Where a call of this name stands, or the name is used in another way, or a command of this name runs. */
function placesOf(call: string, program: Program): readonly Span[] {
  const names = new Set([call]);
  const named = (name: string | undefined) => name !== undefined && isNamed(name, names);
  return [
    ...program.references.filter(({ name }) => named(name)),
    ...program.calls.filter(({ name }) => named(name)),
    ...program.commands.filter(({ name }) => named(name)),
  ].map(({ span }) => span);
}

/** Where a constant that matches is handed to a call of this name, or to anything. */
function argumentPlaces(call: string | undefined, pattern: RE2JS, program: Program): readonly Span[] {
  const names = call === undefined ? undefined : new Set([call]);
  return program.texts
    .filter(({ to }) => names === undefined || isNamed(to, names))
    .filter(({ text }) => pattern.matcher(text).find())
    .map(({ span }) => span);
}

/** The widest of overlapping places, each once: a call and the name in it are one place. */
function distinct(spans: readonly Span[]): readonly Span[] {
  const kept: Span[] = [];
  for (const span of spans) {
    if (kept.length >= MAXIMUM_PLACES) break;
    if (kept.some((other) => covers(other, span))) continue;
    for (let index = kept.length - 1; index >= 0; index -= 1)
      if (covers(span, kept[index] ?? span)) kept.splice(index, 1);
    kept.push(span);
  }
  return kept;
}

const appliesTo = ({ languages }: CustomRule, language: LanguageName): boolean =>
  languages === undefined || languages.includes(language);

const firstLine = (document: Document): Span => document.spanAt(0, document.lines[0]?.length ?? 0);
const because = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A rule that cannot be applied counts as broken by every program: nobody knows what it would have found. */
const withFault = (message: Sentence, fault: string): Sentence => ({
  en: `${message.en} (This rule could not be applied: ${fault}.)`,
  ja: `${message.ja}（この規則を適用できませんでした：${fault}）`,
});

type Place = Pick<Found, 'span' | 'message'>;

function placesIn(program: Program, { call, argument, message }: CustomRule): readonly Place[] {
  const placed = (spans: readonly Span[]) => distinct(spans).map((span) => ({ span, message }));
  if (argument === undefined) return call === undefined ? [] : placed(placesOf(call, program));
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(argument);
  } catch (error) {
    return [{ span: firstLine(program.document), message: withFault(message, because(error)) }];
  }
  return placed(argumentPlaces(call, pattern, program));
}

/** What the rules about calls find in the programs of a request: its own, its files, and what they run as text. */
export function findCalls(
  programs: readonly Program[],
  rules: readonly CustomRule[],
  language: LanguageName,
): readonly Found[] {
  return rules
    .filter((rule) => appliesTo(rule, language))
    .flatMap((rule) =>
      programs.flatMap((program) =>
        placesIn(program, rule).map((place) => ({
          ...place,
          rule: rule.id,
          policy: rule.policy,
          severity: rule.severity,
          program,
        })),
      ),
    );
}

/** What the rules with an expression find, at the first line of the program: they speak of it as a whole. */
export function findByExpression(
  program: Program,
  rules: readonly CustomRule[],
  facts: Facts,
  compile: CompileExpression,
): readonly Found[] {
  if (rules.length === 0) return [];
  const span = firstLine(program.document);
  return rules.flatMap((rule) => {
    const { id, policy, severity, message, expression } = rule;
    if (expression === undefined || !appliesTo(rule, facts.language)) return [];
    const found = (said: Sentence): Found => ({ rule: id, policy, severity, message: said, span, program });
    try {
      return compile(expression)(facts) ? [found(message)] : [];
    } catch (error) {
      return [found(withFault(message, because(error)))];
    }
  });
}
