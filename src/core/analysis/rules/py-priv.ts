import { membersOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import { defineRule } from '../rule.ts';

const CHANGERS = membersOf(
  'os',
  'setuid setgid seteuid setegid setreuid setregid setresuid setresgid setgroups initgroups chroot unshare setns setpriority sched_setscheduler mknod',
);

/**
 * os.setuid and its kin, setgroups, chroot, unshare, setns.
 *
 * Left alone: Reading ids.
 */
export default defineRule({
  id: 'PY-PRIV',
  version: 1,
  title: { en: 'Changes its privileges', ja: '権限の変更' },
  severity: 'High',
  languages: ['Python'],
  cwe: [250],
  attack: ['T1548', 'T1611'],
  forbids: {
    en: 'os.setuid and its kin, setgroups, chroot, unshare, setns.',
    ja: 'os.setuid など、setgroups、chroot、unshare、setns。',
  },
  allows: { en: 'Reading ids.', ja: 'ID の参照。' },
  message: { en: 'The program changes its privileges.', ja: '自分の権限を変更します。' },
  remedy: {
    en: 'Leave it out: the sandbox gives each program its own user.',
    ja: '取り除いてください(サンドボックスが専用のユーザーを割り当てます)。',
  },
  needs: [CHANGERS],
  check: (program) => referencesTo(program, CHANGERS),
});
