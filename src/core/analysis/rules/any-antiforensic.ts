import { handedTexts } from '../matching/arguments.ts';
import { wholeTextOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const HISTORY = /^(?:HISTFILE|HISTSIZE|HISTFILESIZE)(?:=|$)/;

/**
 * history -c, unset HISTFILE, HISTFILE=/dev/null, emptying logs.
 *
 * Left alone: Showing the history.
 */
export default defineRule({
  id: 'ANY-ANTIFORENSIC',
  version: 1,
  title: { en: 'Removes traces', ja: '痕跡の消去' },
  severity: 'High',
  languages: ['Bash'],
  cwe: [778],
  attack: ['T1070.003'],
  forbids: {
    en: 'history -c, unset HISTFILE, HISTFILE=/dev/null, emptying logs.',
    ja: 'history -c、HISTFILE の解除、ログの消去。',
  },
  allows: { en: 'Showing the history.', ja: '履歴の表示。' },
  message: { en: 'The script removes traces of what was done.', ja: '実行の痕跡を消します。' },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  *check(program): Iterable<Hit> {
    for (const { name, args, assignments, span } of program.commands) {
      const words = args.map((arg) => wholeTextOf(arg) ?? '');
      const clears =
        (name === 'history' && words.some((word) => /^-[a-z]*[cdw]/.test(word))) ||
        ((name === 'unset' || name === 'export') && words.some((word) => HISTORY.test(word)));
      if (clears || assignments.some((one) => HISTORY.test(one))) yield { span };
    }
    for (const { text, redirect, span } of handedTexts(program))
      if (redirect === '>' && /^\/var\/log\/|_history$/.test(text)) yield { span };
  },
});
