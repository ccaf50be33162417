import { isLike, namesLike } from '../matching/lists.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** Names that nobody reaches in a roundabout way for an honest reason, or that are not known. */
const PATTERNS = [
  /^os\.(?:system|popen\d?|exec\w+|spawn\w+|posix_spawnp?|fork|forkpty|kill|killpg|remove|unlink|rmdir|removedirs|chmod|chown|set\w*id|chroot|unshare|setns|dup2|startfile|abort|_exit|environb?|read|write|open|symlink|rename|truncate)$/,
  /^(?:subprocess|pty|shutil|socket|ctypes|importlib|pickle|marshal|builtins)\.\w+$/,
  /^sys\.(?:modules|_getframe|settrace|setprofile|meta_path|path_hooks|setrecursionlimit)$/,
  /^(?:eval|exec|compile|__import__|open|getattr|globals|breakpoint|setattr|delattr|vars)$/,
  /^(?:os|sys|subprocess|builtins|importlib|ctypes|pty|shutil|socket|signal|pickle|marshal)\.\?$/,
];
/** A function of the system that is taken from a module whose name is not known. */
const FROM_UNKNOWN = namesLike(
  /^(?:sys\.modules\[\]|import\?)\.(?:system|popen|fork|exec\w*|spawn\w*|eval|run|Popen|call|check_output)$/,
);

/** What nobody takes by a computed name who means well. */
const GRAVE = namesLike({ test: (name) => PATTERNS.some((pattern) => pattern.test(name)) });

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
  needs: [GRAVE, FROM_UNKNOWN],
  *check(program): Iterable<Hit> {
    for (const { name, via, span } of program.references) {
      if ((via === 'dynamic' && isLike(name, GRAVE)) || isLike(name, FROM_UNKNOWN)) yield { span };
    }
  },
});
