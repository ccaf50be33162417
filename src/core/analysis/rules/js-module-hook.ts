import { namesOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const HOOKED =
  /^(?:module|module\.Module|module\.constructor|Module)(?:\.prototype)?\.(?:_load|_resolveFilename|_extensions|_compile|_findPath|_nodeModulePaths|require|wrap|wrapper)(?:\.|$)|^require\.(?:cache|extensions)(?:[.(]|$)|^process\.(?:reallyExit|exit|abort|kill|binding|env\.(?:NODE_OPTIONS|LD_PRELOAD|NODE_PATH))$/;
const REGISTERED = namesOf('module.register module.registerHooks module.Module.register');

/**
 * Changing how modules are loaded or how the process ends: writes to Module._load, _resolveFilename, _extensions,
 * require.cache, process.exit, NODE_OPTIONS; module.register.
 *
 * Left alone: Reading require.cache and require.resolve, module.exports.
 */
export default defineRule({
  id: 'JS-MODULE-HOOK',
  version: 1,
  title: { en: 'Changes how modules are loaded', ja: 'モジュール読み込みの改変' },
  severity: 'High',
  languages: ['JavaScript'],
  cwe: [913],
  attack: ['T1574'],
  forbids: {
    en: 'Changing how modules are loaded or how the process ends: writes to Module._load, _resolveFilename, _extensions, require.cache, process.exit, NODE_OPTIONS; module.register.',
    ja: 'モジュールの読み込みやプロセスの終了の改変：Module._load、_resolveFilename、_extensions、require.cache、process.exit、NODE_OPTIONS への書き込み、module.register。',
  },
  allows: {
    en: 'Reading require.cache and require.resolve, module.exports.',
    ja: 'require.cache と require.resolve の参照、module.exports。',
  },
  message: {
    en: 'The program changes how modules are loaded or how the process ends.',
    ja: 'モジュールの読み込みやプロセスの終了を改変します。',
  },
  remedy: { en: 'Import what you need as it is.', ja: '必要なものをそのまま読み込んでください。' },
  needs: ['writes', REGISTERED],
  *check(program): Iterable<Hit> {
    for (const { target, span } of program.writes) if (HOOKED.test(target)) yield { span };
    yield* referencesTo(program, REGISTERED);
  },
});
