import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const GRAVE =
  /^(?:(?:os|sys|subprocess|builtins|importlib|ctypes|pty|shutil|socket|signal|pickle|marshal|posix)\.(?!environ\.|argv\b|orig_argv\b|version_info\b|float_info\b)|(?:eval|exec|compile|__import__|open|getattr|globals|breakpoint)$|sys\.modules)/;

/**
 * getattr, vars, __dict__, globals(), sys.modules, attrgetter on os, sys, subprocess, builtins and their like, with a
 * computed or unknown name.
 *
 * Left alone: The same on objects of the program and on other modules.
 */
export default defineRule({
  id: 'PY-DYN-ATTR',
  version: 1,
  title: { en: 'Reaches system functions by computed names', ja: '計算した名前によるシステム関数の取得' },
  severity: 'High',
  languages: ['Python'],
  cwe: [470],
  attack: ['T1027'],
  forbids: {
    en: 'getattr, vars, __dict__, globals(), sys.modules, attrgetter on os, sys, subprocess, builtins and their like, with a computed or unknown name.',
    ja: 'os、sys、subprocess、builtins などに対する getattr、vars、__dict__、sys.modules、attrgetter。',
  },
  allows: {
    en: 'The same on objects of the program and on other modules.',
    ja: 'プログラム自身のオブジェクトや他のモジュールへの使用。',
  },
  message: {
    en: 'The program reaches a system function by a computed name, as one does to hide it.',
    ja: '計算した名前でシステム関数を取得します(隠蔽の手口です)。',
  },
  remedy: { en: 'Write the name itself.', ja: '名前を直接書いてください。' },
  *check(program): Iterable<Hit> {
    for (const { name, via, span } of program.references)
      if (via === 'dynamic' && GRAVE.test(name)) yield { span };
  },
});
