import type { Command } from '../program/program.ts';
import type { Value } from '../program/value.ts';
import { HOLE, text, wholeTextOf } from '../program/value.ts';
import { inputOf, outputOf } from './outputs.ts';

/** What a variable is given. */
interface Given {
  readonly name: string;
  readonly value: Value;
}

/** The variable to which a command gives what it would print, or reads: `printf -v NAME …`, `read NAME <<< TEXT`. */
export function givenBy(command: Command): Given | undefined {
  const [first, second, ...rest] = command.args;
  if (command.name === 'printf' && wholeTextOf(first) === '-v') {
    const name = wholeTextOf(second);
    const value = outputOf({ ...command, args: rest }) ?? text(HOLE);
    return name === undefined ? undefined : { name, value };
  }
  if (command.name !== 'read') return undefined;
  const names = command.words.filter((word) => !word.startsWith('-'));
  const line = wholeTextOf(inputOf(command))?.split('\n')[0]?.trim();
  const [name] = names;
  return name !== undefined && names.length === 1 && line !== undefined
    ? { name, value: text(line) }
    : undefined;
}
