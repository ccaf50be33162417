/** What the golden files of test/core/analysis compare, without the test runner around it: one digest. */
import { createHash } from 'node:crypto';
import { judgedLines } from '../../test/core/analysis/judged.ts';
import { readingLines, readingNames } from '../../test/core/analysis/reading.ts';
import { repositoryPrograms } from '../analysis/programs.ts';

const hash = createHash('sha256');
for (const { from, ...source } of repositoryPrograms())
  hash.update(`${from}\n${judgedLines(source).join('\n')}\n`);
for (const name of readingNames) hash.update(`${name}\n${readingLines(name).join('\n')}\n`);
console.log(hash.digest('hex'));
