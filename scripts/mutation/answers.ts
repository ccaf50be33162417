/**
 * What the golden files of test/core/analysis compare, without the test runner around it: one digest a program. Given the digests that there should
 * be, in ANSWERS, it ends with 1 at the first that differs.
 */
import { createHash } from 'node:crypto';
import { judgedLines } from '../../test/core/analysis/judged.ts';
import { readingLines, readingNames } from '../../test/core/analysis/reading.ts';
import { repositoryPrograms } from '../analysis/programs.ts';

const expected = process.env['ANSWERS']?.split(' ');

// The readings say most, so they come first.
const programs: readonly (() => readonly string[])[] = [
  ...readingNames.map((name) => () => readingLines(name)),
  ...repositoryPrograms().map((source) => () => judgedLines(source)),
];
const digests: string[] = [];
for (const linesOf of programs) {
  const digest = createHash('sha256').update(linesOf().join('\n')).digest('hex').slice(0, 16);
  if (expected && digest !== expected[digests.length]) process.exit(1);
  digests.push(digest);
}
console.log(digests.join(' '));
