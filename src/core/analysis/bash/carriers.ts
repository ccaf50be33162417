/** Options by which programs that are no shells run a command line. */
interface Carrier {
  readonly names: RegExp;
  /** The command line in a word, or in the word behind it. */
  readonly carried: (word: string, next: string | undefined) => string | undefined;
}

const after = (pattern: RegExp) => (word: string) => pattern.exec(word)?.[1];
const following =
  (pattern: RegExp): Carrier['carried'] =>
  (word, next) =>
    pattern.test(word) ? next : undefined;

/** See https://gtfobins.github.io for what each can do; a program that only reads is not here. */
const CARRIERS: readonly Carrier[] = [
  {
    names: /^(?:bsd|g)?tar$/,
    carried: after(/^--(?:checkpoint-action=exec|to-command|use-compress-program|rsh-command)=(.+)$/s),
  },
  { names: /^(?:bsd|g)?tar$/, carried: following(/^(?:-I|--to-command|--use-compress-program)$/) },
  {
    names: /^git$/,
    carried: after(
      /^(?:core\.(?:pager|editor|sshCommand|fsmonitor|hooksPath)|alias\.\w+|diff\.external)=!?(.+)$/s,
    ),
  },
  { names: /^(?:ssh|scp|sftp)$/, carried: after(/^-?o?(?:Proxy|Local|Remote|KnownHosts)Command[= ](.+)$/s) },
  { names: /^rsync$/, carried: following(/^(?:-e|--rsh)$/) },
  { names: /^script$/, carried: following(/^-[a-z]*c$|^--command$/) },
  { names: /^(?:flock|su|runuser|sg)$/, carried: following(/^(?:-c|--command)$/) },
  { names: /^zip$/, carried: following(/^(?:-TT|--unzip-command)$/) },
  { names: /^man$/, carried: following(/^(?:-P|-H|--pager)$/) },
  { names: /^(?:gdb|lldb)$/, carried: (word) => /^!(.+)$/s.exec(word)?.[1] },
  { names: /^env$/, carried: following(/^(?:-S|--split-string)$/) },
  { names: /^env$/, carried: after(/^(?:-S|--split-string=)(.+)$/s) },
  // A command line in one word goes to a shell.
  {
    names: /^(?:watch|parallel|entr|hyperfine|at|batch)$/,
    carried: (word) => (/\s/.test(word) ? word : undefined),
  },
];

/** The command lines that a program such as tar, git or watch is told to run. */
export function carriedBy(name: string, words: readonly string[]): readonly string[] {
  return CARRIERS.filter(({ names }) => names.test(name)).flatMap(({ carried }) =>
    words.flatMap((word, index) => carried(word, words[index + 1]) ?? []),
  );
}
