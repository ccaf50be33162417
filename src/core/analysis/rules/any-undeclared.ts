import { actionPlacesIn } from '../action-uses.ts';
import type { Program } from '../program/program.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

/**
 * Actions that the code performs and the request does not declare in spec.actions.
 *
 * Left alone: Requests that declare no action at all: what they may do, their role decides.
 */
export default defineRule({
  id: 'ANY-UNDECLARED',
  version: 2,
  title: { en: 'Performs an action that was not declared', ja: '宣言されていないアクションの実行' },
  severity: 'Medium',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [285],
  attack: [],
  forbids: {
    en: 'Actions that the code performs beside those that spec.actions of the request declares.',
    ja: 'リクエストの spec.actions で宣言されたもの以外のアクションをコードが実行すること。',
  },
  allows: {
    en: 'Requests that declare no action at all: what they may do, their role decides.',
    ja: 'アクションを一つも宣言していないリクエスト(ロールだけで判断されます)。',
  },
  message: {
    en: 'The program performs an action that was not declared.',
    ja: '宣言されていないアクションを実行します。',
  },
  remedy: {
    en: 'Add the action to spec.actions, or leave it out of the code.',
    ja: 'spec.actions にアクションを追加するか、コードから取り除いてください。',
  },
  *conclude(
    _found,
    programs,
    { declared = [], actions = [] },
  ): Iterable<Hit & { readonly program: Program }> {
    if (declared.length === 0) return;
    for (const program of programs) {
      for (const { action, span } of actionPlacesIn(program, actions)) {
        if (declared.includes(action)) continue;
        const message = {
          en: `The program performs ${action}, which spec.actions does not declare.`,
          ja: `spec.actions で宣言されていない ${action} を実行します。`,
        };
        yield { span, message, program };
      }
    }
  },
});
