import type { ExecutionRole } from '../api/parse.ts';
import type { RequestSpec } from '../api/v1alpha1/code-execution-request.ts';
import type { Weighed } from '../core/verdict/judge.ts';
import type { Block } from './blocks.ts';

/** What people know a program by: a file, and the request in it; or the id that its line gives it. */
export interface Name {
  readonly path?: string;
  readonly request?: string;
  readonly id?: string | number;
}

/** One program that can be judged. */
export interface Program {
  readonly kind: 'program';
  readonly name: Name;
  readonly spec: RequestSpec;
  /** The role that its actions are measured by; undefined when none was named. */
  readonly role: ExecutionRole | undefined;
  /** Where code and files stand in the manifest that holds them; the program's own file is keyed by the empty path. */
  readonly blocks?: ReadonlyMap<string, Block>;
}

/** Something of which nobody can tell whether it may run, and why. */
export interface Failure {
  readonly kind: 'failure';
  readonly name: Name;
  /** The line of the input that is wrong. */
  readonly line?: number;
  readonly message: string;
}

export type Input = Program | Failure;

/** A program and what was decided of it. */
export interface Judged {
  readonly kind: 'judged';
  readonly program: Program;
  readonly weighed: Weighed;
  readonly truncatedFindings: number;
}

export type Result = Judged | Failure;

/** How many programs ended how. */
export interface Tally {
  allowed: number;
  needApproval: number;
  denied: number;
  failed: number;
}
