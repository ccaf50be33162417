/** Imports run one way. CONTRIBUTING.md shows the same table to people; the last test holds the two together. */
import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { filesBelow, importsOf, textAt } from './imports.ts';

interface Layer {
  /** Folders of src that it may use at run time. */
  readonly folders: readonly string[];
  /** Folders of which it may use types. */
  readonly folderTypes?: readonly string[];
  /** Packages that it may load. */
  readonly packages: readonly string[];
  /** Packages of which it may use types. */
  readonly packageTypes?: readonly string[];
}

const CLIENT = '@kubernetes/client-node';

const LAYERS: Readonly<Record<string, Layer>> = {
  api: { folders: [], packages: ['zod'] },
  core: { folders: ['api'], packages: ['node:crypto'] },
  objects: { folders: ['api', 'core'], packages: [], packageTypes: [CLIENT] },
  kube: {
    folders: [],
    packages: [CLIENT, 'undici', 'node:crypto', 'node:fs/promises'],
  },
  telemetry: {
    folders: [],
    packages: [
      'pino',
      'prom-client',
      '@opentelemetry/api',
      '@opentelemetry/exporter-trace-otlp-proto',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
      'node:http',
    ],
  },
  probe: { folders: [], packages: ['node:fs', 'node:fs/promises', 'node:net'] },
  'analysis-worker': { folders: ['core'], packages: ['node:worker_threads'] },
  judging: { folders: ['api', 'core', 'kube', 'gateway'], packages: ['re2js'], packageTypes: ['zod'] },
  notifications: {
    folders: ['kube'],
    folderTypes: ['core'],
    packages: ['node:crypto', 'node:fs/promises', 'node:https', 'node:path'],
  },
  controller: {
    folders: ['api', 'core', 'objects', 'kube', 'judging'],
    folderTypes: ['telemetry'],
    packages: [],
    packageTypes: [CLIENT],
  },
  serving: { folders: [], packages: ['node:fs/promises', 'node:path'], packageTypes: ['node:http'] },
  webhook: {
    folders: ['api', 'kube', 'judging', 'telemetry', 'serving'],
    folderTypes: ['core', 'analysis-worker'],
    packages: ['selfsigned', 'node:crypto', 'node:https'],
    packageTypes: ['node:http', 'node:net'],
  },
  'gateway-cluster': {
    folders: ['api', 'core', 'kube', 'objects', 'judging', 'gateway', 'telemetry'],
    packages: [],
    packageTypes: [CLIENT],
  },
  gateway: {
    folders: ['api', 'core', 'serving'],
    packages: [
      '@modelcontextprotocol/client',
      '@modelcontextprotocol/server',
      'ajv/dist/2020.js',
      'express',
      're2js',
      'undici',
      'node:async_hooks',
      'node:dns/promises',
      'node:http',
      'node:net',
    ],
    packageTypes: ['node:stream'],
  },
  console: {
    folders: ['api', 'core', 'kube', 'judging', 'telemetry', 'serving'],
    packages: ['express', 'node:crypto', 'node:fs/promises', 'node:http', 'node:https', 'node:path'],
  },
  'console-page': { folders: [], folderTypes: ['console'], packages: ['preact', 'preact/hooks'] },
  cli: {
    folders: ['api', 'core', 'kube', 'judging', 'analysis-worker', 'gateway'],
    packages: [
      '@modelcontextprotocol/client',
      'commander',
      'js-yaml',
      'zod',
      'node:fs',
      'node:fs/promises',
      'node:os',
      'node:path',
      'node:readline/promises',
      'node:url',
    ],
    packageTypes: ['node:fs', 'node:stream'],
  },
};

