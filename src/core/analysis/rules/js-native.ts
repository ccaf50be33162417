import { namesOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const NATIVE = namesOf(
  'process.dlopen ffi-napi ffi-napi.* ffi ffi.* koffi koffi.* ref-napi.* node-ffi.* Deno.dlopen WebAssembly.instantiate WebAssembly.instantiateStreaming WebAssembly.compile WebAssembly.compileStreaming WebAssembly.Module',
);

/**
 * process.dlopen, modules that end in .node, ffi modules, WebAssembly.
 *
 * Left alone: Ordinary modules.
 */
export default defineRule({
  id: 'JS-NATIVE',
  version: 2,
  title: { en: 'Uses native code', ja: 'ネイティブコードの利用' },
  severity: 'High',
  languages: ['JavaScript'],
  cwe: [242],
  attack: ['T1106'],
  forbids: {
    en: 'process.dlopen, modules that end in .node, ffi modules, WebAssembly.',
    ja: 'process.dlopen、.node で終わるモジュール、ffi モジュール、WebAssembly。',
  },
  allows: { en: 'Ordinary modules.', ja: '通常のモジュール。' },
  message: { en: 'The program loads native code.', ja: 'ネイティブコードを読み込みます。' },
  remedy: { en: 'Use JavaScript.', ja: 'JavaScript を使ってください。' },
  needs: ['imports', NATIVE],
  *check(program): Iterable<Hit> {
    yield* referencesTo(program, NATIVE);
    for (const { module, span } of program.imports) if (module.endsWith('.node')) yield { span };
  },
});
