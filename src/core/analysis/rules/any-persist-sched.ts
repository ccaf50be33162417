import { namesOf } from '../matching/lists.ts';
import { isSchedule } from '../matching/paths.ts';
import { writtenPaths } from '../matching/writing.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const SCHEDULERS = namesOf('crontab at batch systemctl');

/**
 * crontab, at, systemd units, and writing below /etc/cron* and systemd folders.
 *
 * Left alone: crontab -l, the words in texts.
 */
export default defineRule({
  id: 'ANY-PERSIST-SCHED',
  version: 1,
  title: { en: 'Schedules itself', ja: '予約実行の仕込み' },
  severity: 'High',
  languages: ['Python', 'Bash'],
  cwe: [506],
  attack: ['T1053.003', 'T1543.002'],
  forbids: {
    en: 'crontab, at, systemd units, and writing below /etc/cron* and systemd folders.',
    ja: 'crontab、at、systemd、/etc/cron* などへの書き込み。',
  },
  allows: { en: 'crontab -l, the words in texts.', ja: 'crontab -l、文字列の中の語。' },
  message: { en: 'The program schedules code to run later.', ja: '後で実行されるコードを予約します。' },
  remedy: { en: 'Send a request each time instead.', ja: 'その都度依頼してください。' },
  needs: ['paths', SCHEDULERS],
  *check(program): Iterable<Hit> {
    for (const { span } of writtenPaths(program, isSchedule)) yield { span };
    for (const { name, words, span } of program.commands) {
      if (
        (name === 'crontab' && !words.includes('-l')) ||
        name === 'at' ||
        name === 'batch' ||
        (name === 'systemctl' && words.includes('enable'))
      )
        yield { span };
    }
  },
});
