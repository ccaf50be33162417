/** What stands in a list has a file, and what has a file stands in its list: nothing is forgotten, nothing is left over. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { resultReason } from '../../src/api/v1alpha1/code-execution-request.ts';
import { KINDS } from '../../src/api/v1alpha1/kinds.ts';
import { language } from '../../src/api/v1alpha1/names.ts';
import { languages } from '../../src/core/analysis/languages/index.ts';
import { rules } from '../../src/core/analysis/rules/index.ts';
import { CONDITIONS } from '../../src/core/conditions/index.ts';
import { INTERPRETERS } from '../../src/objects/interpreters.ts';

/** Names of the files of a folder, without ending, but for some. */
const namesIn = (folder: string, ...but: readonly string[]): readonly string[] =>
  readdirSync(folder)
    .map((name) => basename(basename(name, '.ts'), '.yaml'))
    .filter((name) => !but.includes(name))
    .toSorted();

const kebab = (name: string): string => name.replaceAll(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
const sorted = (names: readonly string[]): readonly string[] => names.toSorted();

// test/rules/rules.test.ts holds them to their contract and their examples.
describe('rules', () => {
  const ids = rules.map(({ id }) => id.toLowerCase());
  test('files are the list', () => {
    expect(namesIn('src/core/analysis/rules', 'index')).toEqual(sorted(ids));
  });
});

describe('languages', () => {
  const names = languages.map(({ name }) => name);
  test('files are the list', () => {
    expect(namesIn('src/core/analysis/languages', 'index', 'language')).toEqual(
      sorted(names.map((name) => name.toLowerCase())),
    );
  });
  test('what a request may name can be read and run, and nothing else', () => {
    expect(sorted(names)).toEqual(sorted(language.options));
    expect(sorted(Object.keys(INTERPRETERS))).toEqual(sorted(names));
  });
});

describe('conditions', () => {
  test('files are the list', () => {
    expect(namesIn('src/core/conditions', 'index', 'condition')).toEqual(
      sorted(CONDITIONS.map(({ type }) => kebab(type))),
    );
  });
  test('each has a meaning, and each reason a sentence', () => {
    for (const { type, meaning, reasons } of CONDITIONS) {
      for (const text of [meaning, ...Object.values(reasons)]) {
        expect([type, text]).toEqual([type, expect.stringMatching(/^[A-Z].*\.$/)]);
      }
    }
  });
  test('every way in which a run may end is a reason of Succeeded', () => {
    const succeeded = CONDITIONS.find(({ type }) => type === 'Succeeded');
    expect(Object.keys(succeeded?.reasons ?? {})).toEqual(expect.arrayContaining([...resultReason.options]));
  });
});

describe('kinds', () => {
  const FOLDER = 'src/api/v1alpha1';
  const isKind = async (name: string): Promise<boolean> => {
    const exports = (await import(`../../${FOLDER}/${name}.ts`)) as Record<string, unknown>;
    return Object.values(exports).some(
      (value) => typeof value === 'object' && value !== null && Object.hasOwn(value, 'spec'),
    );
  };
  test('every file with a spec is in the list, and the other way round', async () => {
    const names = namesIn(FOLDER, 'kinds');
    const kinds = await Promise.all(names.map(async (name) => ((await isKind(name)) ? [name] : [])));
    expect(kinds.flat()).toEqual(sorted(KINDS.map(({ kind }) => kebab(kind))));
  });
  test.each(['crds', 'helm/sekisho/templates/crds'])('%s holds each, and nothing else', (folder) => {
    expect(namesIn(folder)).toEqual(sorted(KINDS.map(({ plural }) => plural)));
  });
});
