import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../src/core/analysis/engine.ts';
import { languages } from '../../src/core/analysis/languages/index.ts';
import type { LanguageName } from '../../src/core/analysis/report.ts';
import type { Rule } from '../../src/core/analysis/rule.ts';
import { objectionsTo } from '../../src/core/analysis/rule.ts';
import { rules } from '../../src/core/analysis/rules/index.ts';

const ROOT = import.meta.dirname;
const folders = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const folderOf = ({ id }: Rule): string => id.toLowerCase();

interface Mark {
  readonly kind: string;
  readonly rule: string;
  /** The line after the mark. */
  readonly line: number;
}

function marksIn(text: string): readonly Mark[] {
  return text.split('\n').flatMap((line, index) => {
    const [, kind, rule] = /^\s*(?:#|\/\/)\s*(ruleid|ok): ([A-Z0-9-]+)\s*$/.exec(line) ?? [];
    return kind !== undefined && rule !== undefined ? [{ kind, rule, line: index + 2 }] : [];
  });
}

/** The actions that a program's request declares, in a line `declares: a, b`. */
const declaredIn = (text: string): readonly string[] =>
  /^\s*(?:#|\/\/)\s*declares: (.+)$/m.exec(text)?.[1]?.split(/,\s*/) ?? [];

function languageOf(file: string): LanguageName {
  const ending = file.slice(file.lastIndexOf('.') + 1);
  const language = languages.find(({ extensions }) => extensions.includes(ending));
  if (!language) throw new Error(`${file} is in no known language`);
  return language.name;
}

const familyOf = (file: string): string =>
  languages.find(({ name }) => name === languageOf(file))?.family ?? '';

describe('the list of rules', () => {
  it('holds to the contract', () => {
    expect(objectionsTo(rules)).toEqual([]);
  });

  it('names each file of the folder, and nothing else', () => {
    const files = readdirSync(join(ROOT, '../../src/core/analysis/rules')).filter(
      (file) => file !== 'index.ts',
    );
    expect(files.toSorted()).toEqual(rules.map((rule) => `${folderOf(rule)}.ts`).toSorted());
  });

  it('has fixtures for each rule, and for nothing else', () => {
    expect(folders.toSorted()).toEqual(rules.map(folderOf).toSorted());
  });
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const folder = join(ROOT, folderOf(rule));
  const files = readdirSync(folder).map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));

  it.each(rule.languages)('is shown to find and to leave alone in %s', (language) => {
    const marks = files
      .filter(({ file }) => familyOf(file) === language)
      .flatMap(({ text }) => marksIn(text));
    expect(marks.some(({ kind }) => kind === 'ruleid')).toBe(true);
    expect(marks.some(({ kind }) => kind === 'ok')).toBe(true);
  });

  it.each(files)('finds exactly what is marked in $file', ({ file, text }) => {
    const marks = marksIn(text);
    expect(marks.filter((mark) => mark.rule !== id)).toEqual([]);
    const lines = new Set(text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [index + 1])));
    expect(marks.filter(({ line }) => !lines.has(line))).toEqual([]);
    const report = analyse({ language: languageOf(file), code: text }, { declared: declaredIn(text) });
    const found = new Set(report.findings.filter((finding) => finding.rule === id).map(({ line }) => line));
    const want = new Set(marks.filter(({ kind }) => kind === 'ruleid').map(({ line }) => line));
    expect([...found].toSorted((a, b) => a - b)).toEqual([...want].toSorted((a, b) => a - b));
  });
});
