import type { Locale } from '../api/v1alpha1/names.ts';
import type { Decision } from './formats/record.ts';
import type { Problem } from './reading.ts';

/** All that the command says by itself, in the languages in which Sekisho answers people. */
export interface Words {
  readonly decision: Readonly<Record<Decision, string>>;
  readonly problem: Readonly<Record<Problem, (limit: number) => string>>;
  readonly unknownLanguage: string;
  readonly emptyFolder: string;
  readonly manyFiles: (limit: number) => string;
  readonly notYaml: (line: number, reason: string) => string;
  readonly noRequest: string;
  readonly noneOfKind: (kind: string) => string;
  readonly otherVersion: (version: string) => string;
  readonly unknownField: (path: string, known: string) => string;
  readonly duplicate: (path: string) => string;
  readonly otherRole: (role: string, known: string) => string;
  readonly severalRoles: (roles: string) => string;
  readonly notJson: string;
  readonly wrongLine: (field: string) => string;
  readonly longLine: (limit: number) => string;
  readonly error: string;
  readonly head: (decision: string, risk: number) => string;
  readonly risk: string;
  readonly notEnforced: (text: string) => string;
  readonly refusedBy: (rules: string) => string;
  readonly more: (count: number) => string;
  readonly summary: (counts: {
    readonly allowed: number;
    readonly needApproval: number;
    readonly denied: number;
    readonly failed: number;
  }) => string;
  readonly decisionRule: (reason: string) => string;
  readonly unknownRule: (id: string, nearest: string) => string;
  readonly rule: Readonly<Record<'forbids' | 'allows' | 'remedy' | 'languages', string>>;
}

const KIB = 1024;

const en: Words = {
  decision: { Allow: 'Allowed', RequireApproval: 'Needs approval', Deny: 'Denied' },
  problem: {
    missing: () => 'there is no such file or folder. Correct the path.',
    forbidden: () => 'it may not be read by you. Give yourself the right to read it.',
    unreadable: () => 'it could not be read. Name a file or a folder.',
    large: (limit) =>
      `it is larger than ${limit / KIB} KiB, which is the most that is judged. Split it, or move data out of it.`,
    encoding: () => 'it is not UTF-8. Save it as UTF-8.',
    empty: () => 'nothing came in. Write a program to it.',
  },
  unknownLanguage:
    'neither its ending nor its first line says what language it is in. Name it: --language Python, JavaScript, TypeScript or Bash.',
  emptyFolder: 'the folder holds no program and no CodeExecutionRequest. Name one that does.',
  manyFiles: (limit) =>
    `the folder holds more than ${limit} files; the rest was not read. Name a smaller one.`,
  notYaml: (line, reason) => `line ${line} is not YAML (${reason}). Correct it.`,
  noRequest: 'it holds no CodeExecutionRequest. Name a file that does, or a program.',
  noneOfKind: (kind) => `it holds no ${kind}. Name a file that does.`,
  otherVersion: (version) =>
    `apiVersion is ${version}, but this command knows sekisho.dev/v1alpha1. Write that.`,
  unknownField: (path, known) => `${path} is unknown. Correct its name, or leave it out; known are ${known}.`,
  duplicate: (path) => `${path} stands in the list twice. Leave it out.`,
  otherRole: (role, known) =>
    `spec.role names "${role}", but the file given with --role holds only ${known}. Give one that holds "${role}".`,
  severalRoles: (roles) =>
    `the file given with --role holds several roles (${roles}), and a program that is no request names none. Give a file with one.`,
  notJson:
    'the line is not a JSON object. Write one such as {"id": 1, "language": "Python", "code": "print(1)"}.',
  wrongLine: (field) => `${field} must be a string or a number. Give each program an id.`,
  longLine: (limit) => `the line is longer than ${limit / KIB} KiB. Make the program smaller.`,
  error: 'error',
  head: (decision, risk) => `${decision} (risk ${risk} of 100)`,
  risk: 'Risk',
  notEnforced: (text) => `Not enforced (policy in mode Warn): ${text}`,
  refusedBy: (rules) => `Forbidden by ${rules}.`,
  more: (count) => `and ${count} more`,
  summary: ({ allowed, needApproval, denied, failed }) => {
    const all = allowed + needApproval + denied + failed;
    return `${all} ${all === 1 ? 'program' : 'programs'}: ${allowed} allowed, ${needApproval} ${needApproval === 1 ? 'needs' : 'need'} approval, ${denied} denied, ${failed} could not be judged`;
  },
  decisionRule: (reason) => `The program is not simply allowed, for a reason beside the rules: ${reason}.`,
  unknownRule: (id, nearest) => `There is no rule "${id}". Nearest: ${nearest}. "sekisho rules" lists all.`,
  rule: { forbids: 'Forbids', allows: 'Leaves alone', remedy: 'Instead', languages: 'Languages' },
};

