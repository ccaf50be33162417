/**
 * One line for each promise of PROMISES.md: `NN kept|not yet  title`, from the last run of the e2e tests. A promise is kept when a
 * test of its file passed, and none failed, was skipped, or could not be loaded.
 *
 *   node scripts/promises.ts [FILE]     default: .cache/results/e2e.json, which scripts/test writes
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';

/** The rows of PROMISES.md, in their order. */
const TITLES: Readonly<Record<number, string>> = {
  1: 'The requester is who called the API',
  2: 'Spec and requester never change',
  3: 'Fails closed',
  4: 'No way round by label, namespace or version',
  5: 'Drift of its own admission configuration is noticed',
  6: 'Only the operator writes status',
  7: 'No Job without enough distinct approvers',
  8: 'Approval dies when what was approved changes',
  9: 'An approver who lost the right no longer counts',
  10: 'Two clocks',
  11: 'At most one Job for a request, ever',
  12: 'Never adopts, never deletes what is not its own',
  13: 'No request can change a security field of the pod',
  14: 'What runs is what was judged',
  15: 'Pod Security restricted is on',
  16: 'No API credentials inside',
  17: 'No network, from the first instruction on',
  18: 'No network while being deleted',
  19: 'A network plugin that enforces nothing is noticed',
  20: 'A foreign policy that opens the sandbox is noticed',
  21: 'gVisor is really used where asked',
  22: 'User namespace really used where available',
  23: 'A fork bomb is contained',
  24: 'Memory, disk and log bombs are contained',
  25: 'The deadline holds',
  26: 'Untrusted code never runs twice',
  27: 'Nobody enters a sandbox',
  28: 'Output cannot hurt',
  29: 'A status too large to store still ends',
  30: 'Watches survive',
  31: 'A poison object harms only itself',
  32: 'A leader that lost its lease writes nothing',
  33: 'Deleting always ends',
  34: 'Quotas are fair',
  35: 'Least privilege',
  36: 'Workloads cannot call the webhook or pretend to be the API server',
  37: 'Only the granted Job, only its grants',
  38: 'No SSRF',
  39: 'Fails closed (plugin gateway)',
  40: 'Upgrades keep every promise',
  41: 'The record is complete',
  42: 'Dry run has no effect',
};

const jestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});
type File = z.infer<typeof jestReport>['testResults'][number];

/** The number of the promise that a test file shows; undefined for any other file. */
function numberOf({ name }: File): number | undefined {
  if (!name.includes('/e2e/promises/')) return undefined;
  const [, digits] = /^(\d{2})-.+\.test\.ts$/.exec(basename(name)) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

const holds = ({ status, assertionResults }: File): boolean =>
  status === 'passed' &&
  assertionResults.length > 0 &&
  assertionResults.every((test) => test.status === 'passed');

function filesOf(path: string): readonly File[] {
  if (!existsSync(path)) {
    console.error(`No test run was found in ${path}: run \`make test\` first.`);
    return [];
  }
  return jestReport.parse(JSON.parse(readFileSync(path, 'utf8'))).testResults;
}

const cache = process.env['SEKISHO_CACHE'] ?? '.cache';
const files = filesOf(process.argv[2] ?? `${cache}/results/e2e.json`);
const numbers = Object.keys(TITLES).map(Number);
const kept = numbers.filter((number) => {
  const own = files.filter((file) => numberOf(file) === number);
  return own.length > 0 && own.every(holds);
});
for (const number of numbers) {
  const word = kept.includes(number) ? 'kept' : 'not yet';
  console.log(`${String(number).padStart(2, '0')} ${word}  ${TITLES[number] ?? ''}`);
}
