/** Writes what is generated: crds/. `npm run verify` fails when that changes a committed file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import * as yaml from 'js-yaml';
import { customResourceDefinition } from '../src/api/crd.ts';
import { KINDS } from '../src/api/v1alpha1/kinds.ts';

const HEADER = '# Generated from src/api by `npm run generate`. Do not edit.\n';

export const crdFiles = (): ReadonlyMap<string, string> =>
  new Map(KINDS.map((kind) => [`crds/${kind.plural}.yaml`, HEADER + yaml.dump(customResourceDefinition(kind), { lineWidth: 120, noRefs: true })]));

if (import.meta.main) {
  mkdirSync('crds', { recursive: true });
  for (const [path, text] of crdFiles()) writeFileSync(path, text);
}
