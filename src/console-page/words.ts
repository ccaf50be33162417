/** What the page says. What it says of a request comes from its server, in the same two languages. */
const EN = {
  title: 'Sekisho approvals',
  skip: 'Skip to content',
  language: 'Language',
  signedInAs: (who: string) => `Signed in as ${who}`,
  signOut: 'Sign out',
  signIn: {
    title: 'Sign in',
    lead: 'Sign in with your Kubernetes token. Everything you see and decide here is done with your own rights.',
    token: 'Kubernetes token',
    hint: 'The token of your kubeconfig, or what your single sign-on gives you for kubectl. It stays in this tab, is sent with each call, and is forgotten when you sign out or close the tab.',
    go: 'Sign in',
    refused: 'The API server does not know this token. It may have expired: fetch a new one.',
    empty: 'Paste a token first.',
    insecure:
      'This page came over plain HTTP, where a token could be read on the way. Open it over HTTPS, or through kubectl port-forward.',
    expired: 'Your token is no longer accepted. Sign in again.',
    checking: 'Asking the API server…',
  },
  list: {
    title: 'Waiting for approval',
    namespace: 'Namespace',
    everywhere: 'All namespaces, if left empty',
    show: 'Show',
    none: 'Nothing waits for approval.',
    count: (count: number) => (count === 1 ? '1 request waits.' : `${count} requests wait.`),
    cut: 'There are more than can be listed. Choose a namespace.',
    caption: 'Requests that wait for approval, the most urgent first',
    head: {
      name: 'Name',
      namespace: 'Namespace',
      requester: 'Requester',
      role: 'Role',
      risk: 'Risk (of 100)',
      approvals: 'Approvals',
      approveBy: 'Approve by',
    },
    forbidden: (where: string) =>
      where === ''
        ? 'You may not list requests in all namespaces. Name a namespace above, or ask an administrator to bind you to ClusterRole sekisho-approver.'
        : `You may not list requests in namespace "${where}". Ask an administrator to bind you to ClusterRole sekisho-approver there.`,
  },
  view: {
    back: 'All that waits',
    facts: 'Who asks for what',
    verdict: 'Why it is judged so',
    risk: 'Risk',
    findings: 'Findings',
    noFindings: 'No findings.',
    changes: 'What has changed',
    same: 'Nothing: exactly the same would run.',
    tooMuch: 'So much differs that a comparison does not help.',
    texts: 'What would run',
    lines: (count: number) => (count === 1 ? '1 line' : `${count} lines`),
    end: (title: string) => `End of ${title}`,
    escapes:
      'Characters that nobody sees, that reorder text or that pass for others are shown as escapes in a frame.',
    hidden: 'hidden character',
    found: 'finding',
    notJudged: 'Not judged yet.',
    digest: 'Digest',
    changed: 'What would run has changed since you opened it. Read it again before you decide.',
    missing: (name: string) => `There is no request ${name}. It may have been deleted.`,
    forbidden: (name: string) =>
      `You may not read request ${name}. Ask an administrator to bind you to ClusterRole sekisho-approver there.`,
    unreadable: (name: string) =>
      `Request ${name} was stored by another version of Sekisho and cannot be shown in full, so nothing can be decided about it here.`,
    state: (state: string) => `State: ${state}`,
    drawing: 'Drawing the text…',
  },
  decide: {
    title: 'Decide',
    bound:
      'Your decision counts for exactly what is shown above, and for nothing else. Its digest is sent along:',
    reason: 'Reason (kept for the record)',
    approve: 'Approve',
    deny: 'Deny',
    unread: (title: string, line: number) =>
      `You can approve once every line has been on your screen. Not shown yet: ${title} from line ${line} on.`,
    goThere: 'Go there',
    read: 'Every line has been shown. You can decide.',
    blank: 'Say in a few words why.',
    sending: 'Sending…',
    approved: 'You approved this request.',
    denied: 'You denied this request.',
    settled: (state: string) => `This request waits for no decision: its state is ${state}.`,
    refused: 'Your decision was not taken.',
    forbidden: 'You may not decide about this request.',
  },
  trouble: {
    Unreachable: 'The API server does not answer just now. It will be asked again.',
    TooMany: 'Too many tries. Wait a minute.',
    Invalid: 'The page asked for something its server does not know. Reload it.',
  },
  loading: 'Loading…',
} as const;

type Words<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => string
    ? (...args: A) => string
    : T[K] extends string
      ? string
      : Words<T[K]>;
};

