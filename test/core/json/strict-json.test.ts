import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readStrictJson, readStrictText } from '../../../src/core/json/strict-json.ts';

const DEPTH = 16;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const problemOf = (given: Uint8Array): string => {
  const read = readStrictJson(given, DEPTH);
  return read.ok ? 'read' : read.problem;
};

describe('what is refused', () => {
  test.each([
    ['a key twice', '{"a":1,"a":2}', 'a key stands twice in one object'],
    ['a key twice, once escaped', String.raw`{"a":1,"\u0061":2}`, 'a key stands twice in one object'],
    ['a key twice, deep', '{"b":[{"a":1,"a":1}]}', 'a key stands twice in one object'],
    ['__proto__', '{"__proto__":{"admin":true}}', 'the key __proto__ is not allowed'],
    ['__proto__, escaped', String.raw`{"__pr\u006fto__":1}`, 'the key __proto__ is not allowed'],
    ['constructor', '{"a":{"constructor":1}}', 'the key constructor is not allowed'],
    ['prototype', '{"prototype":1}', 'the key prototype is not allowed'],
    ['a byte order mark', '\uFEFF{}', 'no value of JSON'],
    ['something after it', '{} {}', 'something follows the value'],
    ['a comment', '{}// x', 'something follows the value'],
    ['nothing', '', 'no value of JSON'],
    ['NaN', 'NaN', 'no value of JSON'],
    ['Infinity', '-Infinity', 'no value of JSON'],
    ['a leading zero', '01', 'something follows the value'],
    ['a plus', '+1', 'no value of JSON'],
    ['a number that is rounded', '9007199254740993', 'a number is too large to be kept exactly'],
    ['a number that becomes infinite', '1e999', 'a number is too large to be kept exactly'],
    ['half a surrogate pair', String.raw`"\ud800"`, 'half of a surrogate pair'],
    ['the other half', String.raw`"\udc00x"`, 'half of a surrogate pair'],
    ['a bare control character', '"a\u0001"', 'a bare control character'],
    ['an unknown escape', String.raw`"\x41"`, 'an escape that JSON does not have'],
    ['an unclosed string', '"abc', 'a string is not closed'],
    ['an unclosed list', '[1', 'a list is not closed'],
    ['a comma too many', '[1,]', 'no value of JSON'],
    ['single quotes', "{'a':1}", 'a key is not a string'],
    ['17 levels', '['.repeat(17) + ']'.repeat(17), 'nested more than 16 levels deep'],
    ['a hundred thousand levels', '['.repeat(100_000), 'nested more than 16 levels deep'],
    ['17 levels of objects', `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`, 'nested more than 16 levels deep'],
  ])('%s', (_name, text, want) => {
    expect(problemOf(bytes(text))).toBe(want);
  });

  test.each([
    ['a stray continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0x22, 0x00]],
  ])('bytes that are no UTF-8: %s', (_name, given) => {
    expect(problemOf(Uint8Array.from(given))).toMatch(/not valid UTF-8|control character/);
  });

  test('a lone surrogate in text that was decoded elsewhere', () => {
    expect(readStrictText('"\ud800"', DEPTH)).toMatchObject({ ok: false });
  });
});

describe('what is read', () => {
  test('16 levels', () => {
    expect(readStrictJson(bytes('['.repeat(16) + ']'.repeat(16)), DEPTH).ok).toBe(true);
  });

  test('keys that only look like those of Object are plain keys', () => {
    const read = readStrictJson(bytes('{"toString":1,"hasOwnProperty":2}'), DEPTH);
    expect(read).toEqual({ ok: true, value: { toString: 1, hasOwnProperty: 2 } });
  });

  test('whatever JSON.stringify writes is read as JSON.parse reads it', () => {
    const honest = fc
      .jsonValue({ maxDepth: 6 })
      .filter(
        (value) => problemOf(bytes(JSON.stringify(value))) !== 'a number is too large to be kept exactly',
      );
    fc.assert(
      fc.property(honest, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const read = readStrictText(text, 64);
        const named = /"(?:__proto__|constructor|prototype)":/.test(text);
        if (named || !text.isWellFormed()) return;
        expect(read.ok && JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test('what JSON.parse refuses is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:0123eE+-.truefalsn \\u') }), (text) => {
        let honest = true;
        try {
          JSON.parse(text);
        } catch {
          honest = false;
        }
        if (!honest) expect(readStrictText(text, DEPTH).ok).toBe(false);
      }),
    );
  });
});
