import { z } from 'zod';
import { inputTexts } from './input.ts';
import { storedBytes } from './stored-bytes.ts';
import {
  codeExecutionRequest,
  MAX_CODE_BYTES,
  MAX_INPUT_BYTES,
  MAX_STORED_BYTES,
} from './v1alpha1/code-execution-request.ts';
import type { RequestSpec, RequestStatus } from './v1alpha1/code-execution-request.ts';
import { executionApproval } from './v1alpha1/execution-approval.ts';
import type { ApprovalSpec } from './v1alpha1/execution-approval.ts';
import { executionPolicy } from './v1alpha1/execution-policy.ts';
import type { PolicySpec } from './v1alpha1/execution-policy.ts';
import { executionQuota } from './v1alpha1/execution-quota.ts';
import type { QuotaSpec } from './v1alpha1/execution-quota.ts';
import { executionRole } from './v1alpha1/execution-role.ts';
import type { RoleSpec } from './v1alpha1/execution-role.ts';
import { plugin, pluginName } from './v1alpha1/plugin.ts';
import type { PluginSpec } from './v1alpha1/plugin.ts';
import { sandboxClass } from './v1alpha1/sandbox-class.ts';
import type { ClassSpec } from './v1alpha1/sandbox-class.ts';

/** What every stored object carries; only the fields that Sekisho reads. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly generation: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
}

export interface CodeExecutionRequest {
  readonly metadata: Metadata;
  readonly spec: RequestSpec;
  readonly status: RequestStatus;
}
export interface ExecutionApproval {
  readonly metadata: Metadata;
  readonly spec: ApprovalSpec;
}
export interface ExecutionRole {
  readonly metadata: Metadata;
  readonly spec: RoleSpec;
}
export interface ExecutionPolicy {
  readonly metadata: Metadata;
  readonly spec: PolicySpec;
}
export interface ExecutionQuota {
  readonly metadata: Metadata;
  readonly spec: QuotaSpec;
}
export interface Plugin {
  readonly metadata: Metadata;
  readonly spec: PluginSpec;
}
export interface SandboxClass {
  readonly metadata: Metadata;
  readonly spec: ClassSpec;
}

/** One wrong field: where, what stands there, what would be right. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly FieldError[] };

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : `${text}${text ? '.' : ''}${String(part)}`,
    '',
  );

function parse<T>(schema: z.ZodType<T>, value: unknown, root: string): Parsed<T> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  return {
    ok: false,
    errors: result.error.issues.map((issue) => ({
      path: pathOf([root, ...issue.path]),
      message: issue.message,
    })),
  };
}

interface Raw {
  readonly metadata?: unknown;
  readonly spec?: unknown;
  readonly status?: unknown;
}

const metadata = z.object({
  name: z.string().default(''),
  namespace: z.string().optional(),
  uid: z.string().default(''),
  generation: z.number().default(1),
  creationTimestamp: z.string().default(''),
  deletionTimestamp: z.string().optional(),
});

function parseObject<S>(spec: z.ZodType<S>, value: unknown): Parsed<{ metadata: Metadata; spec: S }> {
  const raw = (value ?? {}) as Raw;
  const meta = parse(metadata, raw.metadata ?? {}, 'metadata');
  if (!meta.ok) return meta;
  const parsed = parse(spec, raw.spec, 'spec');
  return parsed.ok ? { ok: true, value: { metadata: meta.value as Metadata, spec: parsed.value } } : parsed;
}

/** An unknown value → a request with defaults filled in, or every wrong field. An unreadable status counts as none. */
export function parseRequest(value: unknown): Parsed<CodeExecutionRequest> {
  const parsed = parseObject(codeExecutionRequest.spec, value);
  if (!parsed.ok) return parsed;
  const status = codeExecutionRequest.status.safeParse(((value ?? {}) as Raw).status ?? {});
  return { ok: true, value: { ...parsed.value, status: status.success ? status.data : {} } };
}

export const parseApproval = (value: unknown): Parsed<ExecutionApproval> =>
  parseObject(executionApproval.spec, value);
export const parseRole = (value: unknown): Parsed<ExecutionRole> => parseObject(executionRole.spec, value);
export const parsePolicy = (value: unknown): Parsed<ExecutionPolicy> =>
  parseObject(executionPolicy.spec, value);
