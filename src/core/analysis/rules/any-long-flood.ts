import { namesLike, namesOf } from '../matching/lists.ts';
import { isRepeated, referencesTo } from '../matching/names.ts';
import type { Command } from '../program/program.ts';
import { HOLE, textsOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const SENDERS = namesLike(
  /^(?:net|tls)\.(?:connect|createConnection|Socket\(\)\.connect)$|^dgram\.createSocket\(\)\.send$|^socket\.(?:socket|create_connection)\(\)?(?:\(\))?\.(?:sendto|connect|connect_ex)$|^socket\.create_connection$|^socket\.socket\(\)\.(?:sendto|connect|connect_ex)$/,
);
const RAW = namesLike(/^socket\.SOCK_RAW$|^scapy(?:\.|$)|^(?:nmap|masscan|impacket)(?:\.|$)/);
const SCANNERS = namesLike(
  /^(?:nmap|masscan|zmap|hping3?|arp-scan|arpspoof|ettercap|bettercap|slowloris|ab|siege|wrk|nikto|hydra|medusa|john|hashcat|sqlmap)$/,
);

/** An address of which a part is not known: one of many. */
const ONE_OF_MANY = new RegExp(`^(?:\\d{1,3}\\.){1,3}${HOLE}`);
const PROBES = namesOf('ping ping6 nc ncat netcat telnet ssh curl');

const sweeps = ({ name, args, context }: Command): boolean =>
  name !== undefined &&
  PROBES.has(name) &&
  context.loop !== undefined &&
  args.some((arg) => textsOf(arg).some((word) => ONE_OF_MANY.test(word)));

const PINGS = namesOf('ping ping6');
const NETCATS = namesOf('nc ncat netcat');

function floods(name: string | undefined, words: readonly string[]): boolean {
  if (name === undefined) return false;
  if (PINGS.has(name)) return words.some((word) => /^-[a-zA-Z]*f/.test(word));
  if (NETCATS.has(name))
    return words.some((word) => /^-[a-z]*z/.test(word)) && words.some((word) => /^\d+-\d+$/.test(word));
  return SCANNERS.test(name);
}

/**
 * Sending or connecting again and again in a loop over sockets, raw sockets, scapy; nmap, hping3, masscan, ping
 * -f, nc -z over ports, trying one address after the other, tools that guess passwords.
 *
 * Left alone: One connection.
 */
export default defineRule({
  id: 'ANY-LONG-FLOOD',
  version: 2,
  title: { en: 'Floods or scans the network', ja: 'ネットワークの走査や大量送信' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [400],
  attack: ['T1046', 'T1498'],
  forbids: {
    en: 'Sending or connecting again and again in a loop over sockets, raw sockets, scapy; nmap, hping3, masscan, ping -f, nc -z over ports, trying one address after the other, tools that guess passwords.',
    ja: 'ループでの連続送信や接続、raw ソケット、scapy、nmap、hping3、masscan、ping -f、nc -z によるポート走査、アドレスを順に試すこと、パスワード推測ツール。',
  },
  allows: { en: 'One connection.', ja: '一つの接続。' },
  message: {
    en: 'The program floods or scans the network.',
    ja: 'ネットワークを走査、または大量に送信します。',
  },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: [SENDERS, RAW, SCANNERS, PROBES, PINGS, NETCATS],
  *check(program): Iterable<Hit> {
    for (const call of program.calls)
      if (call.name !== undefined && SENDERS.test(call.name) && isRepeated(program, call))
        yield { span: call.span };
    yield* referencesTo(program, RAW);
    for (const command of program.commands)
      if (floods(command.name, command.words) || sweeps(command)) yield { span: command.span };
  },
});
