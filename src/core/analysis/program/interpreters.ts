import { isLike, namesLike } from '../matching/lists.ts';
import type { LanguageName } from '../report.ts';
import type { Command } from './program.ts';
import type { Value } from './value.ts';
import { wholeTextOf } from './value.ts';

/** A command that runs programs. */
export interface Interpreter {
  /** Undefined when Sekisho cannot read the language. */
  readonly language: LanguageName | undefined;
  /** Programs among its words: `bash -c TEXT`. */
  readonly inline: readonly Value[];
  /** Whether it takes its program from the standard input. */
  readonly reads: boolean;
}

const SHELL = /^(?:ba|da|a|z|k|c|tc|fi)?sh$/;
const PYTHON = /^(?:python|pypy)[\d.]*$/;
const NODE = /^(?:node|nodejs|deno|bun)$/;
const OTHER = /^(?:perl|ruby|php|lua|tclsh|Rscript|osascript|pwsh)[\d.]*$/;

/** The names of commands that run programs. */
export const INTERPRETERS = namesLike(
  new RegExp([SHELL, PYTHON, NODE, OTHER].map(({ source }) => source).join('|')),
);

/** Whether a command of this name runs programs. */
export const isInterpreter = (name: string): boolean => isLike(name, INTERPRETERS);

function kindOf(name: string): { language: LanguageName | undefined; flags: RegExp } | undefined {
  if (!isInterpreter(name)) return undefined;
  if (SHELL.test(name)) return { language: 'Bash', flags: /^-[a-z]*c[a-z]*$/ };
  if (PYTHON.test(name)) return { language: 'Python', flags: /^-[a-zA-Z]*c$/ };
  if (NODE.test(name)) return { language: 'JavaScript', flags: /^(?:-e|-p|-pe|--eval|--print|eval)$/ };
  return { language: undefined, flags: /^-[a-zA-Z]*[erE]$/ };
}

/** What the command runs, when it is a shell or another interpreter. */
export function interpreterOf(command: Command): Interpreter | undefined {
  const kind = command.name === undefined ? undefined : kindOf(command.name);
  if (!kind) return undefined;
  const { args } = command;
  const inline: Value[] = [];
  args.forEach((arg, index) => {
    const next = args[index + 1];
    if (next && kind.flags.test(wholeTextOf(arg) ?? '')) inline.push(next);
  });
  const script = args.some((arg) => !/^-./.test(wholeTextOf(arg) ?? '-x') && wholeTextOf(arg) !== '-');
  const [first] = args;
  const readsAnyway = first !== undefined && /^(?:-|-s|\/dev\/stdin)$/.test(wholeTextOf(first) ?? '');
  return { language: kind.language, inline, reads: readsAnyway || (!script && inline.length === 0) };
}

export const isShell = (name: string | undefined): boolean => name !== undefined && SHELL.test(name);
