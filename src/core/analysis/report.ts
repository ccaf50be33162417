/** How grave a finding is. Medium ones are capabilities, which a policy may grant; High and Critical ones are threats. */
export type Severity = 'Low' | 'Medium' | 'High' | 'Critical';

export type LanguageName = 'Python' | 'JavaScript' | 'TypeScript' | 'Bash';

export type Locale = 'en' | 'ja';

/** A sentence in every language that people read it in. */
export type Sentence = Readonly<Record<Locale, string>>;

/** What the place of a finding is about. */
export interface Subjects {
  /** False where it is only named, as in an import. */
  readonly use: boolean;
  /** Whether all that is handed on there is known. */
  readonly sure: boolean;
  /** Qualified names used there. */
  readonly modules: readonly string[];
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
}

/** One breach of one rule at one place. Lines and columns count from 1; columns count UTF-16 units; the end is exclusive. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The file that it is in; absent for the main program. */
  readonly file?: string;
  /** The source at this place: one line, control characters escaped, at most 120 characters. */
  readonly excerpt: string;
  readonly message: Sentence;
  readonly remedy?: Sentence;
  /** Name of the policy that brought the rule along; absent for built-in rules. */
  readonly policy?: string;
  readonly subjects?: Subjects;
  /** The action that is performed there, where that is what the rule is about. */
  readonly action?: string;
}

/** An action that the program would perform, and where. */
export interface ActionUse {
  readonly action: string;
  readonly line: number;
  readonly column: number;
}

/** How many points of the risk score one rule gave. */
export interface RiskReason {
  readonly rule: string;
  readonly points: number;
}

/** What is known of a program without running it. */
export interface Report {
  readonly language: LanguageName;
  /** False when the program, or a part of it, could not be read to its end: nobody knows what it does. */
  readonly parsed: boolean;
  /** Sorted by file, line, column and rule; at most MAXIMUM_FINDINGS, of which the gravest are kept. */
  readonly findings: readonly Finding[];
  /** How many findings were left out. */
  readonly truncatedFindings: number;
  readonly actions: readonly ActionUse[];
  /** 0..100. More findings never lower it. */
  readonly riskScore: number;
  readonly riskReasons: readonly RiskReason[];
  /** "sha256:…" of the ids, severities and versions of all rules. */
  readonly ruleSetDigest: string;
}

export const MAXIMUM_FINDINGS = 64;

export const SEVERITIES: readonly Severity[] = ['Low', 'Medium', 'High', 'Critical'];

export const gravity = (severity: Severity): number => SEVERITIES.indexOf(severity);
