/** What stands beside the parts of a request when a person looks at it. */
export const VIEW_WORDS = {
  en: {
    requester: 'requester',
    onBehalfOf: 'on behalf of',
    role: 'role',
    actions: 'actions',
    state: 'state',
    digest: 'digest',
    risk: 'risk',
    notJudged: 'Not judged yet.',
    more: (count: number) => `and ${count} more`,
    approved: (given: number, required: number, until: string) =>
      `approvals: ${given} of ${required}, until ${until}.`,
    glass: (who: string, ticket: string, at: string) => `Glass broken by ${who} (${ticket}) at ${at}.`,
  },
  ja: {
    requester: '依頼者',
    onBehalfOf: '代理元',
    role: 'ロール',
    actions: 'アクション',
    state: '状態',
    digest: 'ダイジェスト',
    risk: 'リスク',
    notJudged: 'まだ判定されていません。',
    more: (count: number) => `ほか ${count} 件`,
    approved: (given: number, required: number, until: string) =>
      `承認: ${required} 人中 ${given} 人、期限 ${until}。`,
    glass: (who: string, ticket: string, at: string) => `緊急実行: ${who}（${ticket}）、${at}。`,
  },
} as const;
