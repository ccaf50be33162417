import { Argument, Command, CommanderError, Option } from 'commander';
import { clusterCommands } from './cluster-arguments.ts';
import type { ClusterOrder } from './cluster-arguments.ts';
import { SHELLS } from './completion/scripts.ts';
import type { Shell } from './completion/scripts.ts';
import type { DigestOrder } from './plugin-digests.ts';
import { languageOption, localeOption, UsageError } from './usage.ts';
import { profile } from '../api/v1alpha1/execution-policy.ts';
import type { Profile } from '../api/v1alpha1/execution-policy.ts';
import type { Language, Locale } from '../api/v1alpha1/names.ts';

/** What the command line asks for. */
export interface CheckOrder {
  readonly command: 'check';
  readonly paths: readonly string[];
  readonly language?: Language;
  readonly profile?: Profile;
  readonly policy?: string;
  readonly role?: string;
  readonly input?: 'jsonl';
  readonly format?: 'text' | 'json' | 'jsonl' | 'sarif';
  readonly locale?: Locale;
}
export interface RulesOrder {
  readonly command: 'rules';
  readonly id: string | undefined;
  readonly format: 'text' | 'json';
  readonly locale?: Locale;
}
/** A script that teaches a shell to complete. */
export interface CompletionOrder {
  readonly command: 'completion';
  readonly shell: Shell;
}
/** Nothing is left to do: the help or the version was shown. */
export interface NoOrder {
  readonly command: 'none';
}
export type Order = CheckOrder | RulesOrder | DigestOrder | CompletionOrder | ClusterOrder | NoOrder;

const EXITS = `
Ends with 0 when all programs are allowed, 1 when one is denied, 3 when one could not be
judged (and none is denied), 2 when one needs approval (and neither of these).

Examples:
  sekisho check agent/ tools/run.sh
  sekisho check --policy policy.yaml --role role.yaml examples/honest/python.yaml
  llm-writes-code | sekisho check --language Python -
  sekisho check --format sarif src > sekisho.sarif
  sekisho check --input jsonl - < programs.jsonl > verdicts.jsonl`;

function checkCommand(take: (order: Order) => void): Command {
  return new Command('check')
    .description('Judge programs and CodeExecutionRequests as the cluster would, without one.')
    .addArgument(new Argument('[path...]', 'files and folders; - is the standard input'))
    .addOption(languageOption('language of what does not say its own'))
    .addOption(new Option('--profile <profile>', 'settings to judge by').choices(profile.options))
    .addOption(
      new Option('--policy <file>', 'judge by the ExecutionPolicies in this file; all apply').conflicts(
        'profile',
      ),
    )
    .option('--role <file>', 'compare actions with the ExecutionRole in this file')
    .addOption(
      new Option('--input <form>', 'the standard input holds lines {"id", "language", "code"}').choices([
        'jsonl',
      ]),
    )
    .addOption(
      new Option('--format <format>', 'form of the answers (default: text)').choices([
        'text',
        'json',
        'jsonl',
        'sarif',
      ]),
    )
    .addOption(localeOption())
    .addHelpText('after', EXITS)
    .action((paths: string[], options: Omit<CheckOrder, 'command' | 'paths'>) => {
      if (options.input === undefined && paths.length === 0)
        throw new UsageError('name a file, a folder, or - for the standard input: sekisho check PATH…');
      if (options.input !== undefined && paths.some((path) => path !== '-'))
        throw new UsageError('--input jsonl reads the standard input alone: leave the paths out.');
      if (options.input !== undefined && ![undefined, 'jsonl'].includes(options.format))
        throw new UsageError('--input jsonl answers in --format jsonl alone: leave --format out.');
      take({ command: 'check', paths, ...options });
    });
}

function rulesCommand(take: (order: Order) => void): Command {
  return new Command('rules')
    .description('List the rules, or explain one.')
    .addArgument(new Argument('[id]', 'the rule to explain, for example PY-FORK'))
    .addOption(
      new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text'),
    )
    .addOption(localeOption())
    .action((id: string | undefined, options: Omit<RulesOrder, 'command' | 'id'>) =>
      take({ command: 'rules', id, ...options }),
    );
}

function pluginCommand(take: (order: Order) => void): Command {
  const digest = new Command('digest')
    .description(
      'List the tools of an MCP server with the digests of their definitions, as a Plugin pins them.',
    )
    .addArgument(new Argument('<url>', 'endpoint of the server, for example https://tools.example.com/mcp'))
    .exitOverride()
    .action((url: string) => take({ command: 'plugin digest', url }));
  return new Command('plugin').description('Help to write Plugins.').addCommand(digest);
}

function completionCommand(take: (order: Order) => void): Command {
  return new Command('completion')
    .description('Write a script that teaches a shell to complete command lines.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', COMPLETION)
    .action((shell: Shell) => take({ command: 'completion', shell }));
}

const COMPLETION = `
Examples:
  source <(sekisho completion bash)
  source <(sekisho completion zsh)
  sekisho completion fish | source`;

/** The whole command line; `take` gets what was asked for. */
export function programOf(take: (order: Order) => void, version: string): Command {
  const program = new Command('sekisho')
    .description('Decides whether code written by an LLM or an agent may run.')
    .version(version, '-V, --version', 'tell the version')
    .helpOption('-h, --help', 'tell what there is');
  const commands = [
    checkCommand(take),
    rulesCommand(take),
    pluginCommand(take),
    ...clusterCommands(take),
    completionCommand(take),
  ];
  for (const command of commands)
    program.addCommand(command.helpOption('-h, --help', 'tell what there is').exitOverride());
  return program;
}

/** Reads the command line. */
export function orderOf(argv: readonly string[], version: string): Order {
  let order: Order = { command: 'none' };
  const take = (taken: Order): void => {
    order = taken;
  };
  const program = programOf(take, version);
  try {
    program.exitOverride().parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError('', { cause: error });
  }
  return order;
}
