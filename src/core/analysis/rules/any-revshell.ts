import { namesLike, namesOf } from '../matching/lists.ts';
import type { NameList } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import { isShell } from '../program/interpreters.ts';
import type { Program } from '../program/program.ts';
import { wholeTextOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const NETCATS = namesLike(/^(?:nc|ncat|netcat)$/);
const SOCATS = namesOf('socat');
const SHELLS = namesLike({ test: isShell });

const isNetwork = (name: string | undefined, words: readonly string[]): boolean =>
  name === 'socat' ||
  name === 'telnet' ||
  NETCATS.test(name ?? '') ||
  (name === 'openssl' && words[0] === 's_client');

function* inShell(program: Program): Iterable<Hit> {
  const fifo = program.commands.some(({ name }) => name === 'mkfifo' || name === 'mknod');
  for (const { name, words, upstream, redirects, span } of program.commands) {
    const netcat = NETCATS.test(name ?? '');
    const executes =
      (netcat && words.some((word) => /^-[a-z]*[ec]$/.test(word))) ||
      (name === 'socat' && words.some((word) => /^(?:exec|system):/i.test(word)));
    const joined =
      isShell(name) &&
      fifo &&
      upstream.some((one) => NETCATS.test(one.name ?? '') || one.name === 'openssl' || one.name === 'cat');
    const fed = fifo && isNetwork(name, words) && upstream.some((one) => isShell(one.name));
    const device =
      isShell(name) &&
      redirects.some(({ target }) => /^\/dev\/(?:tcp|udp)\//.test(wholeTextOf(target) ?? ''));
    if (executes || joined || fed || device) yield { span };
  }
}

const PAIRS: readonly (readonly [NameList, NameList])[] = [
  [namesLike(/^socket\.(?:socket|create_connection|create_server)$/), namesLike(/^(?:os\.dup2|pty\.spawn)$/)],
  [
    namesLike(/^(?:net|tls)\.(?:connect|createConnection|Socket|createServer)$/),
    namesLike(/^child_process\.(?:spawn|exec|fork)/),
  ],
];

/**
 * A shell joined to a network connection: a socket with dup2, pty.spawn or a shell; nc -e; socat exec; a shell in the
 * same pipe or fifo as nc; bash -i to /dev/tcp; child_process joined to a socket.
 *
 * Left alone: Either of both alone: other rules judge it.
 */
export default defineRule({
  id: 'ANY-REVSHELL',
  version: 2,
  title: { en: 'Reverse shell', ja: 'リバースシェル' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [78, 918],
  attack: ['T1059', 'T1071'],
  forbids: {
    en: 'A shell joined to a network connection: a socket with dup2, pty.spawn or a shell; nc -e; socat exec; a shell in the same pipe or fifo as nc; bash -i to /dev/tcp; child_process joined to a socket.',
    ja: 'ネットワーク接続とつながったシェル(socket と dup2・pty・シェル、nc -e、socat exec、nc とパイプや fifo でつながるシェル、bash -i と /dev/tcp、child_process とソケットなど)。',
  },
  allows: {
    en: 'Either of both alone: other rules judge it.',
    ja: 'どちらか一方だけの場合(別の規則で判定します)。',
  },
  message: { en: 'The program opens a shell to somebody outside.', ja: '外部の相手にシェルを渡します。' },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: [NETCATS, SOCATS, SHELLS, ...PAIRS.map(([network]) => network)],
  *check(program): Iterable<Hit> {
    yield* inShell(program);
    for (const [network, shell] of PAIRS) {
      if (referencesTo(program, network).length > 0)
        yield* referencesTo(program, shell).filter(
          ({ via, name }) => via !== 'import' && !name.includes('()'),
        );
    }
  },
});
