import type { z } from 'zod';
import { codeExecutionRequest } from '../api/v1alpha1/code-execution-request.ts';
import type { FieldError } from '../api/parse.ts';
import type { Locale } from '../api/v1alpha1/names.ts';
import { clipped } from './characters.ts';
import { fieldsOf } from './fields.ts';

type Issue = z.core.$ZodIssue;

/** How a field that a pattern describes looks when it is right, by the last name of its path. */
const EXAMPLES: Readonly<Record<string, string>> = {
  cpu: '300m',
  memory: '100Mi',
  scratch: '64Mi',
  path: 'data/input.csv',
  role: 'user',
  sandboxClassName: 'default',
  actions: 'read_calendar',
  plugins: 'calendar',
};

const TYPES: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  en: {
    string: 'a string',
    int: 'a whole number',
    number: 'a number',
    array: 'a list',
    object: 'an object',
    record: 'an object',
    boolean: 'true or false',
  },
  ja: {
    string: '文字列',
    int: '整数',
    number: '数値',
    array: 'リスト',
    object: 'オブジェクト',
    record: 'オブジェクト',
    boolean: '真偽値',
  },
};

type Origin = 'characters' | 'entries' | 'value';

const WORDS = {
  en: {
    missing: (path: string, type: string) => `${path} is missing. Add it: ${type}.`,
    type: (path: string, value: string, type: string) =>
      `${path} is ${value}, but must be ${type}. Correct it.`,
    choice: (path: string, value: string, choices: string) =>
      `${path} is ${value}, which is not known. Use one of: ${choices}.`,
    least: (path: string, value: string, bound: string, origin: Origin) =>
      origin === 'value'
        ? `${path} is ${value}, but must be at least ${bound}. Raise it.`
        : `${path} has ${value} ${origin}, but must have at least ${bound}. Fill it in.`,
    most: (path: string, value: string, bound: string, origin: Origin) =>
      origin === 'value'
        ? `${path} is ${value}, but must be at most ${bound}. Lower it.`
        : `${path} has ${value} ${origin}, but may have at most ${bound}. Shorten it.`,
    form: (path: string, value: string, example: string | undefined) =>
      `${path} is ${value}, which has the wrong form. ${example === undefined ? '"kubectl explain cer.spec" shows the right one.' : `Write it like ${example}.`}`,
    other: (path: string, value: string, message: string) => `${path} is ${value}: ${message}. Correct it.`,
  },
  ja: {
    missing: (path: string, type: string) => `${path} がありません。${type}で指定してください。`,
    type: (path: string, value: string, type: string) =>
      `${path} が ${value} ですが、${type}でなければなりません。修正してください。`,
    choice: (path: string, value: string, choices: string) =>
      `${path} の ${value} は使えません。次のどれかにしてください：${choices}。`,
    least: (path: string, value: string, bound: string, origin: Origin) =>
      origin === 'value'
        ? `${path} が ${value} です。${bound} 以上にしてください。`
        : `${path} は ${value} ${origin === 'characters' ? '文字' : '件'}です。${bound} 以上にしてください。`,
    most: (path: string, value: string, bound: string, origin: Origin) =>
      origin === 'value'
        ? `${path} が ${value} です。${bound} 以下にしてください。`
        : `${path} は ${value} ${origin === 'characters' ? '文字' : '件'}です。${bound} 以下に減らしてください。`,
    form: (path: string, value: string, example: string | undefined) =>
      `${path} の ${value} は書式が違います。${example === undefined ? '"kubectl explain cer.spec" で確認してください。' : `例：${example}`}`,
    other: (path: string, value: string, message: string) =>
      `${path} の ${value} は使えません（${message}）。修正してください。`,
  },
} as const;

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    'spec',
  );

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

/** A value as people get to see it: short, and never a whole program. */
function shown(value: unknown): string {
  return clipped(JSON.stringify(value) ?? 'undefined', 64);
}

const exampleFor = (path: readonly PropertyKey[]): string | undefined => {
  const name = path.findLast((part) => typeof part === 'string');
  return typeof name === 'string' && Object.hasOwn(EXAMPLES, name) ? EXAMPLES[name] : undefined;
};

function sizeOf(value: unknown): { readonly origin: Origin; readonly size: string } {
  if (typeof value === 'string') return { origin: 'characters', size: String(value.length) };
  if (Array.isArray(value)) return { origin: 'entries', size: String(value.length) };
  return { origin: 'value', size: shown(value) };
}

function sentenceFor(issue: Issue, spec: unknown, locale: Locale): string {
  const path = pathText(issue.path);
  const value = valueAt(spec, issue.path);
  const words = WORDS[locale];
  const { origin, size } = sizeOf(value);
  switch (issue.code) {
    case 'invalid_type': {
      const type = TYPES[locale][issue.expected] ?? issue.expected;
      return value === undefined ? words.missing(path, type) : words.type(path, shown(value), type);
    }
    case 'invalid_value': {
      const choices = issue.values.map(String).join(', ');
      return value === undefined ? words.missing(path, choices) : words.choice(path, shown(value), choices);
    }
    case 'too_small':
      return words.least(path, size, String(issue.minimum), origin);
    case 'too_big':
      return words.most(path, size, String(issue.maximum), origin);
    case 'invalid_format':
      return words.form(path, shown(value), exampleFor(issue.path));
    default:
      return words.other(path, shown(value), issue.message);
  }
}

/** The language in which a spec that may be broken wants its answers. */
export const localeOf = (spec: unknown): Locale => (fieldsOf(spec)['locale'] === 'ja' ? 'ja' : 'en');

/** Every wrong field of a spec, one sentence each: field, value, remedy. Empty when the schema has no objection. */
export function fieldSentences(spec: unknown): readonly FieldError[] {
  const result = codeExecutionRequest.spec.safeParse(spec);
  if (result.success) return [];
  const locale = localeOf(spec);
  return result.error.issues.map((issue) => ({
    path: pathText(issue.path),
    message: sentenceFor(issue, spec, locale),
  }));
}
