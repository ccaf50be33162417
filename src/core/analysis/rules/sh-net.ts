import { namesOf } from '../matching/lists.ts';
import { isAnyOfHome, isRoot, isSystemPath } from '../matching/paths.ts';
import { asPiece } from '../program/fold-text.ts';
import type { Command } from '../program/program.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const CLIENTS = namesOf(
  'curl wget nc ncat netcat socat ssh scp sftp ftp tftp telnet dig nslookup host nmap masscan ping ping6 traceroute aria2c axel lynx w3m http https xh mail sendmail mutt rclone aws gcloud az websocat hping3 arp-scan whois',
);

/** Programs that do not always use it. */
const COPIERS = namesOf('openssl git rsync');

function isClient({ name, words }: Command): boolean {
  if (name === undefined) return false;
  if (name === 'openssl') return words[0] === 's_client';
  if (name === 'git') return /^(?:clone|fetch|pull|push|ls-remote)$/.test(words[0] ?? '');
  if (name === 'rsync') return words.some((word) => /^[\w.@-]+::?[^/]/.test(word) || /^[\w.@-]+:/.test(word));
  return CLIENTS.has(name);
}

const IN_HOME = /^(?:~|\/home|\/root)\/./;
const UPLOADS = /^(?:-T|--upload-file)$/;

/** The path in a word that makes curl or wget send a file: `@FILE`, `name=@FILE`, `--post-file=FILE`. */
const uploaded = (word: string, before: string | undefined): string | undefined =>
  UPLOADS.test(before ?? '')
    ? word
    : /^(?:[\w.-]{0,64}=?[@<]|--(?:post|body|upload)-file=)(.+)$/s.exec(word)?.[1]?.replace(/;.*$/s, '');

/** Files of the system, or whatever lies in a home, handed to a client that sends them. */
const sendsAny = ({ name, words, args }: Command): boolean =>
  (name === 'curl' || name === 'wget' || name === 'http' || name === 'xh') &&
  args.some((arg, index) => {
    const path = uploaded(asPiece(arg), words[index - 1]);
    return path !== undefined && (isAnyOfHome(path) || (isSystemPath(path) && !IN_HOME.test(path)));
  });

/** The whole system, or a home, copied to another machine. */
function copiesAll({ name, words }: Command): boolean {
  if (name !== 'rsync' && name !== 'scp' && name !== 'sftp' && name !== 'rclone') return false;
  const places = words.filter((word) => !word.startsWith('-'));
  return (
    places.slice(0, -1).some((word) => isRoot(word) || isSystemPath(word)) && /:/.test(places.at(-1) ?? '')
  );
}

/**
 * curl, wget, nc, socat, ssh, scp, rsync to a host, ftp, telnet, dig, nmap, ping, openssl s_client, git with a remote.
 * High for sending away files of the system, or whatever lies in a home.
 *
 * Left alone: Their names in texts, searches and comments; git on the working copy.
 */
export default defineRule({
  id: 'SH-NET',
  version: 3,
  title: { en: 'Uses the network', ja: 'ネットワークの利用' },
  severity: 'Medium',
  languages: ['Bash'],
  cwe: [918],
  attack: ['T1071.001'],
  forbids: {
    en: 'curl, wget, nc, socat, ssh, scp, rsync to a host, ftp, telnet, dig, nmap, ping, openssl s_client, git with a remote. High for sending away files of the system, or whatever lies in a home.',
    ja: 'curl、wget、nc、socat、ssh、scp、ftp、telnet、dig、nmap、ping、openssl s_client、リモートの git など。システムのファイルやホームの中の任意のファイルの送信なら High。',
  },
  allows: {
    en: 'Their names in texts, searches and comments; git on the working copy.',
    ja: '文字列、検索、コメントの中の名前、手元の git 操作。',
  },
  message: { en: 'The script uses the network.', ja: 'ネットワークを利用します。' },
  remedy: { en: 'Use a plugin, through the gateway.', ja: 'ゲートウェイ経由でプラグインを使ってください。' },
  needs: [CLIENTS, COPIERS],
  *check(program): Iterable<Hit> {
    for (const command of program.commands)
      if (isClient(command))
        yield { span: command.span, severity: copiesAll(command) || sendsAny(command) ? 'High' : 'Medium' };
  },
});
