import { languageOfFile } from '../languages/index.ts';
import { isLike, namesLike } from '../matching/lists.ts';
import type { LanguageName } from '../report.ts';
import { codeSinkOf } from './code-sinks.ts';
import type { Call, Program } from './program.ts';
import type { Ref, Text, Value } from './value.ts';
import { optionsOf, textsOf, wholeTextOf } from './value.ts';

/** A program that a program writes into a file. */
export interface WrittenFile {
  readonly path: string;
  readonly content: Text;
  readonly language: LanguageName;
  readonly call: Call;
}

const WRITES = namesLike(/(?:^|\.)(?:write|writelines|write_text|write_bytes)$/);
const WRITES_BY_PATH = namesLike(/^fs\.(?:promises\.)?(?:write|append)File(?:Sync)?$/);

/** The path that the file object, or the path object, at the end of this chain was made with. */
function pathOf(value: Value | undefined): string | undefined {
  for (let one: Value | undefined = value; one?.kind === 'ref'; one = one.receiver) {
    const { text, made }: Ref = one;
    if (text !== undefined) return text;
    const path = wholeTextOf(made?.[0]);
    if (path !== undefined) return path;
  }
  return undefined;
}

function writtenBy(call: Call): readonly WrittenFile[] {
  const { name, callee, args } = call;
  if (name === undefined || callee.kind !== 'ref') return [];
  const direct = isLike(name, WRITES_BY_PATH);
  if (!direct && !isLike(name, WRITES)) return [];
  const path = direct ? wholeTextOf(args[0]) : pathOf(callee.receiver);
  const content = args[direct ? 1 : 0];
  if (path === undefined || !content) return [];
  return optionsOf(content).flatMap((option) => {
    const language = option.kind === 'text' ? languageOfFile(path, option.text)?.name : undefined;
    return option.kind === 'text' && language !== undefined
      ? [{ path, content: option, language, call }]
      : [];
  });
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const MAXIMUM_FILES = 20;

/** Texts that the call may run a file by: those of its arguments, and one step into lists. */
const wordsOf = ({ args, keywords }: Call): readonly string[] =>
  [...args, ...keywords.values()].flatMap((arg) =>
    arg.kind === 'sequence' ? arg.items.flatMap((item) => [...textsOf(item)]) : [...textsOf(arg)],
  );

const RUNS = /^(?:runpy\.run_path|runpy\.run_module|importlib\.import_module|__import__|import\(\)|require)$/;

/** Files that the program writes and then imports or runs: they are programs like the one that writes them. */
export function filesRunBy(program: Program): readonly WrittenFile[] {
  const files = program.calls.flatMap(writtenBy).slice(0, MAXIMUM_FILES);
  if (files.length === 0) return files;
  const imported = new Set(program.imports.map(({ module }) => module.replace(/^\.*\/?/, '')));
  const words = program.calls
    .filter((call) => RUNS.test(call.name ?? '') || codeSinkOf(program.family, call) !== undefined)
    .flatMap(wordsOf);
  return files.filter(({ path }) => {
    const base = baseOf(path);
    const stem = base.replace(/\.\w+$/, '');
    return (
      imported.has(stem) ||
      words.some((word) => word.includes(base) || word === stem || (stem !== '' && word.endsWith(`.${stem}`)))
    );
  });
}
