import { describe, expect, it } from '@jest/globals';
import { covers, excerptOf, openDocument } from '../../../src/core/analysis/document.ts';

describe('a place in a document', () => {
  const text = 'ab\ncd\r\nef\rgh\n';
  const document = openDocument(text);

  it.each([
    [0, 0, [1, 1, 1, 1]],
    [0, 2, [1, 1, 1, 3]],
    [1, 4, [1, 2, 2, 2]],
    [2, 3, [1, 3, 2, 1]],
    [5, 7, [2, 3, 3, 1]],
    [7, 9, [3, 1, 3, 3]],
    [10, 12, [4, 1, 4, 3]],
    [13, 13, [5, 1, 5, 1]],
    [99, 99, [5, 1, 5, 1]],
    [4, 1, [2, 2, 2, 2]],
  ])(
    'from offset %i to %i is told by lines and columns',
    (start, end, [line, column, endLine, endColumn]) => {
      expect(document.spanAt(start, end)).toEqual({ line, column, endLine, endColumn });
    },
  );

  it('has its lines without what ends them', () => {
    expect(document.lines).toEqual(['ab', 'cd', 'ef', 'gh', '']);
    expect(openDocument('').lines).toEqual(['']);
  });

  it('names its file where there is one', () => {
    expect([openDocument('').file, openDocument('', 'a.py').file]).toEqual([undefined, 'a.py']);
  });

  const span = (line: number, column: number, endLine: number, endColumn: number) => ({
    line,
    column,
    endLine,
    endColumn,
  });
  it.each([
    [span(1, 1, 1, 5), true],
    [span(1, 2, 1, 4), true],
    [span(1, 1, 1, 6), false],
    [span(1, 1, 2, 1), false],
    [span(2, 1, 2, 2), false],
  ])('lies in another or not: %j', (inner, expected) => {
    expect(covers(span(1, 1, 1, 5), inner)).toBe(expected);
  });

  it.each([
    [span(1, 3, 3, 4), span(2, 9, 2, 10), true],
    [span(1, 3, 3, 4), span(1, 2, 2, 1), false],
    [span(1, 3, 3, 4), span(1, 3, 3, 4), true],
    [span(1, 3, 3, 4), span(2, 1, 3, 5), false],
    [span(2, 3, 3, 4), span(1, 9, 3, 1), false],
  ])('of several lines covers those between: %j, %j', (outer, inner, expected) => {
    expect(covers(outer, inner)).toBe(expected);
  });
});

describe('an excerpt', () => {
  const shown = (text: string, start: number, end: number): string => {
    const document = openDocument(text);
    return excerptOf(document, document.spanAt(start, end));
  };

  it.each([
    ['is what stands there', 'x = eval(a)', 4, 11, 'eval(a)'],
    ['is no more than that', 'one two three', 4, 7, 'two'],
    ['is trimmed', 'a   b   c', 1, 8, 'b'],
    ['ends with the first line', 'a = f(\n  b)\n', 4, 11, 'f('],
    ['is of the line that the place begins in', 'first\nsecond\nthird', 6, 12, 'second'],
    ['is the whole line where the place is empty', '  word here  \n', 0, 0, 'word here'],
    ['is the whole line where the place is blank', 'a   b', 1, 4, 'a   b'],
    ['shows control characters as escapes', 'a\u0007\u202eb', 0, 4, 'a\\u0007\\u202eb'],
    ['leaves other letters alone', 'あ é 😀', 0, 6, 'あ é 😀'],
    ['of exactly 120 characters is whole', `${'x'.repeat(120)} y`, 0, 120, 'x'.repeat(120)],
    ['of more ends with a sign of it', 'x'.repeat(121), 0, 121, `${'x'.repeat(119)}…`],
    ['of a blank place in a long line is cut', `${'y'.repeat(130)}  `, 130, 132, 'y'.repeat(120)],
  ])('%s', (_what, text, start, end, expected) => {
    expect(shown(text, start, end)).toBe(expected);
  });

  it('looks at twice its length before it trims and escapes', () => {
    expect(shown(`${' '.repeat(239)}z`, 0, 240)).toBe('z');
    expect(shown(`${' '.repeat(240)}z`, 0, 241)).toBe('z');
    expect(shown(`ab${' '.repeat(240)}z`, 2, 243)).toBe(`ab${' '.repeat(118)}`);
  });

  it('of a line that is not there is empty', () => {
    expect(excerptOf(openDocument('a'), { line: 9, column: 1, endLine: 9, endColumn: 2 })).toBe('');
  });
});
