/** What RBAC is asked about a role. */
export type Verb = 'use' | 'approve' | 'break-glass';

/** What the chart calls the ClusterRoles that grant it. */
const CLUSTER_ROLES: Readonly<Record<Verb, string>> = {
  use: 'sekisho-role',
  approve: 'sekisho-approve',
  'break-glass': 'sekisho-break-glass',
};

/** What the commands about a cluster say. */
export const CLUSTER_WORDS = {
  en: {
    missing: (name: string, namespace: string) =>
      `there is no CodeExecutionRequest "${name}" in namespace "${namespace}". "kubectl get cer" lists them; --namespace names another namespace.`,
    unjudged: (name: string) => `"${name}" has no verdict yet: look again in a moment.`,
    unreadable: (name: string) =>
      `"${name}" was stored by another version of Sekisho and cannot be shown in full, so nothing can be decided about it from here.`,
    wantsDigest:
      'nobody sees here what would run: call it in a terminal, or name the digest that you have seen with --digest.',
    otherDigest: (now: string) =>
      `--digest is not that of what would run now, which is ${now}. Look at it again with "sekisho show".`,
    ask: {
      Approve: 'Approve exactly this? Type yes: ',
      Deny: 'Deny this? Type yes: ',
      BreakGlass:
        'Break the glass and let exactly this run without further approval? It is recorded and told. Type yes: ',
    },
    left: 'Nothing was decided.',
    decided: { Approve: 'approved', Deny: 'denied', BreakGlass: 'the glass is broken' },
    noResult: (name: string, state: string) =>
      `the program of "${name}" has not ended, or never ran: its state is ${state}. "sekisho show" says more.`,
    cut: 'sekisho: the output was cut at the limit of the class.',
    created: (name: string, namespace: string) => `sekisho: created ${namespace}/${name}`,
    told: (state: string, why: string) => `sekisho: ${state}. ${why}`,
    unknownLanguage: (file: string) =>
      `the language of ${file} cannot be told from its name: name it with --language.`,
    unreadableFile: (file: string) => `${file} cannot be read as a UTF-8 text of at most 256 KiB.`,
    gone: (name: string) => `"${name}" was deleted while it was followed.`,
    noRole: (role: string) =>
      `no: there is no ExecutionRole "${role}". "kubectl get executionroles" lists them.`,
    notHeld: (who: string, verb: Verb, role: string) =>
      `no: RBAC does not grant ${who} the verb "${verb}" on executionroles/${role}. Bind ClusterRole ${CLUSTER_ROLES[verb]}-${role}.`,
    held: (who: string, verb: Verb, role: string, why: string) =>
      `yes: RBAC grants ${who} the verb "${verb}" on executionroles/${role}. ${why}`.trim(),
    mayDecide: (namespace: string) =>
      `yes: RBAC lets them create executionapprovals in namespace ${namespace}.`,
    mayNotDecide: (namespace: string) =>
      `no: RBAC does not let them create executionapprovals in namespace ${namespace}. Bind ClusterRole sekisho-approver there.`,
    rulesAllow: (role: string) =>
      `yes: role ${role} lets them decide about requests that others make, for others (spec.approval).`,
    rulesRefuse: (role: string, field: string) =>
      `no: role ${role} does not let them decide (spec.approval.${field}).`,
    noGlass: (role: string) =>
      `no: role ${role} lets nobody break the glass (spec.approval.breakGlass.enabled is false).`,
    rulesUnknown: (role: string) =>
      `unknown: you may not read ExecutionRole "${role}", so nobody can tell here what its spec.approval asks for.`,
    actionAllowed: (action: string) => `yes: the role allows ${action}.`,
    actionApproval: (action: string) => `with approval: the role lists ${action} under approvalActions.`,
    actionDenied: (action: string, role: string) => `no: role ${role} does not list ${action}.`,
    actionUnknown: (action: string, role: string) =>
      `unknown: you may not read ExecutionRole "${role}", so nobody can tell here whether it lists ${action}.`,
    you: 'you',
    cancelled: 'cancelled; "kubectl get cer" tells when it has ended',
    noLog: (namespace: string) =>
      `there is no audit log in namespace "${namespace}". --namespace names the one in which Sekisho is installed.`,
    verified: (records: number, first: number, last: number, anchors: number) =>
      `${records} records (${first} to ${last}) and ${anchors} requests that name one: `,
    intact: 'all as written.',
    lost: (count: number) =>
      `${count} records were written by a process that ended before it saved them: its log has them (--log).`,
    none: 'Nothing waits for approval.',
    noRequests: 'There are no requests.',
    getHead: ['NAMESPACE', 'NAME', 'STATE', 'DECISION', 'RISK', 'ROLE', 'REQUESTER', 'RESULT', 'AGE'],
    head: ['NAMESPACE', 'NAME', 'REQUESTER', 'ROLE', 'RISK', 'APPROVALS', 'APPROVE BY'],
  },
  ja: {
    missing: (name: string, namespace: string) =>
      `名前空間 "${namespace}" に CodeExecutionRequest "${name}" はありません。"kubectl get cer" で一覧を確認してください。別の名前空間は --namespace で指定します。`,
    unjudged: (name: string) => `"${name}" はまだ判定されていません。少し待ってください。`,
    unreadable: (name: string) =>
      `"${name}" は別の版の Sekisho が保存したもので、全体を表示できません。ここからは判断できません。`,
    wantsDigest:
      '実行される内容がここでは誰にも見えません。端末で実行するか、確認したダイジェストを --digest で指定してください。',
    otherDigest: (now: string) =>
      `--digest は現在実行される内容のものではありません。現在は ${now} です。"sekisho show" で確認してください。`,
    ask: {
      Approve: 'この内容をそのまま承認しますか。yes と入力: ',
      Deny: '拒否しますか。yes と入力: ',
      BreakGlass:
        '緊急実行として、残りの承認なしでこの内容を実行しますか。記録され、通知されます。yes と入力: ',
    },
    left: '何も決定していません。',
    decided: { Approve: '承認しました', Deny: '拒否しました', BreakGlass: '緊急実行を許可しました' },
    noResult: (name: string, state: string) =>
      `"${name}" のプログラムは終了していないか、実行されていません。状態は ${state} です。"sekisho show" で確認できます。`,
    cut: 'sekisho: 出力はクラスの上限で切られました。',
    created: (name: string, namespace: string) => `sekisho: ${namespace}/${name} を作成しました`,
    told: (state: string, why: string) => `sekisho: ${state}。${why}`,
    unknownLanguage: (file: string) =>
      `${file} の言語が名前から分かりません。--language で指定してください。`,
    unreadableFile: (file: string) => `${file} を 256 KiB 以下の UTF-8 テキストとして読めません。`,
    gone: (name: string) => `"${name}" は追跡中に削除されました。`,
    noRole: (role: string) =>
      `いいえ: ExecutionRole "${role}" はありません。"kubectl get executionroles" で一覧を確認してください。`,
    notHeld: (who: string, verb: Verb, role: string) =>
      `いいえ: RBAC は ${who} に executionroles/${role} の "${verb}" を許可していません。ClusterRole ${CLUSTER_ROLES[verb]}-${role} をバインドしてください。`,
    held: (who: string, verb: Verb, role: string, why: string) =>
      `はい: RBAC は ${who} に executionroles/${role} の "${verb}" を許可しています。${why}`.trim(),
    mayDecide: (namespace: string) =>
      `はい: RBAC は名前空間 ${namespace} での executionapprovals の作成を許可しています。`,
    mayNotDecide: (namespace: string) =>
      `いいえ: RBAC は名前空間 ${namespace} での executionapprovals の作成を許可していません。ClusterRole sekisho-approver をバインドしてください。`,
    rulesAllow: (role: string) =>
      `はい: ロール ${role} は、他の人が自分のために作成したのでないリクエストについての判断を許可しています（spec.approval）。`,
    rulesRefuse: (role: string, field: string) =>
      `いいえ: ロール ${role} は判断を許可していません（spec.approval.${field}）。`,
    noGlass: (role: string) =>
      `いいえ: ロール ${role} では緊急実行を使えません（spec.approval.breakGlass.enabled が false）。`,
    rulesUnknown: (role: string) =>
      `不明: ExecutionRole "${role}" を読む権限がないため、spec.approval の内容が分かりません。`,
    actionAllowed: (action: string) => `はい: ロールは ${action} を許可しています。`,
    actionApproval: (action: string) => `承認が必要: ロールは ${action} を approvalActions に挙げています。`,
    actionDenied: (action: string, role: string) => `いいえ: ロール ${role} に ${action} はありません。`,
    actionUnknown: (action: string, role: string) =>
      `不明: ExecutionRole "${role}" を読む権限がないため、${action} が挙げられているか分かりません。`,
    you: 'あなた',
    cancelled: '取り消しました。終了は "kubectl get cer" で確認できます',
    noLog: (namespace: string) =>
      `名前空間 "${namespace}" に監査ログはありません。Sekisho の名前空間は --namespace で指定します。`,
    verified: (records: number, first: number, last: number, anchors: number) =>
      `記録 ${records} 件（${first} から ${last}）、記録を指す依頼 ${anchors} 件: `,
    intact: 'すべて書かれたとおりです。',
    lost: (count: number) =>
      `${count} 件は保存前に終了したプロセスが書いたものです。そのログにあります（--log）。`,
    none: '承認待ちはありません。',
    noRequests: 'リクエストはありません。',
    getHead: ['名前空間', '名前', '状態', '判定', 'リスク', 'ロール', '依頼者', '結果', '経過'],
    head: ['名前空間', '名前', '依頼者', 'ロール', 'リスク', '承認', '期限'],
  },
} as const;
