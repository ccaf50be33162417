/**
 * How long the analysis takes, against the bare parsers in the same run, in this process and through the worker as the webhook uses it.
 * `make bench-analysis`. The last line is one line of JSON.
 */
import { parse as parseScript } from '@babel/parser';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parse as parsePython } from 'py-ast';
import { parse as parseBash } from 'unbash';
import { createAnalyser } from '../src/analysis-worker/analyser.ts';
import { analyse } from '../src/core/analysis/engine.ts';
import type { LanguageName } from '../src/core/analysis/report.ts';
import { GENERATED, honestProgram, repositoryPrograms } from './analysis/programs.ts';
import type { Sample } from './analysis/programs.ts';
import { percentile, round, sum } from './bench/figures.ts';

const SMALL_BYTES = 4096;
const SIZES = [1024, 4096, 16_384, 65_536, 250_000];
const ROUNDS = 30;
/** Rounds that only make the machine warm. */
const WARM = 12;
const LOAD_PER_SECOND = 200;
const LOAD_SECONDS = 10;

const PARSERS: Readonly<Record<LanguageName, (code: string) => unknown>> = {
  Python: (code) => parsePython(code),
  JavaScript: (code) => parseScript(code, { sourceType: 'unambiguous', plugins: ['jsx'] }),
  TypeScript: (code) => parseScript(code, { sourceType: 'unambiguous', plugins: ['typescript'] }),
  Bash: (code) => parseBash(code),
};

function milliseconds(work: () => unknown): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

/** Whether the bare parser reads it: what does not parse has no floor to be compared with. */
function parses({ language, code }: Sample): boolean {
  try {
    PARSERS[language](code);
    return true;
  } catch {
    return false;
  }
}

/** Each sample in turn by parser and analysis, so that both meet the same noise; the median of the warm rounds. */
function compared(samples: readonly Sample[]): { parser: number[]; analysis: number[] } {
  const rounds = Array.from({ length: ROUNDS }, () =>
    samples.map((sample) => ({
      parser: milliseconds(() => PARSERS[sample.language](sample.code)),
      analysis: milliseconds(() => analyse(sample)),
    })),
  ).slice(WARM);
  const median = (pick: 'parser' | 'analysis') =>
    samples.map((_sample, index) =>
      percentile(
        rounds.map((one) => one[index]?.[pick] ?? 0),
        0.5,
      ),
    );
  return { parser: median('parser'), analysis: median('analysis') };
}

function row(what: string, samples: readonly Sample[]) {
  const { parser, analysis } = compared(samples);
  const bytes = sum(samples.map(({ code }) => Buffer.byteLength(code)));
  return {
    what,
    programs: samples.length,
    'median ms': round(percentile(analysis, 0.5), 3),
    'p99 ms': round(percentile(analysis, 0.99), 2),
    'MB/s': round(bytes / 1000 / sum(analysis), 2),
    'times the parser': round(sum(analysis) / sum(parser)),
  };
}

/** One after the other through a warm worker, the way there and back included. */
async function throughWorker(samples: readonly Sample[]): Promise<number[]> {
  const analyser = createAnalyser({
    entry: new URL('../src/analysis-worker/entry.ts', import.meta.url),
    workers: 1,
  });
  const times: number[] = [];
  for (let turn = 0; turn < ROUNDS; turn += 1)
    for (const sample of samples) {
      const before = performance.now();
      await analyser.analyse(sample);
      if (turn >= WARM) times.push(performance.now() - before);
    }
  await analyser.close();
  return times;
}

/** How long this process's event loop stood still at most while so many analyses a second went through the workers. */
async function loopDelay(samples: readonly Sample[]): Promise<{ delay: number; answered: number }> {
  const analyser = createAnalyser({ entry: new URL('../src/analysis-worker/entry.ts', import.meta.url) });
  for (const sample of samples) await analyser.analyse(sample);
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  const pending: Promise<unknown>[] = [];
  const begun = performance.now();
  for (let sent = 0; sent < LOAD_PER_SECOND * LOAD_SECONDS;) {
    const due = Math.floor(((performance.now() - begun) / 1000) * LOAD_PER_SECOND);
    for (; sent < due; sent += 1)
      pending.push(analyser.analyse(samples[sent % samples.length] ?? samples[0]!));
    await pause(5);
  }
  await Promise.all(pending);
  histogram.disable();
  await analyser.close();
  return { delay: histogram.max / 1e6, answered: pending.length };
}

const repository = repositoryPrograms().filter(parses);
const small = repository.filter(({ code }) => Buffer.byteLength(code) < SMALL_BYTES);
console.log(
  `${repository.length} programs of the repository parse, ${small.length} of them below ${SMALL_BYTES} bytes`,
);
const languages = [...new Set(small.map(({ language }) => language))];
const rows = [
  ...languages.map((name) =>
    row(
      `repository, ${name}, < 4 KB`,
      small.filter(({ language }) => language === name),
    ),
  ),
  ...GENERATED.flatMap((name) =>
    SIZES.map((bytes) => row(`honest, ${name}, ${bytes} bytes`, [honestProgram(name, bytes)])),
  ),
];
console.table(rows);
const { parser, analysis } = compared(small);
const before = process.memoryUsage().rss;
const worker = await throughWorker(small);
const workerBytes = process.memoryUsage().rss - before;
console.log(
  `through the warm worker: median ${round(percentile(worker, 0.5), 3)} ms, p99 ${round(percentile(worker, 0.99))} ms`,
);
const { delay, answered } = await loopDelay(small);
console.log(
  `${answered} analyses at ${LOAD_PER_SECOND} a second: the event loop stood still for ${round(delay, 1)} ms at most`,
);
console.log(
  JSON.stringify({
    medianMs: round(percentile(worker, 0.5), 3),
    p99Ms: round(percentile(worker, 0.99)),
    parserRatio: round(sum(analysis) / sum(parser)),
    loopDelayMaxMs: round(delay, 1),
    workerRssMB: round(workerBytes / 1e6, 1),
  }),
);
