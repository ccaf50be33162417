/** What README.md and docs/check.md show of the command is what it says. */
import { describe, expect, jest, test } from '@jest/globals';
import { textAt } from '../conformance/imports.ts';
import { sekisho } from './command.ts';

// Each test starts processes, which take their time on a busy machine.
jest.setTimeout(60_000);

const PROMPT = '$ npm run --silent sekisho -- ';

/** What docs/check.md redirects into the command. */
const FILES: Readonly<Record<string, string>> = {
  'programs.jsonl':
    '{"id": 1, "language": "Bash", "code": "echo hello"}\n{"id": 2, "language": "Perl", "code": "1"}\n',
};

interface Shown {
  readonly command: string;
  readonly output: string;
  readonly code: number | undefined;
}

/** The calls of the command in a document, with the output and the exit code that stand below them. */
function shownIn(document: string): readonly Shown[] {
  const shown: { command: string; output: string[]; code?: number }[] = [];
  let current: (typeof shown)[number] | undefined;
  let asked = false;
  for (const line of document.split('\n')) {
    const text = /^ {4}(.*)$/.exec(line)?.[1] ?? (line === '' ? '' : undefined);
    if (text === undefined) current = undefined;
    else if (text.startsWith(PROMPT)) {
      current = { command: text.slice(PROMPT.length), output: [] };
      shown.push(current);
    } else if (text === '$ echo $?') asked = true;
    else if (asked && current) {
      current.code = Number(text);
      current = undefined;
      asked = false;
    } else current?.output.push(text);
  }
  return shown.map(({ command, output, code }) => ({ command, output: output.join('\n').trimEnd(), code }));
}

const all = ['README.md', 'docs/check.md'].flatMap((path) =>
  shownIn(textAt(path)).map((shown) => [path, shown.command, shown] as const),
);

test('both documents show the command', () => {
  expect(new Set(all.map(([path]) => path)).size).toBe(2);
});

describe('transcripts', () => {
  test.each(all)('%s: %s', async (_path, command, { output, code }) => {
    const [args = '', file] = command.split(' < ');
    const ended = await sekisho(args.split(' '), { stdin: file === undefined ? '' : (FILES[file] ?? '') });
    expect(ended.stdout.trimEnd()).toBe(output);
    if (code !== undefined) expect(ended.code).toBe(code);
  });
});
