import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isSearched } from './kinds-of-file.ts';
import { problemOf } from './reading.ts';
import type { Problem } from './reading.ts';

/** Most files that one folder may give. */
export const MAX_FILES = 100_000;
/** Deeper than any tree that people make. */
const MAX_DEPTH = 64;
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** A file to look at, or a folder that could not be searched to its end. */
export type Walked =
  | { readonly path: string; readonly problem?: undefined }
  | { readonly path: string; readonly problem: Problem | 'many' };

async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (entry.isFile()) return true;
  // A link to a file counts, one to a folder does not: it may lead round in circles, or anywhere.
  return entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function* below(folder: string, depth: number): AsyncGenerator<Walked> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield { path: folder, problem: problemOf(error) };
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) {
      if (depth < MAX_DEPTH) yield* below(path, depth + 1);
      else yield { path, problem: 'many' };
    } else if (isSearched(entry.name) && (await isFile(entry, path))) yield { path };
  }
}

/** The files of a folder that may hold programs or requests, in the order of their names. */
export async function* filesBelow(folder: string, most = MAX_FILES): AsyncGenerator<Walked> {
  let count = 0;
  for await (const walked of below(folder, 0)) {
    count += 1;
    if (count > most) {
      yield { path: folder, problem: 'many' };
      return;
    }
    yield walked;
  }
}
