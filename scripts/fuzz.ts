/**
 * Broken and disguised programs against the analysis: `make fuzz SECONDS=60`, with SEED=… the same again. Ends with 1 when it found a crash,
 * a hang, a different answer of worker and process, or a hostile program that passes once it is wrapped; such programs are left in .cache/fuzz.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnalyser } from '../src/analysis-worker/analyser.ts';
import { analyse } from '../src/core/analysis/engine.ts';
import type { Report } from '../src/core/analysis/report.ts';
import { evaluate, STANDARD_POLICY } from '../src/core/verdict/policy.ts';
import { mutated, randomFrom, wrapped } from './analysis/mutations.ts';
import { repositoryPrograms } from './analysis/programs.ts';
import type { Sample } from './analysis/programs.ts';
import { round } from './bench/figures.ts';

const SECONDS = Number(process.env['SECONDS'] ?? 60);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const FOLDER = '.cache/fuzz';
/** The worker's deadline is a second; the rest is the way there and back on a busy machine. */
const HANG_MILLISECONDS = 3000;

const random = randomFrom(SEED);
const samples = repositoryPrograms();
const pick = (): Sample => samples[Math.floor(random() * samples.length)] ?? samples[0]!;
const analyser = createAnalyser({ entry: new URL('../src/analysis-worker/entry.ts', import.meta.url) });

const isAllowed = (report: Report): boolean => {
  const { denials, approvals } = evaluate(report, STANDARD_POLICY);
  return denials.length + approvals.length === 0;
};
/** A report that stands for an analysis that did not end by itself. */
const gaveUp = ({ findings }: Report): string | undefined =>
  findings.find(
    ({ rule, message }) => rule === 'ANY-PARSE' && /deadline|without an answer|more memory/.test(message.en),
  )?.message.en;

/** How deep a parser gets depends on the stack, which is larger in a worker; that nobody can read the program is the same answer. */
const agrees = (one: Report, other: Report): boolean =>
  (!one.parsed && !other.parsed) || JSON.stringify(one) === JSON.stringify(other);

/** Rules about the first lines of a program, which are no longer the first when it is wrapped. */
const FIRST_LINES = new Set(['PY-ENCODING', 'ANY-LANGUAGE']);

const isHostile = ({ parsed, findings }: Report): boolean =>
  parsed &&
  findings.some(
    ({ rule, severity }) => (severity === 'Critical' || severity === 'High') && !FIRST_LINES.has(rule),
  );

const counts = { programs: 0, unparsed: 0, denied: 0, deadline: 0 };
const problems: string[] = [];
function note(problem: string, { language, code, from }: Sample): void {
  const name = createHash('sha256').update(code).digest('hex').slice(0, 12);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.txt`), code);
  problems.push(`${problem}: ${FOLDER}/${name}.txt (${language}, from ${from})`);
  console.log(problems.at(-1));
}

async function tryOne(sample: Sample): Promise<Report> {
  const before = performance.now();
  const report = await analyser.analyse(sample);
  const took = performance.now() - before;
  counts.programs += 1;
  if (!report.parsed) counts.unparsed += 1;
  if (!isAllowed(report)) counts.denied += 1;
  const why = gaveUp(report);
  if (why?.includes('deadline')) counts.deadline += 1;
  else if (why) note(`crash (${why})`, sample);
  if (took > HANG_MILLISECONDS) note(`hang (${round(took / 1000)} s)`, sample);
  // What the worker could not end must not be tried here: nothing would end it.
  if (!why && !agrees(analyse(sample), report)) note('worker and process disagree', sample);
  return report;
}

const begun = performance.now();
const elapsed = () => (performance.now() - begun) / 1000;
let told = 0;
console.log(`fuzzing for ${SECONDS} s, SEED=${SEED}, from ${samples.length} programs`);
const memory = process.memoryUsage().rss;
while (elapsed() < SECONDS) {
  const sample = mutated(pick(), pick(), random);
  const report = await tryOne(sample);
  if (isHostile(report)) {
    const inside = wrapped(sample, random);
    if (isAllowed(await tryOne(inside))) note('passes once it is wrapped', inside);
  }
  if (elapsed() - told >= 10) {
    told = elapsed();
    console.log(`[${round(told, 0)}s] ${counts.programs} programs, ${problems.length} problems`);
  }
}
await analyser.close();
const grown = round((process.memoryUsage().rss - memory) / 1e6, 0);
console.log(
  `${counts.programs} programs, ${counts.unparsed} of them unreadable, ${counts.denied} not allowed, ${counts.deadline} ended by the deadline; memory grew by ${grown} MB; SEED=${SEED}`,
);
console.log(`${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
