import type { Document, Span } from '../document.ts';
import type { NameList } from '../matching/lists.ts';
import type { Sentence } from '../report.ts';
import type { Value } from './value.ts';

/** Languages that have rules of their own. TypeScript is JavaScript with the types left out, and shares its rules. */
export type Family = 'Python' | 'JavaScript' | 'Bash';

/** What was seen in a program: what it refers to, calls, repeats, writes and runs, whatever its syntax. */
export interface Recorded {
  readonly family: Family;
  readonly document: Document;
  /** How deep it is quoted: 0 for a program that was handed in, 1 for a text that it runs as code, and so on. */
  readonly depth: number;
  /** Where it is shown to be, when it is a text inside another program. */
  readonly host: { readonly document: Document; readonly span: Span } | undefined;
  /** Bits of TAINT of the text that it was read from. */
  readonly taint: number;
  /** Each use of something that the program did not define, by its qualified name. */
  readonly references: readonly Reference[];
  readonly calls: readonly Call[];
  readonly loops: readonly Loop[];
  readonly members: readonly Member[];
  readonly writes: readonly Write[];
  readonly imports: readonly Import[];
  /** Large values that a constant expression would build. */
  readonly allocations: readonly Allocation[];
  /** Commands of a shell script, or the one that an argv starts. */
  readonly commands: readonly Command[];
  /** Names of the functions that call themselves, directly or through others. */
  readonly recursive: ReadonlySet<number>;
  /** Identifiers that mean others than they show: by their NFKC form, or by letters that look like Latin ones. */
  readonly disguised: readonly Disguised[];
  /** Texts that the language ran into before it could build any of the above: lexical trouble. */
  readonly troubles: readonly Trouble[];
}

/** What rules read: what was seen in a program, in the order in which most of them ask for it. */
export interface Program extends Recorded {
  /** What has a name that is in a list of names. */
  readonly listed: ReadonlyMap<NameList, Listed>;
  /** Every text that the program hands to something that may act on it. */
  readonly texts: readonly Handed[];
  /** Those of them that may be a path or a URL: with a slash or a tilde, upwards from where the program runs, a socket, a history. */
  readonly paths: readonly Handed[];
  /** The hosts in them that may matter: with a digit, or a name of the cluster's or the cloud's. */
  readonly addresses: readonly Address[];
}

/** What of a program has a name that is in a list; both are empty where that is the name of a command, a wrapper or a shell variable. */
export interface Listed {
  readonly references: readonly Reference[];
  readonly calls: readonly Call[];
}

/** A text that names a host, or is one. */
export interface Address extends Handed {
  readonly host: string;
}

/** A text that a program hands to something: a path, an address, a command. */
export interface Handed {
  readonly text: string;
  readonly span: Span;
  /** What it is handed to. */
  readonly to: string;
  readonly call: Call | undefined;
  readonly command: Command | undefined;
  /** The operator, when it is the target of a redirection. */
  readonly redirect: string | undefined;
}

export interface Reference {
  readonly name: string;
  readonly span: Span;
  /** `dynamic`: by a computed name (getattr, subscript). `import`: by an import that names it. */
  readonly via: 'direct' | 'dynamic' | 'import';
}

/** What surrounds a place. */
export interface Context {
  readonly loop: Loop | undefined;
  /** Ids of the functions around it, and of those that called them on the way here. */
  readonly functions: readonly number[];
}

export interface Call {
  /** The qualified name of what is called; undefined when it is not known or the program's own. */
  readonly name: string | undefined;
  readonly callee: Value;
  readonly args: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  readonly span: Span;
  /** What is called is a function of the program, which was read with these arguments. */
  readonly followed: boolean;
  readonly context: Context;
}

export interface Loop {
  readonly kind: 'condition' | 'iteration' | 'comprehension';
  readonly span: Span;
  /** Its condition is always true, and nothing in its body leads out. */
  readonly endless: boolean;
  /** Its condition is always true; something in the body may lead out. */
  readonly unconditional: boolean;
  /** How often it runs, when that is known. */
  readonly iterations: number | undefined;
  /** The qualified name of the iterator that it goes through, when it has one. */
  readonly iterates: string | undefined;
  readonly outer: Loop | undefined;
}

/** An attribute or property that is read, whatever it is read from. */
export interface Member {
  readonly name: string;
  readonly owner: Value;
  readonly span: Span;
}

/** An assignment to a property or an item. */
export interface Write {
  /** The qualified name of what is written to, as far as it is known. */
  readonly target: string;
  readonly value: Value;
  readonly span: Span;
}

export interface Import {
  readonly module: string;
  readonly span: Span;
}

export interface Allocation {
  readonly bytes: number;
  readonly span: Span;
}

/** A command with its words as the shell would hand them over, as far as they can be known. */
export interface Command {
  /** The name of the program that really runs, without folder and wrappers; undefined when it is not known. */
  readonly name: string | undefined;
  /** Wrappers that were left out: sudo, env, nohup, xargs, … */
  readonly wrappers: readonly string[];
  /** The words after the name. */
  readonly args: readonly Value[];
  /** The same as texts; empty where one is not known. */
  readonly words: readonly string[];
  readonly argSpans: readonly Span[];
  readonly redirects: readonly Redirection[];
  /** The commands whose output it reads through a pipe, nearest last. */
  readonly upstream: readonly Command[];
  /** Whether its output goes into a pipe. */
  readonly piped: boolean;
  readonly background: boolean;
  /** Texts that it is fed by a here-document or here-string. */
  readonly fed: readonly Value[];
  /** The output of these commands is part of its words, or what it reads: `$(…)` and `<(…)`. */
  readonly substitutions: readonly Command[];
  /** The folder to which the script went before, where that is known; empty where it began. */
  readonly folder: string;
  /** The id of the script's own function that it calls. */
  readonly own: number | undefined;
  readonly assignments: readonly string[];
  /** The command word is computed in a way that cannot be folded. */
  readonly dynamic: boolean;
  readonly span: Span;
  readonly context: Context;
}

export interface Redirection {
  readonly operator: string;
  readonly target: Value;
  readonly span: Span;
}

export interface Disguised {
  readonly written: string;
  readonly meant: string;
  readonly span: Span;
}

/** Something about the text itself. `kind` names the rule-relevant class, `message` is for people. */
export interface Trouble {
  readonly kind:
    'syntax' | 'encoding' | 'depth' | 'size' | 'budget' | 'deadline' | 'invisible' | 'escaped' | 'obscured';
  readonly message: Sentence;
  readonly span: Span;
}
