import { namesOf } from '../matching/names.ts';
import { HOLE, wholeTextOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const CHANGERS = namesOf(
  'sudo su doas pkexec runuser useradd adduser usermod userdel groupadd passwd chpasswd visudo chroot capsh setcap newgrp sg setpriv',
);

/** Commands that switch off what guards the machine, or change the kernel's settings; asking them for a list changes nothing. */
function changesGuards(name: string, words: readonly string[]): boolean {
  if (name === 'sysctl') return words.some((word) => word === '-w' || word === '-p' || word.includes('='));
  if (/^(?:ip6?tables|ip6?tables-restore|nft|ufw|firewall-cmd)$/.test(name))
    return !words.some((word) => /^(?:-L|-S|--list.*|list|status|--version)$/.test(word));
  return /^(?:setenforce|apparmor_parser|aa-disable|auditctl|swapoff)$/.test(name);
}

/**
 * sudo, su, doas, useradd, usermod, passwd, visudo, chroot, capsh, setcap; firewalls, SELinux, sysctl that are changed.
 *
 * Left alone: id, whoami, groups.
 */
export default defineRule({
  id: 'SH-PRIV',
  version: 2,
  title: { en: 'Changes privileges or accounts', ja: '権限やアカウントの変更' },
  severity: 'High',
  languages: ['Bash'],
  cwe: [250],
  attack: ['T1548.003', 'T1136.001'],
  forbids: {
    en: 'sudo, su, doas, useradd, usermod, passwd, visudo, chroot, capsh, setcap; firewalls, SELinux, sysctl that are changed.',
    ja: 'sudo、su、doas、useradd、usermod、passwd、visudo、chroot、capsh、setcap。',
  },
  allows: { en: 'id, whoami, groups.', ja: 'id、whoami、groups。' },
  message: { en: 'The script changes privileges or accounts.', ja: '権限またはアカウントを変更します。' },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  *check(program): Iterable<Hit> {
    for (const { name, args, wrappers, span } of program.commands) {
      const words = args.map((arg) => wholeTextOf(arg) ?? HOLE);
      if (name !== undefined && changesGuards(name, words)) yield { span };
      else if (
        (name !== undefined && CHANGERS.has(name)) ||
        wrappers.some((wrapper) => CHANGERS.has(wrapper))
      )
        yield { span };
    }
  },
});
