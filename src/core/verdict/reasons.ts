import type { Locale } from '../../api/v1alpha1/names.ts';

type Sentence<P extends readonly (string | number)[]> = Readonly<Record<Locale, (...params: P) => string>>;
const sentence = <P extends readonly (string | number)[]>(texts: Sentence<P>): Sentence<P> => texts;

/** Every reason for which a request is not simply allowed, with its sentence. Adding a reason: a line here. */
export const REASONS = {
  RoleNotFound: sentence({
    en: (role: string) =>
      `spec.role names "${role}", but there is no such ExecutionRole. "kubectl get executionroles" lists them.`,
    ja: (role: string) =>
      `spec.role の "${role}" という ExecutionRole はありません。"kubectl get executionroles" で一覧を確認してください。`,
  }),
  RoleNotHeld: sentence({
    en: (role: string, user: string) =>
      `${user} does not hold role "${role}". An administrator grants it with RBAC: verb "use" on executionroles "${role}" in group sekisho.dev.`,
    ja: (role: string, user: string) =>
      `${user} にはロール "${role}" がありません。管理者が RBAC で executionroles "${role}"（グループ sekisho.dev）の動詞 "use" を許可する必要があります。`,
  }),
  ActForNotGranted: sentence({
    en: (subject: string, user: string) =>
      `spec.onBehalfOf names ${subject}, but ${user} may not act for it. An administrator grants it with RBAC: verb "act-for" on ${subject} in group sekisho.dev.`,
    ja: (subject: string, user: string) =>
      `spec.onBehalfOf に ${subject} がありますが、${user} は代理を許可されていません。管理者が RBAC で ${subject}（グループ sekisho.dev）の動詞 "act-for" を許可する必要があります。`,
  }),
  ActionNotAllowed: sentence({
    en: (action: string, role: string, where: string) =>
      `${where} "${action}", which role "${role}" does not allow. Leave it out, or use a role that lists it in spec.allowedActions.`,
    ja: (action: string, role: string, where: string) =>
      `${where} "${action}" はロール "${role}" で許可されていません。取り除くか、spec.allowedActions に含むロールを使ってください。`,
  }),
  ActionNeedsApproval: sentence({
    en: (action: string, role: string) =>
      `Action "${action}" needs a person's approval under role "${role}".`,
    ja: (action: string, role: string) =>
      `アクション "${action}" はロール "${role}" では人の承認が必要です。`,
  }),
  LanguageNotAllowed: sentence({
    en: (language: string, role: string) =>
      `spec.language is ${language}, which role "${role}" does not allow. See spec.languages of the role.`,
    ja: (language: string, role: string) =>
      `spec.language の ${language} はロール "${role}" では使えません。ロールの spec.languages を確認してください。`,
  }),
  ClassNotFound: sentence({
    en: (name: string) =>
      `spec.sandboxClassName names "${name}", but there is no such SandboxClass. "kubectl get sandboxclasses" lists them.`,
    ja: (name: string) =>
      `spec.sandboxClassName の "${name}" という SandboxClass はありません。"kubectl get sandboxclasses" で一覧を確認してください。`,
  }),
  ClassNotAllowed: sentence({
    en: (name: string, role: string) =>
      `spec.sandboxClassName is "${name}", which role "${role}" does not allow. See spec.sandboxClassNames of the role.`,
    ja: (name: string, role: string) =>
      `spec.sandboxClassName の "${name}" はロール "${role}" では使えません。ロールの spec.sandboxClassNames を確認してください。`,
  }),
  ImageMissing: sentence({
    en: (language: string, name: string) =>
      `SandboxClass "${name}" has no image for ${language}. Use another class, or ask its administrator to add spec.images.${language}.`,
    ja: (language: string, name: string) =>
      `SandboxClass "${name}" には ${language} のイメージがありません。別のクラスを使うか、管理者に spec.images.${language} の追加を依頼してください。`,
  }),
  LimitAbove: sentence({
    en: (field: string, value: string | number, limit: string | number, owner: string) =>
      `${field} is ${value}, but ${owner} gives at most ${limit}. Ask for less, or leave it out.`,
    ja: (field: string, value: string | number, limit: string | number, owner: string) =>
      `${field} は ${value} ですが、${owner} の上限は ${limit} です。小さくするか、省略してください。`,
  }),
  PluginsNotServed: sentence({
    en: (plugin: string) =>
      `spec.plugins names "${plugin}", but this installation has no plugin gateway. Leave spec.plugins out.`,
    ja: (plugin: string) =>
      `spec.plugins に "${plugin}" がありますが、この環境にはプラグインゲートウェイがありません。spec.plugins を省略してください。`,
  }),
  PluginNotFound: sentence({
    en: (plugin: string) =>
      `spec.plugins names "${plugin}", but there is no such Plugin. "kubectl get plugins.sekisho.dev" lists them.`,
    ja: (plugin: string) =>
      `spec.plugins の "${plugin}" という Plugin はありません。"kubectl get plugins.sekisho.dev" で一覧を確認してください。`,
  }),
  PluginNotAllowed: sentence({
    en: (plugin: string, role: string) =>
      `spec.plugins names "${plugin}", which role "${role}" does not list in spec.plugins. Leave it out, or use another role.`,
    ja: (plugin: string, role: string) =>
      `spec.plugins の "${plugin}" はロール "${role}" の spec.plugins にありません。取り除くか、別のロールを使ってください。`,
  }),
  PluginUnused: sentence({
    en: (plugin: string, role: string) =>
      `spec.plugins names "${plugin}", but no operation of it that role "${role}" lists has an action among spec.actions and those of the code. Declare the actions, or leave the plugin out.`,
    ja: (plugin: string, role: string) =>
      `spec.plugins に "${plugin}" がありますが、ロール "${role}" が許可する操作のうち、spec.actions またはコードのアクションに当たるものがありません。アクションを宣言するか、プラグインを取り除いてください。`,
  }),
  PluginNeedsApproval: sentence({
    en: (operation: string, risk: string) =>
      `Plugin operation ${operation} has risk ${risk}: a person must approve the request.`,
    ja: (operation: string, risk: string) =>
      `プラグイン操作 ${operation} のリスクは ${risk} です。人の承認が必要です。`,
  }),
  CodeNotParsed: sentence({
    en: () =>
      'The program could not be read to its end, so nobody can say what it does. The findings name the place; mend it and create a new request.',
    ja: () =>
      'プログラムを最後まで解析できず、何をするか判断できません。検出結果の位置を直して、新しいリクエストを作成してください。',
  }),
  CodeRefused: sentence({
    en: (rule: string, line: number, severity: string) =>
      `Rule ${rule} (${severity}) forbids line ${line}. Its finding says why and what to do instead.`,
    ja: (rule: string, line: number, severity: string) =>
      `規則 ${rule}（${severity}）により ${line} 行目は禁止されています。理由と代替策は検出結果を見てください。`,
  }),
  RiskTooHigh: sentence({
    en: (score: number, threshold: number) =>
      `The risk score is ${score}; at ${threshold} and above programs are denied.`,
    ja: (score: number, threshold: number) =>
      `リスクスコアは ${score} です。${threshold} 以上は拒否されます。`,
  }),
  RiskNeedsApproval: sentence({
    en: (score: number, threshold: number) =>
      `The risk score is ${score}; at ${threshold} and above a person must approve.`,
    ja: (score: number, threshold: number) =>
      `リスクスコアは ${score} です。${threshold} 以上は人の承認が必要です。`,
  }),
} as const;

export type Reason = keyof typeof REASONS;

/** A reason with its parameters, not yet put into words. */
export interface Objection {
  readonly reason: Reason;
  readonly params: readonly (string | number)[];
}

/** The sentence of an objection in the wanted language. */
export function sentenceOf(objection: Objection, locale: Locale): string {
  const say = REASONS[objection.reason][locale] as (...params: readonly (string | number)[]) => string;
  return say(...objection.params);
}
