/**
 * Mutation testing of the analysis: `make mutation N=100`, with SEED=… the same again. Small changes of the engine's source, each of which some
 * test must notice: first the fixtures of the rules, then, for what they miss, the tests of the engine. Changes that mean nothing are not
 * excused, so the score is a lower bound. Ends with one JSON line.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomFrom } from './analysis/mutations.ts';
import { mutantsOf } from './mutation/places.ts';
import type { Mutant } from './mutation/places.ts';

const N = Number(process.env['N'] ?? 100);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const ENGINE = 'src/core/analysis';
/** Unchanged, the fixtures take about a second. What never ends is noticed too. */
const FIXTURES_MILLISECONDS = 20_000;
const TESTS_MILLISECONDS = 120_000;
const ENGINE_TESTS = 'test/(core/analysis|rules)/';

const filesOfEngine = (): readonly string[] =>
  readdirSync(ENGINE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(ENGINE, path))
    .toSorted((a, b) => (a < b ? -1 : 1));

/** So many of all, each as likely as any other. */
function sampleOf(mutants: readonly Mutant[]): readonly Mutant[] {
  const random = randomFrom(SEED);
  return mutants
    .map((mutant) => ({ mutant, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, N)
    .map(({ mutant }) => mutant);
}

/** What the fixtures answer under a change; undefined when they do not end well. */
function answers(mutant: Mutant | undefined): string | undefined {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', './scripts/mutation/swap.ts', 'scripts/mutation/answers.ts'],
    {
      encoding: 'utf8',
      timeout: FIXTURES_MILLISECONDS,
      env: { ...process.env, MUTANT: JSON.stringify(mutant ?? {}) },
    },
  );
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether the tests of the engine are green with the change written into its file, which is put back whatever happens. */
function testsStayGreen({ file, start, end, after }: Mutant): boolean {
  const text = readFileSync(file, 'utf8');
  try {
    writeFileSync(file, `${text.slice(0, start)}${after}${text.slice(end)}`);
    const jest = ['run', '--silent', 'test:unit', '--', '--bail', '--testPathPatterns', ENGINE_TESTS];
    return spawnSync('npm', jest, { timeout: TESTS_MILLISECONDS, stdio: 'ignore' }).status === 0;
  } finally {
    writeFileSync(file, text);
  }
}

const all = filesOfEngine().flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')));
const sample = sampleOf(all);
const expected = answers(undefined);
if (expected === undefined) throw new Error('the fixtures do not run without any change');
console.log(`${sample.length} of ${all.length} changes, SEED=${SEED}`);

const tally = new Map<string, { tried: number; killed: number }>();
let byFixtures = 0;
let byTests = 0;
for (const [index, mutant] of sample.entries()) {
  const fixtures = answers(mutant) !== expected;
  const killed = fixtures || !testsStayGreen(mutant);
  if (fixtures) byFixtures += 1;
  else if (killed) byTests += 1;
  const folder = dirname(mutant.file);
  const { tried, killed: before } = tally.get(folder) ?? { tried: 0, killed: 0 };
  tally.set(folder, { tried: tried + 1, killed: before + (killed ? 1 : 0) });
  if (!killed) {
    const [before_, after] = [mutant.before, mutant.after].map((text) => text.replaceAll(/\s+/g, ' '));
    console.log(
      `survived ${mutant.file}:${mutant.line}\n    ${before_?.slice(0, 100)}\n  → ${after?.slice(0, 100)}`,
    );
  }
  if ((index + 1) % 20 === 0) console.log(`[${index + 1}] ${byFixtures + byTests} noticed`);
}
for (const [folder, { tried, killed }] of tally) console.log(`${folder}: ${killed} of ${tried}`);
const killed = byFixtures + byTests;
console.log(
  JSON.stringify({
    mutants: sample.length,
    killed,
    byFixtures,
    byTests,
    survived: sample.length - killed,
    score: Math.round((100 * killed) / sample.length) / 100,
  }),
);
