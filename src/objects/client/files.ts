import type { Language } from '../../api/v1alpha1/names.ts';
import { SEKISHO_JS, SEKISHO_PY } from './texts.ts';

/** A file that lies in the workspace beside a program that was granted plugins. */
export interface ClientFile {
  /** Below the workspace. */
  readonly path: string;
  readonly content: string;
}

const PACKAGE = { name: 'sekisho', version: '1.0.0', type: 'module', exports: './index.js' };
const NODE: readonly ClientFile[] = [
  { path: 'node_modules/sekisho/package.json', content: JSON.stringify(PACKAGE) },
  { path: 'node_modules/sekisho/index.js', content: SEKISHO_JS },
];

/** Adding a language: what its programs load to call plugins. Bash has no such module, and can call none. */
const CLIENT_FILES: Readonly<Record<Language, readonly ClientFile[]>> = {
  Python: [{ path: 'sekisho.py', content: SEKISHO_PY }],
  JavaScript: NODE,
  TypeScript: NODE,
  Bash: [],
};

/** What `from sekisho import plugins` and `import { plugins } from 'sekisho'` load. Constant for each language. */
export const clientFilesOf = (language: Language): readonly ClientFile[] => CLIENT_FILES[language];
