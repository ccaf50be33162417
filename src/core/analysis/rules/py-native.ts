import { namesOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import { defineRule } from '../rule.ts';

const NATIVE = namesOf(
  'ctypes.* numpy.ctypeslib.load_library sqlite3.connect().enable_load_extension sqlite3.connect().load_extension cffi.* ffi.* _cffi_backend.* cppyy.* llvmlite.* distutils.ccompiler.* weave.*',
);

/**
 * ctypes, cffi and their like: functions of libc without any of the names that other rules know.
 *
 * Left alone: Importing them without use; numpy.ctypeslib types.
 */
export default defineRule({
  id: 'PY-NATIVE',
  version: 3,
  title: { en: 'Uses native code', ja: 'ネイティブコードの利用' },
  severity: 'High',
  languages: ['Python'],
  cwe: [242],
  attack: ['T1106'],
  forbids: {
    en: 'ctypes, cffi and their like: functions of libc without any of the names that other rules know.',
    ja: 'ctypes、cffi など(他の規則が知る名前を使わずに libc を呼べます)。',
  },
  allows: { en: 'Importing them without use; numpy.ctypeslib types.', ja: '使用を伴わない読み込み。' },
  message: { en: 'The program calls native code directly.', ja: 'ネイティブコードを直接呼び出します。' },
  remedy: { en: 'Use the Python library for it.', ja: 'Python のライブラリを使ってください。' },
  needs: [NATIVE],
  check: (program) =>
    referencesTo(program, NATIVE).filter(({ name, via }) => via !== 'import' || name.includes('.')),
});
