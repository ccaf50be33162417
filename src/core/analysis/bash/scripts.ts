import { interpreterOf } from '../program/interpreters.ts';
import type { Command } from '../program/program.ts';
import type { Value } from '../program/value.ts';
import { wholeTextOf } from '../program/value.ts';
import { outputOf } from './outputs.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What commands write into files, by the file's last name, where it is known. */
function writtenIn(commands: readonly Command[]): ReadonlyMap<string, readonly Value[]> {
  const files = new Map<string, Value[]>();
  const add = (file: Value | undefined, content: Value | undefined): void => {
    const path = wholeTextOf(file);
    if (path === undefined || content === undefined) return;
    const known = files.get(baseName(path));
    if (known) known.push(content);
    else files.set(baseName(path), [content]);
  };
  for (const command of commands) {
    for (const { operator, target } of command.redirects)
      if (operator.startsWith('>') && operator !== '>&') add(target, outputOf(command));
    if (command.name === 'tee') for (const file of command.args) add(file, outputOf(command));
  }
  return files;
}

/** The file that a command runs: `sh FILE`, `. FILE`, `./FILE`. */
function fileRunBy(command: Command): string | undefined {
  const { name, args } = command;
  if (name === '.' || name === 'source') return wholeTextOf(args[0]);
  if (interpreterOf(command))
    return args.map((arg) => wholeTextOf(arg) ?? '').find((word) => word !== '' && !word.startsWith('-'));
  return name;
}

/** The texts that a script writes into a file and then runs, each with the command that runs it. */
export function scriptsRun(
  commands: readonly Command[],
): readonly { readonly command: Command; readonly content: Value }[] {
  const files = writtenIn(commands);
  if (files.size === 0) return [];
  return commands.flatMap((command) => {
    const file = fileRunBy(command);
    const contents = file === undefined ? undefined : files.get(baseName(file));
    return (contents ?? []).map((content) => ({ command, content }));
  });
}
