import { ACTING, actionPlacesIn } from '../action-uses.ts';
import { RISKY_ACTIONS } from '../actions.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

/**
 * Actions that take data out of the organisation or give rights away: export_contacts, export_data, grant_admin,
 * deleting users and contacts; by a plugin or by the name of the function. Where a role lists the action, the role
 * decides instead: it allows it, or asks for approval.
 *
 * Left alone: Functions of the same names that the program defines itself; the names in texts.
 */
export default defineRule({
  id: 'ANY-ACTION-RISK',
  version: 3,
  title: { en: 'Performs a risky action', ja: '危険なアクションの実行' },
  severity: 'High',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [285],
  attack: ['T1098'],
  forbids: {
    en: 'Actions that take data out of the organisation or give rights away: export_contacts, export_data, grant_admin, deleting users and contacts; by a plugin or by the name of the function. Where a role lists the action, the role decides instead: it allows it, or asks for approval.',
    ja: 'データの持ち出しや権限付与のアクション(export_contacts、export_data、grant_admin、ユーザーや連絡先の削除)。ロールに載っているアクションは、ロールが許可または承認を決めます。',
  },
  allows: {
    en: 'Functions of the same names that the program defines itself; the names in texts.',
    ja: 'プログラム自身が定義した同名の関数、文字列の中の名前。',
  },
  message: { en: 'The program performs a risky action.', ja: '危険なアクションを実行します。' },
  remedy: {
    en: 'Ask an administrator: such actions need approval.',
    ja: '管理者に相談してください。このアクションには承認が必要です。',
  },
  needs: [ACTING],
  *check(program): Iterable<Hit> {
    for (const { action, span } of actionPlacesIn(program)) {
      if (!RISKY_ACTIONS.has(action)) continue;
      const message = {
        en: `The program performs the risky action ${action}.`,
        ja: `危険なアクション ${action} を実行します。`,
      };
      yield { span, message, action };
    }
  },
});
