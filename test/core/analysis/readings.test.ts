import { describe, expect, it } from '@jest/globals';
import { expectGolden, expectNoneLeft } from './golden.ts';
import { readingLines, readingNames } from './reading.ts';

/**
 * What is found in the programs of readings/, and what rules are shown of them: golden/readings/NAME.txt. In these programs `show(…)` is
 * a call that nobody knows, so that the golden file says what its arguments came to; `unknown` is a value of which nothing is known.
 */
describe('what is read of', () => {
  it.each(readingNames)('%s is what its golden file says', (name) => {
    const lines = readingLines(name);
    expect(lines.length).toBeGreaterThan(2);
    expectGolden('readings', name, lines);
  });

  it('programs that are gone leaves no golden file behind', () => {
    expect(readingNames.length).toBeGreaterThan(0);
    expectNoneLeft('readings', readingNames);
  });
});
