import { expect, test } from '@jest/globals';
import { storedBytes } from '../../src/api/stored-bytes.ts';

// What encoding/json of Go 1.26 makes of them, quotes included.
test.each([
  ['plain', 'abc', 5],
  ['quotes and lines', 'a"b\\c\n', 11],
  ['a control character', '\u0001', 8],
  ['HTML', '<&>', 20],
  ['separators', '\u2028\u2029', 14],
  ['Japanese', '関所', 8],
  ['outside the basic plane', '😀', 6],
])('counts the bytes of %s as the API server writes it', (_what, text, bytes) => {
  expect(storedBytes(text)).toBe(bytes);
});

test('counts keys and nested values too', () => {
  expect(storedBytes({ '<': [1, null, { a: '>' }] })).toBe('{"<":[1,null,{"a":">"}]}'.length + 10);
});
