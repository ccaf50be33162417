/** What people get to see: the place underlined, whatever the line holds, and nothing that a terminal would obey. */
import { describe, expect, test } from '@jest/globals';
import { excerpt } from '../../src/cli/formats/source-line.ts';
import { textFormat } from '../../src/cli/formats/text.ts';
import type { Result } from '../../src/cli/input.ts';
import { WORDS } from '../../src/cli/words.ts';
import { judgeWithoutCluster } from '../../src/core/verdict/judge.ts';
import { aFinding, aReport, aRequest } from '../support/build.ts';

/** The line with the mark below it, as a terminal with these widths shows them. */
const underlined = (line: string, part: string): readonly [string, number, number] => {
  const column = line.indexOf(part) + 1;
  const { text, before, width } = excerpt(line, column, column + part.length);
  return [text, before, width];
};

describe('a source line', () => {
  test.each<readonly [string, string, string, string, number, number]>([
    ['plain text', 'a = os.fork()', 'os.fork', 'a = os.fork()', 4, 7],
    ['tabs', '\tx\tos.fork()', 'os.fork', '    x   os.fork()', 8, 7],
    ['wide characters before it', '日本 = fork()', 'fork', '日本 = fork()', 7, 4],
    ['wide characters in it', 'run("日本")', '"日本"', 'run("日本")', 4, 6],
    ['full-width and half-width forms', 'Ａｱ fork', 'fork', 'Ａｱ fork', 4, 4],
    ['an emoji', '"😀" fork', 'fork', '"😀" fork', 5, 4],
    ['a combining mark', 'e\u0301 fork', 'fork', 'e\u0301 fork', 2, 4],
    ['a control character', 'a\u001b[31m fork', 'fork', 'a\\u001b[31m fork', 12, 4],
    ['a character that reorders', 'a\u202eb fork', 'fork', 'a\\u202eb fork', 9, 4],
    ['half a character', 'a\ud800 fork', 'fork', 'a\\ud800 fork', 8, 4],
  ])('with %s', (_what, line, part, text, before, width) => {
    expect(underlined(line, part)).toEqual([text, before, width]);
  });

  test('that is long is cut around the place', () => {
    const line = `${'a'.repeat(100_000)}FORK${'b'.repeat(100_000)}`;
    const { text, before, width } = excerpt(line, 100_001, 100_005);
    expect(text.length).toBeLessThanOrEqual(102);
    expect(text.slice(before, before + width)).toBe('FORK');
    expect(text).toMatch(/^….*…$/);
  });

  test('whose place does not end in sight is underlined as far as it is shown', () => {
    const { text, before, width } = excerpt('x'.repeat(500), 1, 501);
    expect([before, width]).toEqual([0, text.length - 1]);
  });

  test('is measured in no time, however long', () => {
    const line = '日'.repeat(80_000);
    const started = performance.now();
    for (let column = 1; column < 80_000; column += 800) excerpt(line, column, column + 1);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

const { spec } = aRequest({ spec: { code: 'import os\n\n日本 = os.fork()\n' } });
const report = aReport({
  findings: [
    aFinding({ line: 3, column: 6, endLine: 3, endColumn: 15, remedy: { en: 'Use one.', ja: '一つに。' } }),
    aFinding({ rule: 'ANY-LOOP', severity: 'Medium', line: 1, column: 1, endLine: 3, endColumn: 2 }),
  ],
});
function judgedIn(locale: 'en' | 'ja', path = 'a.py'): Result {
  const given = { ...spec, locale };
  const weighed = judgeWithoutCluster({
    spec: given,
    report,
    role: undefined,
    policies: [],
  });
  return {
    kind: 'judged',
    program: { kind: 'program', name: { path }, spec: given, role: undefined },
    weighed,
    truncatedFindings: 2,
  };
}

test('findings look like the messages of a compiler, the decision follows', () => {
  expect(textFormat(WORDS.en, false).one(judgedIn('en')))
    .toBe(`a.py:3:6: Critical PY-FORK: os.fork makes processes.
    3 | 日本 = os.fork()
      |        ^^^^^^^^^
      = Use one.
a.py:1:1: Medium ANY-LOOP: os.fork makes processes.
    1 | import os
      | ^^^^^^^^^
and 2 more
a.py: Denied (risk 100 of 100)
  Forbidden by PY-FORK.
  Risk: PY-FORK 90, ANY-LOOP 20

`);
});

test('in Japanese too', () => {
  const text = textFormat(WORDS.ja, false).one(judgedIn('ja'));
  expect(text).toContain('a.py:3:6: Critical PY-FORK: os.fork はプロセスを作ります。');
  expect(text).toContain('a.py: 拒否（リスク 100/100）\n  PY-FORK により禁止されています。\n');
});

test('colours are given only when wanted, and paths bring none along', () => {
  const escape = '\u001b';
  expect(textFormat(WORDS.en, true).one(judgedIn('en'))).toContain(`${escape}[31m`);
  expect(textFormat(WORDS.en, false).one(judgedIn('en', `a${escape}[31m\n.py`))).not.toContain(escape);
  const failed: Result = {
    kind: 'failure',
    name: { path: `x${escape}]0;t\u0007.py` },
    message: `m${escape}`,
  };
  expect(textFormat(WORDS.en, false).one(failed)).toBe('x\\u001b]0;t\\u0007.py: error: m\\u001b\n');
});

test('the last line counts', () => {
  const { end } = textFormat(WORDS.en, false);
  expect(end({ allowed: 1, needApproval: 1, denied: 0, failed: 2 })).toBe(
    '4 programs: 1 allowed, 1 needs approval, 0 denied, 2 could not be judged\n',
  );
});
