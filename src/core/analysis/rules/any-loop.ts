import { namesOf } from '../matching/lists.ts';
import { wholeTextOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const FLOODS = namesOf('yes');

/**
 * A loop whose condition folds to true and whose body has no way out of its own: no break, return, raise, yield, await
 * or exit.
 *
 * Left alone: Loops that can end: by a break, a return, an exception, a condition that changes. Whether they do is left
 * to the deadline of the sandbox.
 */
export default defineRule({
  id: 'ANY-LOOP',
  version: 2,
  title: { en: 'Endless loop', ja: '無限ループ' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [835],
  attack: ['T1499.003'],
  forbids: {
    en: 'A loop whose condition folds to true and whose body has no way out of its own: no break, return, raise, yield, await or exit.',
    ja: '条件が常に真で、本体に抜け道(break、return、raise、yield、await、exit)がないループ。',
  },
  allows: {
    en: 'Loops that can end: by a break, a return, an exception, a condition that changes. Whether they do is left to the deadline of the sandbox.',
    ja: '抜け道のあるループや条件が変わるループ(実際に終わるかはサンドボックスの制限時間に任せます)。',
  },
  message: { en: 'This loop never ends.', ja: 'このループは終わりません。' },
  remedy: {
    en: 'Give the loop a condition that becomes false, or a break.',
    ja: '偽になる条件か break を付けてください。',
  },
  needs: ['loops', FLOODS],
  *check(program): Iterable<Hit> {
    for (const { kind, endless, span } of program.loops) if (kind === 'condition' && endless) yield { span };
    // Into a pipe it ends when its reader does; into a file it fills the disk, which is another rule's matter.
    for (const { name, piped, redirects, span } of program.commands)
      if (name === 'yes' && !piped && redirects.every(({ target }) => wholeTextOf(target) === '/dev/null'))
        yield { span };
  },
});
