import { Argument, Command, Option } from 'commander';
import type { Language, Locale } from '../api/v1alpha1/names.ts';
import { languageOption, localeOption, UsageError } from './usage.ts';

/** Of every command about a cluster. `output` is a form for programs. */
export interface OfCluster {
  readonly namespace?: string;
  readonly kubeconfig?: string;
  readonly locale?: Locale;
}
interface Reading extends OfCluster {
  readonly output?: 'json' | 'yaml';
}
export interface GetOrder extends Reading {
  readonly command: 'get';
  readonly name?: string;
  readonly allNamespaces?: boolean;
}
export interface ShowOrder extends Reading {
  readonly command: 'show';
  readonly name: string;
}
export interface DecideOrder extends OfCluster {
  readonly command: 'decide';
  readonly decision: 'Approve' | 'Deny' | 'BreakGlass';
  readonly name: string;
  readonly reason: string;
  /** The incident under which the glass is broken. */
  readonly ticket?: string;
  /** The digest that the caller has seen elsewhere. */
  readonly digest?: string;
}
export interface PendingOrder extends Reading {
  readonly command: 'pending';
  readonly allNamespaces?: boolean;
}
export interface CancelOrder extends OfCluster {
  readonly command: 'cancel';
  readonly name: string;
}
export interface VerifyOrder extends OfCluster {
  readonly command: 'verify';
  readonly log?: string;
}
export interface RunOrder extends OfCluster {
  readonly command: 'run';
  readonly file: string;
  readonly args: readonly string[];
  readonly role: string;
  readonly language?: Language;
  readonly action?: readonly string[];
  readonly sandboxClass?: string;
  readonly deadline?: number;
}
export interface LogsOrder extends Reading {
  readonly command: 'logs';
  readonly name: string;
}
export interface CanIOrder extends Reading {
  readonly command: 'can-i';
  readonly verb?: 'use' | 'approve' | 'break-glass';
  readonly role: string;
  readonly action?: readonly string[];
  readonly as?: string;
  readonly asGroup?: readonly string[];
}
/** What needs a cluster. */
export type ClusterOrder =
  | GetOrder
  | ShowOrder
  | DecideOrder
  | PendingOrder
  | CancelOrder
  | VerifyOrder
  | RunOrder
  | LogsOrder
  | CanIOrder;

type Take = (order: ClusterOrder) => void;

/** A command that talks to a cluster, as the caller of the kubeconfig. */
const clusterCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('-n, --namespace <namespace>', "namespace of the request (default: the context's)")
    .option('--kubeconfig <file>', 'kubeconfig of the caller (default: KUBECONFIG, ~/.kube/config)')
    .addOption(localeOption());

/** One that only reads: its answer also comes in forms for programs. */
const readingCommand = (name: string, description: string): Command =>
  clusterCommand(name, description).addOption(
    new Option('-o, --output <form>', 'answer in a form for programs').choices(['json', 'yaml']),
  );

const requestArgument = () => new Argument('<name>', 'name of the CodeExecutionRequest');

function getCommand(take: Take): Command {
  return readingCommand('get', 'List requests, the newest first, or tell of one.')
    .addArgument(new Argument('[name]', 'name of the CodeExecutionRequest'))
    .option('-A, --all-namespaces', 'in every namespace')
    .action((name: string | undefined, options: Omit<GetOrder, 'command' | 'name'>) => {
      if (name !== undefined && options.allNamespaces)
        throw new UsageError('a name belongs to one namespace: leave out the name, or --all-namespaces.');
      take({ command: 'get', ...(name === undefined ? {} : { name }), ...options });
    });
}

function showCommand(take: Take): Command {
  return readingCommand('show', 'Show a request whole: who asks, what was found, every line that would run.')
    .alias('explain')
    .addArgument(requestArgument())
    .action((name: string, options: Reading) => take({ command: 'show', name, ...options }));
}

function pendingCommand(take: Take): Command {
  return readingCommand('pending', 'List the requests that wait for a person.')
    .option('-A, --all-namespaces', 'in every namespace')
    .action((options: Reading) => take({ command: 'pending', ...options }));
}

function cancelCommand(take: Take): Command {
  return clusterCommand('cancel', 'Take a request back: what runs is stopped, what waits never starts.')
    .addArgument(requestArgument())
    .action((name: string, options: OfCluster) => take({ command: 'cancel', name, ...options }));
}

