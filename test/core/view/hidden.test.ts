import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { piecesOf, plainly, textOf } from '../../../src/core/view/hidden.ts';

describe('a line as a person should see it', () => {
  test.each([
    ['ordinary text stays', 'print("日本語 café")\t# ok', 'print("日本語 café")\t# ok'],
    ['what is invisible', 'al\u200bice', 'al\\u200bice'],
    ['what reorders', 'a\u202eb', 'a\\u202eb'],
    ['a Cyrillic letter in a Latin word', 'us\u0435r', 'us\\u{435}r'],
    ['a Cyrillic word', 'привет', 'привет'],
    ['a filler that counts as a letter', 'a\u3164b', 'a\\u3164b'],
    ['a carriage return', 'a\rb', 'a\\u000db'],
    ['a line within the line', 'alice\nrole: admin', 'alice\\u000arole: admin'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
  ])('%s', (_what, line, seen) => {
    expect(plainly(line)).toBe(seen);
  });
});

test('an escape is a piece of its own, so that a text that looks like one is told from it', () => {
  expect(piecesOf("'\\u200b' == '\u200b'")).toEqual(["'\\u200b' == '", { hidden: '\\u200b' }, "'"]);
  expect(piecesOf('us\u0435r = 1')).toEqual(['us', { hidden: '\\u{435}' }, 'r = 1']);
  expect(piecesOf('')).toEqual(['']);
});

test('pieces say what the line says', () => {
  const unit = fc.constantFrom(
    'a',
    'е',
    'λ',
    '\u200b',
    '\u3164',
    '\u202e',
    ' ',
    '\\',
    '\n',
    '\u0000',
    '語',
    '💩',
    '\ud800',
  );
  fc.assert(
    fc.property(fc.string({ unit }), (line) => {
      expect(textOf(piecesOf(line))).toBe(plainly(line));
    }),
  );
});
