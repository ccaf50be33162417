/** Loaded before everything else: one file of the engine is read with a small change in it. The environment says which. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Mutant } from './places.ts';

const { file, start, end, after } = JSON.parse(process.env['MUTANT'] ?? '{}') as Partial<Mutant>;

if (file !== undefined) {
  const url = pathToFileURL(resolve(file)).href;
  const text = readFileSync(file, 'utf8');
  const source = `${text.slice(0, start)}${after ?? ''}${text.slice(end)}`;
  registerHooks({
    load: (asked, context, next) =>
      asked === url ? { format: 'module-typescript', source, shortCircuit: true } : next(asked, context),
  });
}
