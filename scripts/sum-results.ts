/** Adds up what the test runs left in a folder, and ends with `N passed, N failed`. Exits with 1 when any failed. */
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

interface Sum {
  readonly passed: number;
  readonly failed: number;
}

const linesOf = (path: string): readonly unknown[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): unknown => JSON.parse(line));

const jestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

/** A suite that could not even be loaded counts as one failure. */
function jestSum(path: string): Sum {
  const report = jestReport.parse(JSON.parse(readFileSync(path, 'utf8')));
  return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites };
}

const check = z.object({ name: z.string(), ok: z.boolean() });

function checkSum(path: string): Sum {
  const checks = linesOf(path).map((line) => check.parse(line));
  const passed = checks.filter(({ ok }) => ok).length;
  return { passed, failed: checks.length - passed };
}

const goEvent = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  ImportPath: z.string().optional(),
  Test: z.string().optional(),
});

/** Tests that have no tests below them; a package that fails without a failing test counts as one. */
function goSum(path: string): Sum {
  const events = linesOf(path).map((line) => goEvent.parse(line));
  const ends = events.filter(({ Action }) => Action === 'pass' || Action === 'fail');
  const nameOf = ({ Package, Test }: z.infer<typeof goEvent>) => `${Package}/${Test}`;
  const tests = ends.filter(({ Test }) => Test !== undefined);
  const parents = new Set(tests.map((test) => nameOf(test).replace(/\/[^/]*$/, '')));
  const leaves = tests.filter((test) => !parents.has(nameOf(test)));
  const failedLeaves = leaves.filter(({ Action }) => Action === 'fail');
  const explained = new Set(failedLeaves.map(({ Package }) => Package));
  const broken = ends.filter(
    ({ Action, Package, Test }) => Action === 'fail' && Test === undefined && !explained.has(Package),
  );
  return { passed: leaves.length - failedLeaves.length, failed: failedLeaves.length + broken.length };
}

function sumOf(path: string): Sum | undefined {
  if (path.endsWith('/checks.jsonl')) return checkSum(path);
  if (path.endsWith('.jsonl')) return goSum(path);
  return /\/(unit|e2e)\.json$/.test(path) ? jestSum(path) : undefined;
}

const folder = process.argv[2] ?? '.cache/results';
let passed = 0;
let failed = 0;
for (const file of readdirSync(folder).sort()) {
  const sum = sumOf(`${folder}/${file}`);
  if (!sum) continue;
  console.log(`  ${file.replace(/\.jsonl?$/, '').padEnd(18)} ${sum.passed} passed, ${sum.failed} failed`);
  passed += sum.passed;
  failed += sum.failed;
}
console.log(`${passed} passed, ${failed} failed`);
// Nothing at all is no success either.
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