const ja: Words = {
  decision: { Allow: '許可', RequireApproval: '承認が必要', Deny: '拒否' },
  problem: {
    missing: () => 'そのようなファイルもフォルダーもありません。パスを確認してください。',
    forbidden: () => '読み取る権限がありません。権限を付けてください。',
    unreadable: () => '読み取れません。ファイルかフォルダーを指定してください。',
    large: (limit) =>
      `${limit / KIB} KiB を超えています。判定できる上限です。分割するか、データを外に移してください。`,
    encoding: () => 'UTF-8 ではありません。UTF-8 で保存してください。',
    empty: () => '何も入力されませんでした。プログラムを渡してください。',
  },
  unknownLanguage:
    '拡張子からも最初の行からも言語が分かりません。--language で Python、JavaScript、TypeScript、Bash のどれかを指定してください。',
  emptyFolder:
    'フォルダーにプログラムも CodeExecutionRequest もありません。それらのあるフォルダーを指定してください。',
  manyFiles: (limit) =>
    `フォルダーのファイルが ${limit} 個を超えるため、残りは読んでいません。小さいフォルダーを指定してください。`,
  notYaml: (line, reason) => `${line} 行目が YAML ではありません（${reason}）。修正してください。`,
  noRequest: 'CodeExecutionRequest がありません。それを含むファイルか、プログラムを指定してください。',
  noneOfKind: (kind) => `${kind} がありません。それを含むファイルを指定してください。`,
  otherVersion: (version) =>
    `apiVersion が ${version} ですが、このコマンドが扱うのは sekisho.dev/v1alpha1 です。修正してください。`,
  unknownField: (path, known) =>
    `${path} は知られていません。名前を直すか、取り除いてください。使えるのは ${known} です。`,
  duplicate: (path) => `${path} はリストに重複しています。取り除いてください。`,
  otherRole: (role, known) =>
    `spec.role は "${role}" ですが、--role のファイルには ${known} しかありません。"${role}" を含むファイルを指定してください。`,
  severalRoles: (roles) =>
    `--role のファイルに複数のロール（${roles}）がありますが、リクエストでないプログラムはロールを選べません。ロールが 1 つのファイルを指定してください。`,
  notJson: '行が JSON オブジェクトではありません。例：{"id": 1, "language": "Python", "code": "print(1)"}',
  wrongLine: (field) => `${field} は文字列か数値でなければなりません。各プログラムに id を付けてください。`,
  longLine: (limit) => `行が ${limit / KIB} KiB を超えています。プログラムを小さくしてください。`,
  error: 'エラー',
  head: (decision, risk) => `${decision}（リスク ${risk}/100）`,
  risk: 'リスク',
  notEnforced: (text) => `強制なし（ポリシーのモードは Warn）: ${text}`,
  refusedBy: (rules) => `${rules} により禁止されています。`,
  more: (count) => `ほか ${count} 件`,
  summary: ({ allowed, needApproval, denied, failed }) =>
    `プログラム ${allowed + needApproval + denied + failed} 件: 許可 ${allowed}、承認が必要 ${needApproval}、拒否 ${denied}、判定できず ${failed}`,
  decisionRule: (reason) => `規則とは別の理由により、そのままでは許可されません: ${reason}。`,
  unknownRule: (id, nearest) =>
    `規則 "${id}" はありません。近いもの: ${nearest}。"sekisho rules" で一覧を表示します。`,
  rule: { forbids: '禁止するもの', allows: '対象としないもの', remedy: '代わりに', languages: '言語' },
};

export const WORDS: Readonly<Record<Locale, Words>> = { en, ja };
