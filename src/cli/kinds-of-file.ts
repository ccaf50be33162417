import { extname } from 'node:path';
import type { Language } from '../api/v1alpha1/names.ts';
import { languageOfFile } from '../core/analysis/languages/index.ts';

const MANIFESTS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);
/** Endings of programs that a folder is searched for. */
const PROGRAMS: ReadonlySet<string> = new Set(
  '.py .js .mjs .cjs .jsx .ts .mts .cts .tsx .sh .bash'.split(' '),
);

const endingOf = (path: string): string => extname(path).toLowerCase();

/** Whether a file may hold requests. JSON counts only when it is named: folders are full of JSON that is something else. */
export const isManifest = (path: string): boolean => MANIFESTS.has(endingOf(path));

/** Whether a file of a folder is looked at. */
export const isSearched = (path: string): boolean =>
  PROGRAMS.has(endingOf(path)) || (isManifest(path) && endingOf(path) !== '.json');

/** The language of a program by its ending or, where that says nothing, its first line. */
export const languageAt = (path: string, text: string): Language | undefined =>
  languageOfFile(path, text.slice(0, 256))?.name;
