import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';

const GOLDEN = join(import.meta.dirname, 'golden');
const updates = process.env['UPDATE_GOLDEN'] === '1';

/** Compares with golden/FOLDER/NAME.txt. `UPDATE_GOLDEN=1` writes it anew: read what changed. */
export function expectGolden(folder: string, name: string, lines: readonly string[]): void {
  const file = join(GOLDEN, folder, `${name}.txt`);
  const made = `${lines.join('\n')}\n`;
  if (updates) {
    mkdirSync(join(GOLDEN, folder), { recursive: true });
    writeFileSync(file, made);
  }
  expect(made).toBe(existsSync(file) ? readFileSync(file, 'utf8') : `no ${file}: run with UPDATE_GOLDEN=1`);
}

/** No golden file may be left of what is gone. */
export function expectNoneLeft(folder: string, names: readonly string[]): void {
  const left = readdirSync(join(GOLDEN, folder)).filter(
    (file) => !names.includes(file.replace(/\.txt$/, '')),
  );
  if (updates) for (const file of left) rmSync(join(GOLDEN, folder, file));
  expect(updates ? [] : left).toEqual([]);
}
