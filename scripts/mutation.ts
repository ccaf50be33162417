/**
 * Mutation testing of the analysis: `make mutation N=200`, with SEED=… the same again. Small changes of the engine's source, each of which some
 * test must notice: first what the golden files of test/core/analysis compare, then, for what that misses, the tests of the engine themselves.
 * Changes that mean nothing are not excused, so the score is a lower bound. Ends with one JSON line.
 *
 * The changes fall into two halves, by what they change. Whoever writes tests looks at the survivors of the one, HALF=seen; the score is taken on the
 * other, so that it says how well the tests do on what nobody looked at. HALF=all takes both.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomFrom } from './analysis/mutations.ts';
import { mutantsOf } from './mutation/places.ts';
import type { Mutant } from './mutation/places.ts';

const N = Number(process.env['N'] ?? 200);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const HALF = process.env['HALF'] ?? 'unseen';
const ENGINE = 'src/core/analysis';
/** Of the processor: unchanged, the answers take two and the tests twenty. What never ends is noticed too, however busy the machine is. */
const ANSWERS_SECONDS = 20;
const TESTS_SECONDS = 120;
const ENGINE_TESTS = 'test/(core/analysis|rules)/';
/** What these compare is known from the answers. */
const ANSWERED_TESTS = 'test/core/analysis/(findings|readings)';

const filesOfEngine = (): readonly string[] =>
  readdirSync(ENGINE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(ENGINE, path))
    .toSorted((a, b) => (a < b ? -1 : 1));

/** The same change in the same file is told from others by how many stand before it. */
function inHalf(half: string): (mutant: Mutant) => boolean {
  const before = new Map<string, number>();
  return ({ file, before: from, after }) => {
    const key = [file, from, after].join('\0');
    const count = before.get(key) ?? 0;
    before.set(key, count + 1);
    const [first = 0] = createHash('sha256').update(`${key}\0${count}`).digest();
    return half === 'all' || (first % 2 === 0) === (half === 'seen');
  };
}

/** So many of all, each as likely as any other. */
function sampleOf(mutants: readonly Mutant[]): readonly Mutant[] {
  const random = randomFrom(SEED);
  return mutants
    .map((mutant) => ({ mutant, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, N)
    .map(({ mutant }) => mutant);
}

/** Runs a command that may have so much of the processor. */
function limited(seconds: number, command: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync('sh', ['-c', `ulimit -t ${seconds}; exec "$@"`, 'sh', ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
}

/** What the engine answers under a change; undefined when it does not end well, or not with what is expected. */
function answers(mutant: Mutant | undefined, expected?: string): string | undefined {
  const command = ['--import', './scripts/mutation/swap.ts', 'scripts/mutation/answers.ts'];
  const { status, stdout } = limited(ANSWERS_SECONDS, [process.execPath, ...command], {
    MUTANT: JSON.stringify(mutant ?? {}),
    ANSWERS: expected,
  });
  return status === 0 ? stdout.trim() : undefined;
}

function areTestsGreen(): boolean {
  const patterns = ['--testPathPatterns', ENGINE_TESTS, '--testPathIgnorePatterns', ANSWERED_TESTS];
  return (
    limited(TESTS_SECONDS, ['npm', 'run', '--silent', 'test:unit', '--', '--bail', ...patterns]).status === 0
  );
}

/** Whether the tests of the engine are green with the change written into its file, which is put back whatever happens. */
function testsStayGreen({ file, start, end, after }: Mutant): boolean {
  const text = readFileSync(file, 'utf8');
  try {
    writeFileSync(file, `${text.slice(0, start)}${after}${text.slice(end)}`);
    // Red by chance, on a machine that is busy, does not count.
    return areTestsGreen() || areTestsGreen();
  } finally {
    writeFileSync(file, text);
  }
}

const all = filesOfEngine().flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')));
const sample = sampleOf(all.filter(inHalf(HALF)));
const expected = answers(undefined);
if (expected === undefined) throw new Error('the programs are not read without any change');
if (!areTestsGreen()) throw new Error('the tests are not green without any change');
console.log(`${sample.length} of ${all.length} changes, SEED=${SEED} HALF=${HALF}`);

const tally = new Map<string, { tried: number; killed: number }>();
let byAnswers = 0;
let byTests = 0;
for (const [index, mutant] of sample.entries()) {
  const answered = answers(mutant, expected) !== expected;
  const killed = answered || !testsStayGreen(mutant);
  if (answered) byAnswers += 1;
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
  if ((index + 1) % 20 === 0) console.log(`[${index + 1}] ${byAnswers + byTests} noticed`);
}
for (const [folder, { tried, killed }] of tally) console.log(`${folder}: ${killed} of ${tried}`);
const killed = byAnswers + byTests;
if (!areTestsGreen()) throw new Error('the tests are no longer green without any change: do not trust this');
console.log(
  JSON.stringify({
    mutants: sample.length,
    killed,
    byAnswers,
    byTests,
    survived: sample.length - killed,
    score: Math.round((100 * killed) / sample.length) / 100,
  }),
);
