import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as yaml from 'js-yaml';
import { parseClass, parseRequest } from '../../src/api/parse.ts';
import { configMapFor, needsConfigMap } from '../../src/objects/config-map.ts';
import { jobFor } from '../../src/objects/job.ts';
import { aSandbox } from './sandbox-job.ts';

/** test/golden/CASE/request.yaml (a request, and after it the class) → expected.yaml. `UPDATE_GOLDEN=1` writes them anew. */
const DIRECTORY = join(import.meta.dirname, '..', 'golden');
const CASES = {
  'python-inline': { runtimeClassName: undefined, userNamespace: true },
  'python-config-map': { runtimeClassName: undefined, userNamespace: true },
  'typescript-gvisor': { runtimeClassName: 'gvisor', userNamespace: false },
} as const;

/** A request may be given a large input by `repeatCode`, so that nobody must read 200 KiB of it. */
interface Wanted {
  readonly repeatCode?: number;
  readonly spec: { readonly code: string };
}

function expectedOf(name: keyof typeof CASES): string {
  const [wanted, given] = yaml.loadAll(readFileSync(join(DIRECTORY, name, 'request.yaml'), 'utf8')) as [
    Wanted,
    unknown,
  ];
  const code = wanted.spec.code.repeat(wanted.repeatCode ?? 1);
  const request = parseRequest({ ...wanted, spec: { ...wanted.spec, code } });
  const sandboxClass = parseClass(given);
  if (!request.ok || !sandboxClass.ok) throw new Error(JSON.stringify([request, sandboxClass]));
  const sandbox = aSandbox(request.value, CASES[name], sandboxClass.value);
  const job = jobFor(sandbox);
  const objects: object[] = [job];
  if (needsConfigMap(request.value)) {
    const map = configMapFor(sandbox, { ...job, metadata: { ...job.metadata, uid: 'uid-of-the-job' } });
    const data = Object.entries(map.data ?? {}).map(([key, text]) => [
      key,
      text.length > 1000 ? `${text.length} characters` : text,
    ]);
    objects.push({ ...map, data: Object.fromEntries(data) });
  }
  const plain = JSON.parse(JSON.stringify(objects)) as object[];
  return plain.map((object) => yaml.dump(object, { lineWidth: -1, noRefs: true })).join('---\n');
}

test.each(Object.keys(CASES) as (keyof typeof CASES)[])(
  'the objects of %s are those of the golden file',
  (name) => {
    const file = join(DIRECTORY, name, 'expected.yaml');
    const made = expectedOf(name);
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(join(DIRECTORY, name), { recursive: true });
      writeFileSync(file, made);
    }
    expect(made).toBe(existsSync(file) ? readFileSync(file, 'utf8') : `no ${file}: run with UPDATE_GOLDEN=1`);
  },
);

test('no golden file is left over', () => {
  expect(readdirSync(DIRECTORY).sort()).toEqual(Object.keys(CASES).sort());
  for (const name of Object.keys(CASES))
    expect(readdirSync(join(DIRECTORY, name)).sort()).toEqual(['expected.yaml', 'request.yaml']);
});
