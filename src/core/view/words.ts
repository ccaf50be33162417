/** What stands beside the parts of a request when a person looks at it. */
export const VIEW_WORDS = {
  en: {
    requester: 'requester',
    onBehalfOf: 'on behalf of',
    role: 'role',
    actions: 'actions',
    plugins: 'plugins',
    state: 'state',
    digest: 'digest',
    risk: 'risk',
    notJudged: 'Not judged yet.',
    more: (count: number) => `and ${count} more`,
    approved: (given: number, required: number, until: string) =>
      `approvals: ${given} of ${required}, until ${until}.`,
    glass: (who: string, ticket: string, at: string) => `Glass broken by ${who} (${ticket}) at ${at}.`,
    changes: (name: string, at: string) =>
      `Changes since ${name}, the last of this requester that you approved (${at}):`,
    sameAsBefore: 'none: exactly the same would run.',
    differsTooMuch: 'so much differs that a diff does not help.',
  },
  ja: {
    requester: '依頼者',
    onBehalfOf: '代理元',
    role: 'ロール',
    actions: 'アクション',
    plugins: 'プラグイン',
    state: '状態',
    digest: 'ダイジェスト',
    risk: 'リスク',
    notJudged: 'まだ判定されていません。',
    more: (count: number) => `ほか ${count} 件`,
    approved: (given: number, required: number, until: string) =>
      `承認: ${required} 人中 ${given} 人、期限 ${until}。`,
    glass: (who: string, ticket: string, at: string) => `緊急実行: ${who}（${ticket}）、${at}。`,
    changes: (name: string, at: string) =>
      `この依頼者についてあなたが前回承認した ${name}（${at}）からの変更:`,
    sameAsBefore: 'なし。まったく同じ内容が実行されます。',
    differsTooMuch: '違いが大きすぎるため、差分は表示しません。',
  },
} as const;
