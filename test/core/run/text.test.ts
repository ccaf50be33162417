import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { safeOutput, safeText } from '../../../src/core/run/text.ts';

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');

describe('output', () => {
  test.each([
    ['an ANSI colour', '\u001b[31mred', '\\u001b[31mred'],
    ['an OSC 8 link', '\u001b]8;;https://evil\u0007text', '\\u001b]8;;https://evil\\u0007text'],
    ['a C1 control sequence', '\u009b31m', '\\u009b31m'],
    ['a bare carriage return', 'real\rfake', 'real\\u000dfake'],
    ['a backspace', 'a\bb', 'a\\u0008b'],
    ['a null', 'a\0b', 'a\\u0000b'],
    ['a bidi override', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['the Arabic letter mark', '\u061c', '\\u061c'],
    ['a zero-width space and joiner', 'a\u200bb\u200dc', 'a\\u200bb\\u200dc'],
    ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
    ['tag characters and fillers', 'a\u{e0041}b\u3164', 'a\\u{e0041}b\\u3164'],
    ['a byte order mark within', 'a\ufeffb', 'a\\ufeffb'],
    ['DEL', '\u007f', '\\u007f'],
  ])('shows %s as an escape', (_title, text, shown) => {
    expect(safeText(text)).toBe(shown);
    expect(safeOutput(base64(text), 100).text).toBe(shown);
  });

  test.each(['two\nlines\tand a tab', '日本語 ✓ é 😀', ''])('keeps "%s" as it is', (text) => {
    expect(safeOutput(base64(text), 100)).toEqual({ text, cut: false });
  });

  test('replaces what is not UTF-8', () => {
    expect(safeOutput(base64(Uint8Array.of(0x61, 0xff, 0x62)), 100).text).toBe('a\ufffdb');
    expect(safeOutput(base64(Buffer.from('あ').subarray(0, 2)), 100).text).toBe('\ufffd');
  });

  test.each([
    ['a key of a cloud', ['AKIA', 'ABCDEFGHIJKLMNOP'].join('')],
    ['a web token', `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----'],
  ])('keeps %s out, and nothing else', (_title, secret) => {
    expect(safeOutput(base64(`before\n${secret}\nafter`), 100).text).toBe(
      'before\n[redacted: secret]\nafter',
    );
  });

  test('does not end within a character', () => {
    expect(safeOutput(base64('a😀'), 2)).toEqual({ text: 'a\ufffd', cut: true });
  });

  test('is cut at the limit, and says so', () => {
    expect(safeOutput(base64('abcd'), 4)).toEqual({ text: 'abcd', cut: false });
    expect(safeOutput(base64('abcde'), 4)).toEqual({ text: 'abcd', cut: true });
  });

  test('of any bytes is harmless and no longer than the limit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, limit) => {
        const { text } = safeOutput(base64(bytes), limit);
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text).not.toMatch(/[^\P{Cc}\n\t]|\p{Bidi_Control}/u);
      }),
    );
  });
});
