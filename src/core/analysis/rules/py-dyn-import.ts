import { namesOf } from '../matching/lists.ts';
import { callsTo, referencesTo } from '../matching/names.ts';
import { textsOf, HOLE } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const IMPORTERS = namesOf('__import__ importlib.import_module importlib.__import__ pkgutil.resolve_name');
const LOADERS = namesOf(
  'importlib.util.spec_from_file_location importlib.util.module_from_spec importlib.machinery.* zipimport.zipimporter imp.load_source imp.load_module imp.load_dynamic pkgutil.get_loader pkgutil.find_loader importlib.reload sys.meta_path sys.meta_path.* sys.path_hooks sys.path_hooks.*',
);
const GRAVE =
  /^(?:os|posix|nt|sys|subprocess|builtins|ctypes|_ctypes|pty|shutil|socket|pickle|marshal|importlib|code|runpy|multiprocessing|signal|platform|_\w+)(?:\.|$)/;

/**
 * __import__ and importlib.import_module with a name that is not known, or that names a module with which the system can
 * be reached; the loaders below them.
 *
 * Left alone: Other modules named by constants.
 */
export default defineRule({
  id: 'PY-DYN-IMPORT',
  version: 2,
  title: { en: 'Imports by computed names', ja: '計算した名前による読み込み' },
  severity: 'High',
  languages: ['Python'],
  cwe: [470],
  attack: ['T1027'],
  forbids: {
    en: '__import__ and importlib.import_module with a name that is not known, or that names a module with which the system can be reached; the loaders below them.',
    ja: '名前が不明な、またはシステムに触れるモジュールを指す __import__ と importlib.import_module、その下位のローダー。',
  },
  allows: { en: 'Other modules named by constants.', ja: '定数で名指しされたその他のモジュール。' },
  message: {
    en: 'The program imports a module by a computed name.',
    ja: '計算した名前でモジュールを読み込みます。',
  },
  remedy: { en: 'Write an import statement.', ja: 'import 文を書いてください。' },
  needs: [IMPORTERS, LOADERS],
  *check(program): Iterable<Hit> {
    for (const { args, keywords, span } of callsTo(program, IMPORTERS)) {
      const names = textsOf(args[0] ?? keywords.get('name') ?? { kind: 'unknown', taint: 0 });
      if (names.length === 0 || names.some((name) => name.includes(HOLE) || GRAVE.test(name))) yield { span };
    }
    for (const { span, via } of referencesTo(program, LOADERS)) if (via !== 'import') yield { span };
  },
});
