import type { Document } from '../document.ts';
import { languageNamed } from '../languages/index.ts';
import type { Language, Reading } from '../languages/language.ts';
import { emptyProgram, Unreadable } from '../languages/language.ts';
import { openDocument } from '../document.ts';
import { Budget, BudgetExceeded } from './budget.ts';
import { finished } from './finished.ts';
import { commandProgram, payloadsOf } from './payloads.ts';
import type { Program, Trouble } from './program.ts';

const MAXIMUM_BYTES = 256 * 1024;
const MAXIMUM_DEPTH = 6;
/** What a parser's start costs, beside the nodes. */
const PAYLOAD_STEPS = 400;
const MAXIMUM_PAYLOADS = 1000;

interface Task {
  readonly document: Document;
  readonly language: Language;
  readonly budget: Budget;
  readonly troubles: readonly Trouble[];
  readonly beside: readonly Document[];
}

const TOO_LARGE = { en: 'The program is larger than 256 KiB.', ja: 'プログラムが 256 KiB を超えています。' };
const TOO_DEEP = {
  en: 'The program is nested too deeply to be read.',
  ja: 'プログラムの入れ子が深すぎて読み取れません。',
};
const TOO_MUCH = {
  en: 'The program asks for more analysis than any program may have.',
  ja: 'プログラムの解析量が上限を超えました。',
};
const UNKNOWN = { en: 'The program could not be read.', ja: 'プログラムを読み取れませんでした。' };

/** What an exception on the way says about the program. Parsers fail in many ways; none of them may pass as an answer. */
function troubleOf(error: unknown, document: Document): Trouble {
  const start = document.spanAt(0, 0);
  if (error instanceof Unreadable) return { kind: 'syntax', message: error.sentence, span: error.place };
  if (error instanceof BudgetExceeded) return { kind: 'budget', message: TOO_MUCH, span: start };
  if (error instanceof RangeError) return { kind: 'depth', message: TOO_DEEP, span: start };
  return { kind: 'syntax', message: UNKNOWN, span: start };
}

function readOne(document: Document, language: Language, reading: Reading): Program {
  try {
    return finished(language.read(document, reading));
  } catch (error) {
    const empty = emptyProgram(language.family, document, reading);
    return finished({ ...empty, troubles: [troubleOf(error, document)] });
  }
}

/** The programs that a program runs out of its own texts, each in its language, to a bounded depth. */
function quotedIn(program: Program, budget: Budget): readonly Program[] {
  const host = (span: Program['references'][number]['span']): Program['host'] =>
    program.host ?? { document: program.document, span };
  const payloads = payloadsOf(program);
  // What is not looked into must not pass as harmless.
  if (payloads.length > 0 && program.depth >= MAXIMUM_DEPTH) throw new BudgetExceeded('quoted too deeply');
  if (payloads.length > MAXIMUM_PAYLOADS) throw new BudgetExceeded('too many quoted programs');
  return payloads.map((payload) => {
    budget.spend(PAYLOAD_STEPS);
    const reading = {
      budget,
      depth: program.depth + 1,
      taint: program.taint | payload.taint,
      host: host(payload.span),
    };
    if (payload.command) return commandProgram(payload.command, program.document, reading);
    return readOne(openDocument(payload.text), languageNamed(payload.language), reading);
  });
}

/** Reads a document, and every text in it that runs as code. Never throws. */
export function readWithPayloads({ document, language, budget, troubles, beside }: Task): readonly Program[] {
  const reading: Reading = { budget, depth: 0, taint: 0, host: undefined, beside };
  if (document.text.length > MAXIMUM_BYTES || Buffer.byteLength(document.text) > MAXIMUM_BYTES) {
    const trouble: Trouble = { kind: 'size', message: TOO_LARGE, span: document.spanAt(0, 0) };
    return [finished({ ...emptyProgram(language.family, document, reading), troubles: [trouble] })];
  }
  const main = readOne(document, language, reading);
  const programs: Program[] = [{ ...main, troubles: [...troubles, ...main.troubles] }];
  for (let index = 0; index < programs.length; index += 1) {
    const program = programs[index];
    if (!program) continue;
    try {
      if (programs.length > 2 * MAXIMUM_PAYLOADS) throw new BudgetExceeded('too many quoted programs');
      programs.push(...quotedIn(program, budget));
    } catch (error) {
      programs[0] = { ...main, troubles: [...troubles, ...main.troubles, troubleOf(error, document)] };
      return programs;
    }
  }
  return programs;
}
