import type { Document, Span } from '../document.ts';
import type { Reading } from '../languages/language.ts';
import { emptyProgram } from '../languages/language.ts';
import type { LanguageName } from '../report.ts';
import type { Command, Program } from './program.ts';

/** A text, or an argv, that a program runs as code. */
export interface Payload {
  readonly language: LanguageName;
  readonly text: string;
  readonly command?: Command;
  readonly span: Span;
  readonly taint: number;
}

export function payloadsOf(_program: Program): readonly Payload[] {
  return [];
}

export function commandProgram(command: Command, document: Document, reading: Reading): Program {
  return { ...emptyProgram('Bash', document, reading), commands: [command] };
}
