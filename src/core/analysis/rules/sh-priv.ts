import { namesLike, namesOf } from '../matching/lists.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const CHANGERS = namesOf(
  'sudo su doas pkexec runuser useradd adduser usermod userdel groupadd passwd chpasswd visudo chroot capsh setcap newgrp sg setpriv',
);

const SETTINGS = namesOf('sysctl');
const FIREWALLS = namesLike(/^(?:ip6?tables|ip6?tables-restore|nft|ufw|firewall-cmd)$/);
const GUARDS = namesOf('setenforce apparmor_parser aa-disable auditctl swapoff');

/** Commands that switch off what guards the machine, or change the kernel's settings; asking them for a list changes nothing. */
function changesGuards(name: string, words: readonly string[]): boolean {
  if (SETTINGS.has(name)) return words.some((word) => word === '-w' || word === '-p' || word.includes('='));
  if (FIREWALLS.test(name))
    return !words.some((word) => /^(?:-L|-S|--list.*|list|status|--version)$/.test(word));
  return GUARDS.has(name);
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
  needs: [CHANGERS, SETTINGS, FIREWALLS, GUARDS],
  *check(program): Iterable<Hit> {
    for (const { name, words, wrappers, span } of program.commands) {
      if (name !== undefined && changesGuards(name, words)) yield { span };
      else if (
        (name !== undefined && CHANGERS.has(name)) ||
        wrappers.some((wrapper) => CHANGERS.has(wrapper))
      )
        yield { span };
    }
  },
});
