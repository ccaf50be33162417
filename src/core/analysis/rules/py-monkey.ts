import { namesOf } from '../matching/lists.ts';
import type { Value } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const MODULES =
  /^(?:builtins|__builtins__|os|os\.path|sys|subprocess|socket|ssl|shutil|importlib|io|json|pickle|random|time|datetime|threading|signal|logging|urllib|http|pathlib|ctypes|inspect|types|typing|collections|functools|math|re)\./;
const HOOKS =
  /^sys\.(?:meta_path|path_hooks|path_importer_cache|modules|excepthook|unraisablehook|displayhook|breakpointhook)(?:[.[]|$)/;
/** What honest programs set all the time. */
const USUAL = namesOf(
  'sys.stdout sys.stderr sys.stdin sys.path sys.argv sys.dont_write_bytecode sys.tracebacklimit os.environ os.environ.* logging.* socket.setdefaulttimeout ssl._create_default_https_context sys.excepthook sys.displayhook sys.ps1 sys.ps2 sys.last_type sys.last_value sys.last_traceback',
);

/** Functions by which others keep things apart, and which nobody replaces to see what is printed. */
const RELIED_ON = namesOf(
  ['builtins.', '__builtins__.', '']
    .flatMap((owner) =>
      'open __import__ exec eval compile getattr setattr isinstance issubclass type'
        .split(' ')
        .map((name) => owner + name),
    )
    .join(' '),
);

const isFunction = ({ kind }: Value): boolean => kind === 'closure' || kind === 'bound';

/**
 * Assigning to functions of builtins, os, sys, subprocess and other modules of the standard library, to
 * sys.modules, sys.meta_path and import hooks; putting a function of the program in the place of one of any module.
 * High for open, __import__, getattr and other builtins by which things are kept apart.
 *
 * Left alone: sys.stdout, sys.path, os.environ["X"], sys.excepthook; attributes of objects of the program.
 */
export default defineRule({
  id: 'PY-MONKEY',
  version: 2,
  title: { en: 'Changes the standard library, or others', ja: '標準ライブラリーなどの書き換え' },
  severity: 'Medium',
  languages: ['Python'],
  cwe: [913],
  attack: ['T1574'],
  forbids: {
    en: 'Assigning to functions of builtins, os, sys, subprocess and other modules of the standard library, to sys.modules, sys.meta_path and import hooks; putting a function of the program in the place of one of any module. High for open, __import__, getattr and other builtins by which things are kept apart.',
    ja: 'builtins、os、sys、subprocess など標準ライブラリーの関数、sys.modules、sys.meta_path、import フックへの代入。任意のモジュールの関数を自分の関数に置き換えること。open、__import__、getattr などの置き換えは High。',
  },
  allows: {
    en: 'sys.stdout, sys.path, os.environ["X"], sys.excepthook; attributes of objects of the program.',
    ja: 'sys.stdout、sys.path、os.environ["X"]、sys.excepthook、プログラム自身のオブジェクトの属性。',
  },
  message: {
    en: 'The program changes a module that is not its own.',
    ja: '自分のものではないモジュールを書き換えます。',
  },
  remedy: { en: 'Wrap the function under a name of your own.', ja: '独自の名前の関数で包んでください。' },
  needs: ['writes'],
  *check(program): Iterable<Hit> {
    const modules = program.imports.map(({ module }) => `${module}.`);
    for (const { target, value, span } of program.writes) {
      const usual = USUAL.has(target.replace(/\[.*$/, '')) || /^(?:os\.environ|logging)\b/.test(target);
      if (usual || target.includes('(')) continue;
      const replaced = isFunction(value) && modules.some((module) => target.startsWith(module));
      if (RELIED_ON.has(target)) yield { span, severity: 'High' };
      else if (replaced || MODULES.test(target) || HOOKS.test(target)) yield { span };
    }
  },
});