/** The parsers are loaded by the files of the languages alone; the readers walk what the parsers give. */
const NARROWER: Readonly<Record<string, Pick<Layer, 'packages' | 'packageTypes'>>> = {
  'core/view': { packages: ['diff'] },
  'core/analysis': { packages: ['re2js', '@bufbuild/cel'] },
  'core/analysis/languages': { packages: ['@babel/parser', 'py-ast', 'unbash'] },
  'core/analysis/python': { packages: [], packageTypes: ['py-ast'] },
  'core/analysis/javascript': { packages: [], packageTypes: ['@babel/types'] },
  'core/analysis/bash': { packages: ['unbash'] },
};

/** Bundled for browsers: no other folder may load them, and they are no part of the operator. */
const PAGES = ['console-page'];

/** Files beside the folders. */
const FILES: Readonly<Record<string, Layer>> = {
  'config.ts': { folders: ['notifications'], packages: ['zod', 'node:util'] },
  'main.ts': {
    folders: [...Object.keys(LAYERS).filter((name) => !PAGES.includes(name)), 'config.ts'],
    packages: ['node:crypto', 'node:os', 'node:url'],
  },
};

const pathInSource = (path: string): string => path.replace(/^src\//, '');
const topOf = (path: string): string => path.split('/')[0] ?? '';

function layerOf(path: string): Layer | undefined {
  const layer = path.includes('/') ? LAYERS[topOf(path)] : FILES[path];
  const narrower = NARROWER[posix.dirname(path)];
  if (!layer || !narrower) return layer;
  return {
    ...layer,
    packages: [...layer.packages, ...narrower.packages],
    packageTypes: [...(layer.packageTypes ?? []), ...(narrower.packageTypes ?? [])],
  };
}

/** What a file of src imports although it may not, as sentences. */
function objectionsTo(path: string, source: string): readonly string[] {
  const layer = layerOf(path);
  if (!layer) return [`${path}: no layer is declared for it`];
  const { folders, folderTypes = [], packages, packageTypes = [] } = layer;
  return importsOf(source).flatMap(({ specifier, typeOnly }) => {
    const isFile = specifier.startsWith('.');
    const target = isFile ? topOf(posix.join(posix.dirname(path), specifier)) : specifier;
    const own = isFile && path.includes('/') && target === topOf(path);
    const atRunTime = isFile ? folders : packages;
    const asTypes = [...atRunTime, ...(isFile ? folderTypes : packageTypes)];
    if (own || (typeOnly ? asTypes : atRunTime).includes(target)) return [];
    return [`${path} may not import ${typeOnly ? 'types of ' : ''}${specifier}`];
  });
}

const sources = [...filesBelow('src', '.ts'), ...filesBelow('src', '.tsx')];

test('every file imports only what its layer may', () => {
  expect(sources.flatMap((path) => objectionsTo(pathInSource(path), textAt(path)))).toEqual([]);
});

test('no layer leads back to itself', () => {
  const reached = (from: string, seen: ReadonlySet<string>): readonly string[] => {
    if (seen.has(from)) return [from];
    const { folders = [], folderTypes = [] } = LAYERS[from] ?? {};
    return [...folders, ...folderTypes].flatMap((to) => reached(to, new Set([...seen, from])));
  };
  expect(Object.keys(LAYERS).flatMap((folder) => reached(folder, new Set()))).toEqual([]);
});

test('the table has no permission that nobody uses', () => {
  const used = new Map<string, Set<string>>();
  for (const path of sources.map(pathInSource).filter((one) => one.includes('/'))) {
    const layer = used.get(topOf(path)) ?? new Set();
    for (const { specifier, typeOnly } of importsOf(textAt(`src/${path}`))) {
      const isFile = specifier.startsWith('.');
      const target = isFile ? topOf(posix.join(posix.dirname(path), specifier)) : specifier;
      layer.add(`${target}${typeOnly ? ' (types)' : ''}`);
    }
    used.set(topOf(path), layer);
  }
  const unused = Object.entries(LAYERS).flatMap(([folder, layer]) => [
    ...[...layer.folders, ...layer.packages]
      .filter((target) => !used.get(folder)?.has(target))
      .map((target) => `${folder} → ${target}`),
    ...[...(layer.folderTypes ?? []), ...(layer.packageTypes ?? [])]
      .filter((target) => !used.get(folder)?.has(`${target} (types)`))
      .map((target) => `${folder} → ${target} (types)`),
  ]);
  expect(unused).toEqual([]);
});

describe('what is not allowed is found in every form', () => {
  test.each([
    ['import', "import { z } from '../kube/client.ts';"],
    ['import for its effect', "import '../kube/client.ts';"],
    ['import type', "import type { KubeClient } from '../kube/client.ts';"],
    ['inline type', "import { type KubeClient } from '../kube/client.ts';"],
    ['export from', "export { z } from '../kube/client.ts';"],
    ['export all', "export * from '../kube/client.ts';"],
    ['import()', "const kube = await import('../kube/client.ts');"],
    ['import() of a variable', 'const load = (name: string) => import(name);'],
    ['type of import()', "type Client = import('../kube/client.ts').KubeClient;"],
    ['require()', "const kube = require('../kube/client.ts');"],
    ['import =', "import kube = require('../kube/client.ts');"],
    ['a package', "import fs from 'node:fs';"],
    ['the client of Kubernetes', "import type { V1Job } from '@kubernetes/client-node';"],
    ['a parser outside the analysis', "import { parse } from 'py-ast';"],
    ['the page of the console', "import { App } from '../console-page/app.tsx';"],
  ])('%s', (_form, source) => {
    expect(objectionsTo('core/decide.ts', source)).toHaveLength(1);
  });

  test('a value where only types may be used', () => {
    expect(objectionsTo('objects/job.ts', `import { V1Job } from '${CLIENT}';`)).toHaveLength(1);
    expect(objectionsTo('objects/job.ts', `import type { V1Job } from '${CLIENT}';`)).toEqual([]);
  });

  test('the server of the console in its page, beside types', () => {
    const path = 'console-page/app.tsx';
    expect(objectionsTo(path, "import { createApp } from '../console/app.ts';")).toHaveLength(1);
    expect(objectionsTo(path, "import type { Shown } from '../console/contract.ts';")).toEqual([]);
  });

  test('a folder that the table does not know', () => {
    expect(objectionsTo('helpers/text.ts', '')).toEqual(['helpers/text.ts: no layer is declared for it']);
    expect(objectionsTo('helpers.ts', '')).toHaveLength(1);
  });
});

describe('the pure layers stay pure', () => {
  // Time, randomness and environment come in as arguments. Comments and texts may speak of them.
  const IMPURE =
    /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|process\.(env|argv|exit|stdout|stderr)|randomUUID|randomBytes)\b|(?<![\w.])(fetch|setTimeout|setInterval)\(/;
  const pure = sources.filter((path) => /^src\/(api|core|objects)\//.test(path));
  const code = (text: string) =>
    text
      .replaceAll(/\/\*[^]*?\*\//g, '')
      .replaceAll(/^\s*\/\/.*$/gm, '')
      .replaceAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "''");
  test('no clock, chance or environment', () => {
    expect(pure.filter((path) => IMPURE.test(code(textAt(path))))).toEqual([]);
  });
});

test('CONTRIBUTING.md shows this table', () => {
  const list = (words: readonly string[], types: readonly string[] = []): string =>
    [...words.map((word) => `\`${word}\``), ...types.map((word) => `\`${word}\` (types)`)].join(' ') || '–';
  const rows = Object.entries(LAYERS).map(
    ([folder, { folders, folderTypes, packages, packageTypes }]) =>
      `| \`${folder}\` | ${list(folders, folderTypes)} | ${list(packages, packageTypes)} |`,
  );
  const shown = textAt('CONTRIBUTING.md').split('\n');
  expect(rows.filter((row) => !shown.includes(row))).toEqual([]);
});