function auditCommand(take: Take): Command {
  const verify = new Command('verify')
    .description('Check that the audit log is what was written. Ends with 1 when it is not.')
    .option(
      '--log <file>',
      "check this log of the controller instead of the cluster's; - is the standard input",
    )
    .option(
      '-n, --namespace <namespace>',
      'namespace in which Sekisho is installed (default: sekisho-system)',
    )
    .option('--kubeconfig <file>', 'kubeconfig of the caller (default: KUBECONFIG, ~/.kube/config)')
    .addOption(localeOption())
    .helpOption('-h, --help', 'tell what there is')
    .exitOverride()
    .action((options: OfCluster & { readonly log?: string }) => take({ command: 'verify', ...options }));
  return new Command('audit').description('The hash-chained log of every decision.').addCommand(verify);
}

function decideCommand(decision: 'Approve' | 'Deny', take: Take): Command {
  const verb = decision.toLowerCase();
  const command = clusterCommand(verb, `Show a request and ${verb} exactly what was shown.`)
    .addArgument(requestArgument())
    .requiredOption('--reason <text>', 'why, for the record')
    .option(
      '--digest <digest>',
      'the digest that you have seen; without it a terminal must show the request',
    );
  if (decision === 'Approve')
    command
      .option('--break-glass', 'let it run in an emergency, without the approvals that are missing')
      .option('--ticket <ticket>', 'the incident under which the glass is broken');
  return command.action((name: string, { breakGlass, ...options }: DecideOptions) => {
    if ((breakGlass ?? false) !== (options.ticket !== undefined))
      throw new UsageError('--break-glass and --ticket go together: name the incident, or ask for approval.');
    take({ command: 'decide', decision: breakGlass ? 'BreakGlass' : decision, name, ...options });
  });
}

type DecideOptions = OfCluster & {
  readonly reason: string;
  readonly breakGlass?: boolean;
  readonly ticket?: string;
  readonly digest?: string;
};

const all = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function runCommand(take: Take): Command {
  return clusterCommand('run', 'Have a program judged and run, follow it, and end as it ended.')
    .addArgument(new Argument('<file>', 'the program; - is the standard input'))
    .addArgument(new Argument('[args...]', 'arguments of the program, after --'))
    .requiredOption('--role <role>', 'the ExecutionRole to run under')
    .option('--action <action>', 'an action that the program will perform; may be repeated', all)
    .addOption(languageOption('language, where the file does not say its own'))
    .option('--sandbox-class <name>', 'the SandboxClass (default: default)')
    .addOption(
      new Option('--deadline <seconds>', "seconds until it is ended (default: the class's)").argParser(
        wholeSeconds,
      ),
    )
    .addHelpText('after', RUN_EXITS)
    .action((file: string, args: string[], options: Omit<RunOrder, 'command' | 'file' | 'args'>) =>
      take({ command: 'run', file, args, ...options }),
    );
}

function wholeSeconds(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value))
    throw new UsageError(`--deadline is ${value}, but must be whole seconds from 1.`);
  return Number(value);
}

const RUN_EXITS = `
Ends with the exit code of the program; 126 when it was denied; 125 when it ended otherwise
(deadline, memory, cancelled, …). Interrupting the command cancels the request.

Example:
  sekisho run --role user --action read_calendar report.py -- --days 7`;

function logsCommand(take: Take): Command {
  return readingCommand('logs', 'Print what the program of a request that has ended wrote.')
    .addArgument(requestArgument())
    .action((name: string, options: Reading) => take({ command: 'logs', name, ...options }));
}

function canICommand(take: Take): Command {
  return readingCommand(
    'can-i',
    'Tell whether somebody may have programs run under a role, or decide about them, and by which binding.',
  )
    .requiredOption('--role <role>', 'the ExecutionRole')
    .option('--action <action>', 'an action that the program would perform; may be repeated', all)
    .option('--as <user>', 'ask about this user instead of yourself')
    .option('--as-group <group>', 'a group of that user; may be repeated', all)
    .addOption(
      new Option('--verb <verb>', 'use: have programs run (default); approve, break-glass: decide').choices([
        'use',
        'approve',
        'break-glass',
      ]),
    )
    .action((options: Omit<CanIOrder, 'command'>) => {
      if (options.action && ![undefined, 'use'].includes(options.verb))
        throw new UsageError('--action belongs to --verb use: leave one of them out.');
      take({ command: 'can-i', ...options });
    });
}

/** The commands about a cluster. */
export const clusterCommands = (take: Take): readonly Command[] => [
  runCommand(take),
  logsCommand(take),
  cancelCommand(take),
  getCommand(take),
  pendingCommand(take),
  showCommand(take),
  decideCommand('Approve', take),
  decideCommand('Deny', take),
  canICommand(take),
  auditCommand(take),
];
