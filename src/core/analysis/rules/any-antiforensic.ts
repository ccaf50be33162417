import { namesLike, namesOf } from '../matching/lists.ts';
import { isWritten } from '../matching/writing.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const TRACES = /^\/var\/log(?:\/|$)|(?:^|\/)\.\w+_history$/;
const REMOVERS =
  /^(?:os\.(?:remove|unlink|truncate|rename|replace)|shutil\.(?:rmtree|move)|pathlib\.Path\(\)\.(?:unlink|rename)|fs\.(?:promises\.)?(?:rm|rmSync|unlink|unlinkSync|truncate|truncateSync|rename|renameSync)|rm|shred|unlink|truncate|wipe|srm)$/;
const CLEARERS = namesOf('history unset export');
const HISTORY = namesLike(/^(?:HISTFILE|HISTSIZE|HISTFILESIZE)(?:=|$)/);

/**
 * history -c, unset HISTFILE, HISTFILE=/dev/null, emptying or deleting logs and histories.
 *
 * Left alone: Showing the history.
 */
export default defineRule({
  id: 'ANY-ANTIFORENSIC',
  version: 2,
  title: { en: 'Removes traces', ja: '痕跡の消去' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [778],
  attack: ['T1070.003'],
  forbids: {
    en: 'history -c, unset HISTFILE, HISTFILE=/dev/null, emptying or deleting logs and histories.',
    ja: 'history -c、HISTFILE の解除、ログや履歴の消去。',
  },
  allows: { en: 'Showing the history.', ja: '履歴の表示。' },
  message: { en: 'The program removes traces of what was done.', ja: '実行の痕跡を消します。' },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: ['paths', CLEARERS, HISTORY],
  *check(program): Iterable<Hit> {
    for (const { name, words, assignments, span } of program.commands) {
      const clears =
        (name === 'history' && words.some((word) => /^-[a-z]*[cdw]/.test(word))) ||
        ((name === 'unset' || name === 'export') && words.some((word) => HISTORY.test(word)));
      if (clears || assignments.some((one) => HISTORY.test(one))) yield { span };
    }
    for (const handed of program.paths) {
      const { text, redirect, to, span } = handed;
      if (
        TRACES.test(text) &&
        (redirect === '>' || REMOVERS.test(to) || (redirect === undefined && isWritten(handed)))
      )
        yield { span };
    }
  },
});
