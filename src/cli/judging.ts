import { availableParallelism } from 'node:os';
import { createAnalyser } from '../analysis-worker/analyser.ts';
import type { Analyser } from '../analysis-worker/analyser.ts';
import { judgeWithoutCluster } from '../core/verdict/judge.ts';
import { analysisOptionsOf } from '../core/verdict/policy.ts';
import { inOrder } from './in-order.ts';
import type { Input, Program, Result } from './input.ts';
import type { Settings } from './settings.ts';

/** Beside the bundle lies the bundled worker; from source it is the worker's own file. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? '../analysis-worker/entry.ts' : './analysis-worker.mjs',
  import.meta.url,
);

/** More would not be faster, and each may hold 128 MiB. */
const MAX_WORKERS = 4;

async function judged(program: Program, analyser: Analyser, { policies }: Settings): Promise<Result> {
  const { spec, role } = program;
  const { language, code, files = [], actions: declared = [] } = spec;
  const report = await analyser.analyse(
    { language, code, files },
    { ...analysisOptionsOf(policies), declared },
  );
  const weighed = judgeWithoutCluster({ spec, report, role, policies });
  return { kind: 'judged', program, weighed, truncatedFindings: report.truncatedFindings };
}

/** Judges programs in order, as many at once as there are workers. */
export async function* resultsOf(inputs: AsyncIterator<Input>, settings: Settings): AsyncGenerator<Result> {
  const workers = Math.min(MAX_WORKERS, availableParallelism());
  const analyser = createAnalyser({ entry: WORKER, workers });
  try {
    yield* inOrder(inputs, workers, async (input) =>
      input.kind === 'failure' ? input : judged(input, analyser, settings),
    );
  } finally {
    await analyser.close();
  }
}
