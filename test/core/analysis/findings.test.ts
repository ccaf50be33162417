import { describe, expect, it } from '@jest/globals';
import { repositoryPrograms } from '../../../scripts/analysis/programs.ts';
import { expectGolden, expectNoneLeft } from './golden.ts';
import { judgedLines } from './judged.ts';

const folderOf = (path: string): string => path.split('/').at(-2) ?? '';

const byFolder = Map.groupBy(
  repositoryPrograms().toSorted((a, b) => (a.from < b.from ? -1 : 1)),
  ({ from }) => folderOf(from),
);

/**
 * All that every rule finds in the fixtures of the rules and in the agents of the examples, with place, grade, subjects and words:
 * golden/findings/RULE.txt. The marks in the fixtures say what must be found and what must not; this says that nothing else changes unseen.
 */
describe('the findings in the programs of', () => {
  it.each([...byFolder])('%s are those of the golden file', (folder, programs) => {
    expect(programs.length).toBeGreaterThan(0);
    const lines = programs.flatMap(({ from, ...source }) => [`== ${from}`, ...judgedLines(source), '']);
    expectGolden('findings', folder, lines);
  });

  it('folders that are gone leave no golden file behind', () => {
    expect(byFolder.size).toBeGreaterThan(0);
    expectNoneLeft('findings', [...byFolder.keys()]);
  });
});