export const parseQuota = (value: unknown): Parsed<ExecutionQuota> => parseObject(executionQuota.spec, value);
/** The name counts too: RFC 1123 allows dots, which would make plugin.operation ambiguous. */
export function parsePlugin(value: unknown): Parsed<Plugin> {
  const parsed = parseObject(plugin.spec, value);
  if (!parsed.ok) return parsed;
  const name = parse(pluginName, parsed.value.metadata.name, 'metadata.name');
  return name.ok ? parsed : name;
}
export const parseClass = (value: unknown): Parsed<SandboxClass> => parseObject(sandboxClass.spec, value);

const utf8Length = (text: string | undefined): number =>
  text === undefined ? 0 : new TextEncoder().encode(text).length;

const WORDS = {
  size: {
    en: (field: string, bytes: number, limit: number) =>
      `${field} has ${bytes} bytes of UTF-8; at most ${limit} are allowed. Split the program or move data out of it.`,
    ja: (field: string, bytes: number, limit: number) =>
      `${field} は UTF-8 で ${bytes} バイトあります。上限は ${limit} バイトです。プログラムを分割するか、データを外に移してください。`,
  },
  stored: {
    en: (bytes: number) =>
      `spec takes ${bytes} bytes where it is stored; at most ${MAX_STORED_BYTES} are allowed. Control characters, <, > and & take six bytes each there: move such data out of it.`,
    ja: (bytes: number) =>
      `spec は保存時に ${bytes} バイトになります。上限は ${MAX_STORED_BYTES} バイトです。制御文字と <、>、& は保存時にそれぞれ 6 バイトになります。そのようなデータは外に移してください。`,
  },
  encoding: {
    en: (field: string) =>
      `${field} contains U+FFFD, the mark that decoders leave where bytes were not UTF-8. Send the text as UTF-8; write a wanted U+FFFD as an escape.`,
    ja: (field: string) =>
      `${field} に U+FFFD が含まれています。UTF-8 でないバイト列を読んだときに残る印です。UTF-8 で送ってください。この文字が必要ならエスケープで書いてください。`,
  },
  duplicate: {
    en: (field: string, path: string) =>
      `${field} names "${path}", which is the name of the program itself. Choose another path.`,
    ja: (field: string, path: string) =>
      `${field} の "${path}" はプログラム自身の名前です。別のパスにしてください。`,
  },
  client: {
    en: (field: string, path: string) =>
      `${field} is "${path}", where Sekisho puts the client module of plugins. Choose another path.`,
    ja: (field: string, path: string) =>
      `${field} の "${path}" には Sekisho がプラグイン用のモジュールを置きます。別のパスにしてください。`,
  },
} as const;

/** File name of the program in /workspace. */
export const MAIN_FILE: Readonly<Record<RequestSpec['language'], string>> = {
  Python: 'main.py',
  JavaScript: 'main.js',
  TypeScript: 'main.ts',
  Bash: 'main.sh',
};

/** Where the client module of plugins lies in /workspace. */
const CLIENT_PATH = /^(sekisho\.py|sekisho\/.*|node_modules\/sekisho\/.*)$/;

/** What the schema cannot say: sizes in bytes, text that was not UTF-8, a file in the program's own place. */
export function checkInput(spec: RequestSpec): readonly FieldError[] {
  const { locale } = spec;
  const errors: FieldError[] = [];
  let total = 0;
  for (const [path, text] of inputTexts(spec)) {
    const bytes = utf8Length(text);
    total += bytes;
    if (bytes > MAX_CODE_BYTES)
      errors.push({ path, message: WORDS.size[locale](path, bytes, MAX_CODE_BYTES) });
    if (text?.includes('\uFFFD')) errors.push({ path, message: WORDS.encoding[locale](path) });
  }
  if (total > MAX_INPUT_BYTES)
    errors.push({
      path: 'spec',
      message: WORDS.size[locale]('spec', total, MAX_INPUT_BYTES),
    });
  const stored = storedBytes(spec);
  if (stored > MAX_STORED_BYTES) errors.push({ path: 'spec', message: WORDS.stored[locale](stored) });
  (spec.files ?? []).forEach((file, index) => {
    const path = `spec.files[${index}].path`;
    if (file.path === MAIN_FILE[spec.language])
      errors.push({ path, message: WORDS.duplicate[locale](path, file.path) });
    if ((spec.plugins ?? []).length > 0 && CLIENT_PATH.test(file.path))
      errors.push({ path, message: WORDS.client[locale](path, file.path) });
  });
  return errors;
}
