import { namesOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const CLIMBS = namesOf(
  '__subclasses__ __globals__ __builtins__ __code__ __closure__ __base__ __bases__ __mro__ mro __loader__ __spec__ __subclasshook__ __reduce__ __reduce_ex__ __func__ __self__ f_globals f_builtins f_locals f_back tb_frame tb_next gi_frame gi_code cr_frame cr_code ag_frame ag_code func_globals func_code co_code co_consts _getframe',
);
const EVERYDAY = new Set([
  '__self__',
  '__func__',
  '__spec__',
  '__reduce__',
  '__reduce_ex__',
  'mro',
  '__mro__',
  '__bases__',
  '__base__',
  '__closure__',
  'tb_next',
  '__subclasshook__',
]);
const HOOKS = namesOf(
  'sys._getframe sys._current_frames sys.settrace sys.setprofile sys.addaudithook gc.get_objects gc.get_referrers gc.get_referents inspect.stack inspect.currentframe inspect.getouterframes threading.settrace',
);

/**
 * __subclasses__, __globals__, __builtins__, __code__, frames and tracebacks, sys._getframe, sys.settrace,
 * gc.get_objects: the ways by which code leaves a restricted place.
 *
 * Left alone: __class__.__name__, __dict__, __doc__, __name__ and other everyday attributes; traceback.format_exc.
 */
export default defineRule({
  id: 'PY-INTROSPECT',
  version: 1,
  title: { en: 'Climbs through the interpreter', ja: 'インタープリター内部の走査' },
  severity: 'High',
  languages: ['Python'],
  cwe: [470],
  attack: ['T1027'],
  forbids: {
    en: '__subclasses__, __globals__, __builtins__, __code__, frames and tracebacks, sys._getframe, sys.settrace, gc.get_objects: the ways by which code leaves a restricted place.',
    ja: '__subclasses__、__globals__、__builtins__、__code__、フレームとトレースバック、sys._getframe、sys.settrace、gc.get_objects など。',
  },
  allows: {
    en: '__class__.__name__, __dict__, __doc__, __name__ and other everyday attributes; traceback.format_exc.',
    ja: '__class__.__name__、__dict__、__doc__ など日常的な属性、traceback.format_exc。',
  },
  message: {
    en: 'The program climbs through the interpreter to functions that it was not given.',
    ja: 'インタープリター内部をたどって、与えられていない機能に到達します。',
  },
  remedy: {
    en: 'Use the objects that the program has.',
    ja: 'プログラムが持つオブジェクトを使ってください。',
  },
  needs: ['members', HOOKS],
  *check(program): Iterable<Hit> {
    for (const { name, span } of program.members) if (CLIMBS.has(name) && !EVERYDAY.has(name)) yield { span };
    for (const { span, via } of referencesTo(program, HOOKS)) if (via !== 'import') yield { span };
  },
});