const JA: Words<typeof EN> = {
  title: 'Sekisho 承認',
  skip: '本文へ移動',
  language: '言語',
  signedInAs: (who) => `${who} としてサインイン中`,
  signOut: 'サインアウト',
  signIn: {
    title: 'サインイン',
    lead: 'Kubernetes のトークンでサインインします。ここでの閲覧と判断はすべてあなた自身の権限で行われます。',
    token: 'Kubernetes トークン',
    hint: 'kubeconfig のトークン、またはシングルサインオンが kubectl 用に発行したトークンです。このタブの中だけに保持され、呼び出しごとに送信されます。サインアウトするかタブを閉じると消えます。',
    go: 'サインイン',
    refused:
      'API サーバーはこのトークンを認めません。期限切れかもしれません。新しいトークンを取得してください。',
    empty: 'トークンを貼り付けてください。',
    insecure:
      'このページは暗号化されていない HTTP で届きました。トークンが途中で読み取られるおそれがあります。HTTPS か kubectl port-forward で開いてください。',
    expired: 'トークンが無効になりました。もう一度サインインしてください。',
    checking: 'API サーバーに確認しています…',
  },
  list: {
    title: '承認待ち',
    namespace: '名前空間',
    everywhere: '空欄ならすべての名前空間',
    show: '表示',
    none: '承認待ちはありません。',
    count: (count) => `${count} 件が承認を待っています。`,
    cut: '一覧に収まらない件数です。名前空間を指定してください。',
    caption: '承認待ちのリクエスト（期限の近い順）',
    head: {
      name: '名前',
      namespace: '名前空間',
      requester: '依頼者',
      role: 'ロール',
      risk: 'リスク（100 まで）',
      approvals: '承認',
      approveBy: '承認期限',
    },
    forbidden: (where) =>
      where === ''
        ? 'すべての名前空間のリクエストを一覧する権限がありません。上で名前空間を指定するか、ClusterRole sekisho-approver のバインドを管理者に依頼してください。'
        : `名前空間 "${where}" のリクエストを一覧する権限がありません。そこでの ClusterRole sekisho-approver のバインドを管理者に依頼してください。`,
  },
  view: {
    back: '承認待ち一覧',
    facts: '誰が何を求めているか',
    verdict: '判定の理由',
    risk: 'リスク',
    findings: '検出',
    noFindings: '検出はありません。',
    changes: '変更点',
    same: 'なし。まったく同じ内容が実行されます。',
    tooMuch: '違いが大きすぎるため、差分は表示しません。',
    texts: '実行される内容',
    lines: (count) => `${count} 行`,
    end: (title) => `${title} の終わり`,
    escapes: '見えない文字、並び順を変える文字、他の文字に見える文字は、枠で囲んだエスケープで表示します。',
    hidden: '隠れた文字',
    found: '検出',
    notJudged: 'まだ判定されていません。',
    digest: 'ダイジェスト',
    changed: '開いた後に実行内容が変わりました。判断する前にもう一度読んでください。',
    missing: (name) => `リクエスト ${name} はありません。削除された可能性があります。`,
    forbidden: (name) =>
      `リクエスト ${name} を読む権限がありません。その名前空間での ClusterRole sekisho-approver のバインドを管理者に依頼してください。`,
    unreadable: (name) =>
      `リクエスト ${name} は別の版の Sekisho が保存したもので、全体を表示できません。ここからは判断できません。`,
    state: (state) => `状態: ${state}`,
    drawing: '本文を描画しています…',
  },
  decide: {
    title: '判断する',
    bound: '判断は上に表示された内容だけに対して有効です。次のダイジェストを一緒に送ります:',
    reason: '理由（記録に残ります）',
    approve: '承認する',
    deny: '拒否する',
    unread: (title, line) =>
      `すべての行が画面に表示されると承認できます。まだ表示されていない行: ${title} の ${line} 行目から`,
    goThere: 'そこへ移動',
    read: 'すべての行が表示されました。判断できます。',
    blank: '理由を短く書いてください。',
    sending: '送信しています…',
    approved: 'このリクエストを承認しました。',
    denied: 'このリクエストを拒否しました。',
    settled: (state) => `このリクエストは判断を待っていません。状態は ${state} です。`,
    refused: '判断は受け付けられませんでした。',
    forbidden: 'このリクエストを判断する権限がありません。',
  },
  trouble: {
    Unreachable: 'API サーバーが応答しません。しばらくして再度問い合わせます。',
    TooMany: '試行回数が多すぎます。1 分ほど待ってください。',
    Invalid: 'サーバーが知らない要求です。ページを再読み込みしてください。',
  },
  loading: '読み込んでいます…',
};

export type PageWords = Words<typeof EN>;
export const WORDS = { en: EN, ja: JA } as const satisfies Record<string, PageWords>;
export type PageLocale = keyof typeof WORDS;
