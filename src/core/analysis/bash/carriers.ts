/** Options by which programs that are no shells run a command line. */
interface Carrier {
  /** Written in one line. */
  readonly names: string;
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
    names: 'tar bsdtar gtar',
    carried: after(/^--(?:checkpoint-action=exec|to-command|use-compress-program|rsh-command)=(.+)$/s),
  },
  { names: 'tar bsdtar gtar', carried: following(/^(?:-I|--to-command|--use-compress-program)$/) },
  {
    names: 'git',
    carried: after(
      /^(?:core\.(?:pager|editor|sshCommand|fsmonitor|hooksPath)|alias\.\w+|diff\.external)=!?(.+)$/s,
    ),
  },
  // `git config alias.x '!…'`
  {
    names: 'git',
    carried: (word, next) =>
      /^(?:core\.(?:pager|editor|sshCommand|fsmonitor)|alias\.\w+|diff\.external)$/.test(word)
        ? next?.replace(/^!/, '')
        : undefined,
  },
  { names: 'ssh scp sftp', carried: after(/^-?o?(?:Proxy|Local|Remote|KnownHosts)Command[= ](.+)$/s) },
  { names: 'rsync', carried: following(/^(?:-e|--rsh)$/) },
  { names: 'script', carried: following(/^-[a-z]*c$|^--command$/) },
  { names: 'flock su runuser sg', carried: following(/^(?:-c|--command)$/) },
  { names: 'zip', carried: following(/^(?:-TT|--unzip-command)$/) },
  { names: 'man', carried: following(/^(?:-P|-H|--pager)$/) },
  { names: 'gdb lldb', carried: (word) => /^!(.+)$/s.exec(word)?.[1] },
  { names: 'env', carried: following(/^(?:-S|--split-string)$/) },
  { names: 'env', carried: after(/^(?:-S|--split-string=)(.+)$/s) },
  // A command line in one word goes to a shell.
  {
    names: 'watch parallel entr hyperfine at batch',
    carried: (word) => (/\s/.test(word) ? word : undefined),
  },
];

const BY_NAME = Map.groupBy(
  CARRIERS.flatMap(({ names, carried }) => names.split(' ').map((name) => ({ name, carried }))),
  ({ name }) => name,
);

/** Whether programs of this name can be told to run a command line. */
export const isCarrier = (name: string): boolean => BY_NAME.has(name);

/** The command lines that a program such as tar, git or watch is told to run. */
export const carriedBy = (name: string, words: readonly string[]): readonly string[] =>
  (BY_NAME.get(name) ?? []).flatMap(({ carried }) =>
    words.flatMap((word, index) => carried(word, words[index + 1]) ?? []),
  );
