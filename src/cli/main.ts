#!/usr/bin/env node
/** The command `sekisho`: judges programs without a cluster, by what webhook and controller judge them by; shows and decides requests in one. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { profilePolicy } from '../core/verdict/profiles.ts';
import { orderOf, programOf } from './arguments.ts';
import { completion } from './completion/complete.ts';
import { SCRIPTS } from './completion/scripts.ts';
import { UsageError } from './usage.ts';
import type { CheckOrder, RulesOrder } from './arguments.ts';
import type { ClusterOrder } from './cluster-arguments.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import type { Format } from './formats/format.ts';
import { json } from './formats/json.ts';
import { jsonl } from './formats/jsonl.ts';
import { sarif } from './formats/sarif.ts';
import { textFormat } from './formats/text.ts';
import { inputsAt } from './gathering.ts';
import type { Result, Tally } from './input.ts';
import { resultsOf } from './judging.ts';
import { inputsOfLines } from './lines.ts';
import { policiesIn, rolesIn, UnusableFile } from './manifests.ts';
import { outputTo } from './output.ts';
import { nearestRules, rulesText } from './rules.ts';
import { localeOf, wordsOf } from './settings.ts';
import type { Settings } from './settings.ts';
import { WORDS } from './words.ts';

const output = outputTo(process.stdout);

function versionOfPackage(): string {
  const path = import.meta.url.endsWith('.ts') ? '../../package.json' : '../package.json';
  const { version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string };
  return version;
}

async function settingsOf(order: CheckOrder): Promise<Settings> {
  const { language, locale, profile, policy, role } = order;
  const words = wordsOf({ locale });
  const own = policy === undefined ? [] : await policiesIn(policy, words);
  const roles = role === undefined ? undefined : await rolesIn(role, words);
  return {
    language,
    locale,
    policies: profile === undefined ? own : [profilePolicy(profile)],
    roles,
  };
}

function formatOf({ format, input }: CheckOrder, settings: Settings, version: string): Format {
  switch (input ?? format ?? 'text') {
    case 'json':
      return json();
    case 'jsonl':
      return jsonl();
    case 'sarif':
      return sarif(version, settings.policies, localeOf(settings));
    default:
      return textFormat(wordsOf(settings), process.stdout.isTTY && !process.env['NO_COLOR']);
  }
}

function count(tally: Tally, result: Result): void {
  if (result.kind === 'failure') tally.failed += 1;
  else if (result.weighed.decision === 'Deny') tally.denied += 1;
  else if (result.weighed.decision === 'RequireApproval') tally.needApproval += 1;
  else tally.allowed += 1;
}

async function check(order: CheckOrder, version: string): Promise<number> {
  const settings = await settingsOf(order);
  const format = formatOf(order, settings, version);
  const inputs = order.input
    ? inputsOfLines(process.stdin, settings)
    : inputsAt(order.paths, process.stdin, settings);
  const tally: Tally = { allowed: 0, needApproval: 0, denied: 0, failed: 0 };
  await output.write(format.begin());
  for await (const result of resultsOf(inputs, settings)) {
    count(tally, result);
    // Whoever reads has gone before all was judged: that must not look as if all were allowed.
    if (!(await output.write(format.one(result)))) return tally.denied > 0 ? EXIT.denied : EXIT.untold;
  }
  await output.write(format.end(tally));
  return exitCodeOf(tally);
}

async function tellRules({ id, format, locale = 'en' }: RulesOrder): Promise<number> {
  const told = rulesText(id, format, locale);
  if (told === undefined) {
    const nearest = nearestRules(id ?? '').join(', ');
    throw new UsageError(WORDS[locale].unknownRule(id ?? '', nearest));
  }
  await output.write(told);
  return 0;
}

/** The client of the API server is loaded only for who talks to one. */
async function inCluster(order: ClusterOrder): Promise<number> {
  if (order.command === 'run') return (await import('./cluster/run.ts')).runProgram(order, output);
  if (order.command === 'can-i') return (await import('./cluster/can-i.ts')).canI(order, output);
  if (order.command === 'verify') return (await import('./cluster/audit.ts')).verifyLog(order, output);
  if (order.command === 'decide') return (await import('./cluster/decide.ts')).decide(order, output);
  if (order.command === 'get') return (await import('./cluster/lists.ts')).get(order, output);
  if (order.command === 'pending') return (await import('./cluster/lists.ts')).pending(order, output);
  const { cancel, logs, show } = await import('./cluster/commands.ts');
  switch (order.command) {
    case 'show':
      return show(order, output);
    case 'cancel':
      return cancel(order, output);
    case 'logs':
      return logs(order, output);
  }
}

/** The name under which kubectl asks for completions of a plugin. */
const KUBECTL_ASKS = 'kubectl_complete-sekisho';

/** The words to complete, when it is that what is asked for. */
function wordsToComplete(argv: readonly string[]): readonly string[] | undefined {
  if (basename(process.argv[1] ?? '') === KUBECTL_ASKS) return argv;
  return argv[0] === '__complete' ? argv.slice(1) : undefined;
}

async function main(argv: readonly string[]): Promise<number> {
  const version = versionOfPackage();
  const words = wordsToComplete(argv);
  if (words) {
    await output.write(
      await completion(
        programOf(() => undefined, version),
        words,
      ),
    );
    return 0;
  }
  const order = orderOf(argv, version);
  switch (order.command) {
    case 'check':
      return check(order, version);
    case 'rules':
      return tellRules(order);
    case 'plugin digest':
      // Loaded only here: the client of MCP is large.
      return (await import('./plugin-digests.ts')).printDigests(order, output);
    case 'completion':
      await output.write(SCRIPTS[order.shell]);
      return 0;
    case 'none':
      return 0;
    default:
      return inCluster(order);
  }
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  const known = error instanceof UsageError || error instanceof UnusableFile;
  const message = known ? error.message : error instanceof Error ? (error.stack ?? '') : String(error);
  if (message !== '') process.stderr.write(`sekisho: ${message}\n`);
  process.exit(EXIT.untold);
}
