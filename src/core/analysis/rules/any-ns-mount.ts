import { namesOf } from '../matching/lists.ts';
import { normalised } from '../matching/paths.ts';
import { defineRule } from '../rule.ts';

const COMMANDS = namesOf(
  'mount umount nsenter unshare insmod modprobe rmmod pivot_root losetup kexec debugfs swapon',
);
const PLACES =
  /^\/proc\/(?:sysrq-trigger|sys\/kernel\/.*)$|^\/sys\/fs\/cgroup\/|\/release_agent$|^\/sys\/kernel\//;

/**
 * mount, nsenter, unshare, insmod, pivot_root; writing to sysrq, core_pattern, release_agent or cgroups.
 *
 * Left alone: The words in texts.
 */
export default defineRule({
  id: 'ANY-NS-MOUNT',
  version: 1,
  title: { en: 'Leaves its container', ja: 'コンテナからの脱出' },
  severity: 'Critical',
  languages: ['Python', 'Bash'],
  cwe: [250],
  attack: ['T1611'],
  forbids: {
    en: 'mount, nsenter, unshare, insmod, pivot_root; writing to sysrq, core_pattern, release_agent or cgroups.',
    ja: 'mount、nsenter、unshare、insmod、pivot_root、sysrq・core_pattern・release_agent・cgroup への書き込み。',
  },
  allows: { en: 'The words in texts.', ja: '文字列の中の語。' },
  message: {
    en: 'The program mounts, enters namespaces or writes where containers are left.',
    ja: 'マウント、名前空間への侵入、または脱出に使われる場所への書き込みを行います。',
  },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: ['paths', COMMANDS],
  check: ({ commands, paths }) => [
    ...commands.filter(({ name = '', args }) => COMMANDS.has(name) && (name !== 'mount' || args.length > 0)),
    ...paths.filter(({ text }) => text.length < 512 && text.startsWith('/') && PLACES.test(normalised(text))),
  ],
});
