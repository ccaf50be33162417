import { namesOf } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const CHANGERS = namesOf(
  'sudo su doas pkexec runuser useradd adduser usermod userdel groupadd passwd chpasswd visudo chroot capsh setcap newgrp sg setpriv',
);

/**
 * sudo, su, doas, useradd, usermod, passwd, visudo, chroot, capsh, setcap.
 *
 * Left alone: id, whoami, groups.
 */
export default defineRule({
  id: 'SH-PRIV',
  version: 1,
  title: { en: 'Changes privileges or accounts', ja: '権限やアカウントの変更' },
  severity: 'High',
  languages: ['Bash'],
  cwe: [250],
  attack: ['T1548.003', 'T1136.001'],
  forbids: {
    en: 'sudo, su, doas, useradd, usermod, passwd, visudo, chroot, capsh, setcap.',
    ja: 'sudo、su、doas、useradd、usermod、passwd、visudo、chroot、capsh、setcap。',
  },
  allows: { en: 'id, whoami, groups.', ja: 'id、whoami、groups。' },
  message: { en: 'The script changes privileges or accounts.', ja: '権限またはアカウントを変更します。' },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  *check(program): Iterable<Hit> {
    for (const { name, wrappers, span } of program.commands) {
      if ((name !== undefined && CHANGERS.has(name)) || wrappers.some((wrapper) => CHANGERS.has(wrapper)))
        yield { span };
    }
  },
});
