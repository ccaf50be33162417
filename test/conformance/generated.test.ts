/** What is generated is what the sources give. `npm run generate` writes it anew. */
import { describe, expect, test } from '@jest/globals';
import { generatedFiles } from '../../scripts/generate.ts';
import { textAt } from './imports.ts';

const generated = [...generatedFiles()];

describe('up to date', () => {
  test.each(generated)('%s', (path, text) => {
    expect(textAt(path)).toBe(text);
  });
});

test('generating twice gives the same', () => {
  expect([...generatedFiles()]).toEqual(generated);
});

test('docs/api.md says something of every field', () => {
  const empty = textAt('docs/api.md')
    .split('\n')
    .filter((line) => line.startsWith('| `') && /\|\s*\|$/.test(line));
  expect(empty).toEqual([]);
});
