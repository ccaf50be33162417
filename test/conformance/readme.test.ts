/** The documents name only what is there: commands, scripts, files; and no path of one machine. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { textAt } from './imports.ts';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'helm/sekisho/README.md',
  'local-cluster/README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((path) => [path, textAt(path)] as const);

const all = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, word]) => word ?? '')),
];

const targets = new Set(all(textAt('Makefile'), /^([a-z]+):/gm));
const scripts = new Set(
  Object.keys((JSON.parse(textAt('package.json')) as { scripts: Readonly<Record<string, string>> }).scripts),
);

/** Texts that are code: between backticks, or in a block. */
const codeOf = (text: string): string =>
  [...text.matchAll(/`([^`\n]+)`|^ {4}(.*)$|^```[^\n]*\n([^]*?)^```/gm)]
    .map(([, word, line, block]) => word ?? line ?? block ?? '')
    .join('\n');

describe.each(documents)('%s', (path, text) => {
  const code = codeOf(text);
  test('every make target exists', () => {
    expect(all(code, /\bmake ([a-z]+)\b/g).filter((name) => !targets.has(name))).toEqual([]);
  });
  test('every npm script exists', () => {
    const named = all(code, /\bnpm run (?:--silent )?([a-z:0-9]+)/g);
    expect(named.filter((name) => !scripts.has(name))).toEqual([]);
  });
  test('every file of the repository that is named exists', () => {
    const base = path.startsWith('local-cluster/') ? 'local-cluster' : '.';
    const named = all(
      code,
      /(?<![\w/.:@$-])((?:src|scripts|test|examples|helm|crds|manifests|images|docs)\/[A-Za-z0-9_./-]*[A-Za-z0-9_/])(?![\w<>{*])/g,
    );
    expect(named.filter((name) => !existsSync(name) && !existsSync(join(base, name)))).toEqual([]);
  });
  test('every link leads somewhere', () => {
    const prose = text.replaceAll(/`[^`\n]+`/g, '');
    const links = all(prose, /\]\((?!https?:|#)([^)#\s]+)/g);
    expect(links.filter((link) => !existsSync(join(dirname(path), link)))).toEqual([]);
  });
  test('no path of one machine', () => {
    expect(all(text, /((?<![\w.-])\/(?:home|root|work|Users)\/\S+)/g)).toEqual([]);
  });
});

test('README.md names the two commands', () => {
  expect(textAt('README.md')).toMatch(/^ {4}make demo/m);
  expect(textAt('README.md')).toMatch(/^ {4}make test/m);
});
