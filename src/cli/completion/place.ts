import type { Command, Option } from 'commander';

/** What may stand where the cursor is. */
export type Place =
  /** One of these words. */
  | { readonly kind: 'words'; readonly words: readonly Word[] }
  /** A name out of a cluster. */
  | { readonly kind: 'names'; readonly of: 'requests' | 'roles' | 'namespaces'; readonly command: string }
  | { readonly kind: 'rules' }
  | { readonly kind: 'files' }
  | { readonly kind: 'nothing' };

/** A word and what it is for. */
export interface Word {
  readonly word: string;
  readonly meaning: string;
}

const NOTHING: Place = { kind: 'nothing' };

const takesValue = ({ required, optional }: Option): boolean => required || optional;

const optionOf = (command: Command, word: string): Option | undefined =>
  command.options.find(({ short, long }) => word === short || word === long);

const FILES = new Set(['--kubeconfig', '--policy', '--log']);

function valuesOf({ long, argChoices }: Option, command: string): Place {
  if (argChoices) return { kind: 'words', words: argChoices.map((word) => ({ word, meaning: '' })) };
  if (long === '--namespace') return { kind: 'names', of: 'namespaces', command };
  // `sekisho check --role` names a file.
  if (long === '--role' && command !== 'check') return { kind: 'names', of: 'roles', command };
  return FILES.has(long ?? '') || long === '--role' ? { kind: 'files' } : NOTHING;
}

function argumentsOf(command: Command, position: number): Place {
  if (command.commands.length > 0)
    return {
      kind: 'words',
      words: command.commands.flatMap((one) =>
        [one.name(), ...one.aliases()].map((word) => ({ word, meaning: one.description() })),
      ),
    };
  const wanted = command.registeredArguments;
  const argument = wanted[position] ?? wanted.findLast(({ variadic }) => variadic);
  switch (argument?.name()) {
    case 'name':
      return { kind: 'names', of: 'requests', command: command.name() };
    case 'id':
      return { kind: 'rules' };
    case 'path':
    case 'file':
      return { kind: 'files' };
    default:
      return argument?.argChoices
        ? { kind: 'words', words: argument.argChoices.map((word) => ({ word, meaning: '' })) }
        : NOTHING;
  }
}

/** Options that may come next; one that was given is offered again only where it may be repeated. */
const optionsOf = (command: Command): Place => ({
  kind: 'words',
  words: [...command.options, ...command.createHelp().visibleOptions(command).filter(isHelp)].flatMap(
    ({ long, description }) => (long ? [{ word: long, meaning: description }] : []),
  ),
});
const isHelp = ({ long }: Option): boolean => long === '--help';

/** Where in the command line the last word stands, which is only begun. Pure. */
export function placeOf(program: Command, words: readonly string[]): Place {
  let command = program;
  let position = 0;
  let pending: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (pending) {
      pending = undefined;
    } else if (word === '--') {
      return { kind: 'files' };
    } else if (word.startsWith('-')) {
      const option = optionOf(command, word);
      if (option && takesValue(option)) pending = option;
    } else {
      const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (next) [command, position] = [next, 0];
      else position += 1;
    }
  }
  if (pending) return valuesOf(pending, command.name());
  return words.at(-1)?.startsWith('-') ? optionsOf(command) : argumentsOf(command, position);
}

/** What the words before the last one say about the cluster to ask. */
export function clusterOf(words: readonly string[]): {
  readonly namespace?: string;
  readonly kubeconfig?: string;
} {
  const after = (...names: readonly string[]): string | undefined => {
    const index = words.findLastIndex((word) => names.includes(word));
    const given = words.findLast((word) => names.some((name) => word.startsWith(`${name}=`)));
    return index >= 0 && index < words.length - 2 ? words[index + 1] : given?.slice(given.indexOf('=') + 1);
  };
  const [namespace, kubeconfig] = [after('-n', '--namespace'), after('--kubeconfig')];
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
}
