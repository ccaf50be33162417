import { namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import type { Value } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const BUILT_IN =
  /^(?:Object|Function|Array|String|Number|Promise|RegExp|Map|Set|Error|JSON|Symbol|Reflect)\.prototype\.|^\?\.__proto__|\.__proto__\./;
/** Functions of the language that others rely on. */
const SHARED =
  /^(?:JSON|Object|Reflect|Promise|Array|String|Buffer|crypto|process)\.\w+$|^(?:XMLHttpRequest|WebSocket|Response|Request)\.prototype\.\w+$|^(?:(?:globalThis|global|window|self)\.)?fetch$/;
/** A function of a module, or a method of one of its classes. */
const PART = /^\.(?:\w+\.prototype\.)?\w+$/;
const isFunction = ({ kind }: Value): boolean => kind === 'closure' || kind === 'bound';

const DEFINERS = namesOf(
  'Object.defineProperty Object.defineProperties Object.assign Object.setPrototypeOf Reflect.defineProperty',
);
const PROTOTYPE = /^(?:Object|Function|Array|String|Number|Promise)\.prototype$/;

const REPLACES = {
  en: 'The program puts a function of its own in the place of one that others call.',
  ja: '他のコードが呼ぶ関数を、自分の関数に置き換えます。',
};

/**
 * Writing to Object.prototype and the prototypes of other built-in classes, through __proto__ as well. High for
 * Object.prototype. Putting a function of the program in the place of one of the language or of a module.
 *
 * Left alone: Prototypes of classes of the program, Object.setPrototypeOf on own objects; console, Math and Date.
 */
export default defineRule({
  id: 'JS-PROTO',
  version: 2,
  title: { en: 'Changes what all code shares', ja: '共有される組み込みの変更' },
  severity: 'Medium',
  languages: ['JavaScript'],
  cwe: [1321],
  attack: ['T1565'],
  forbids: {
    en: 'Writing to Object.prototype and the prototypes of other built-in classes, through __proto__ as well. High for Object.prototype. Putting a function of the program in the place of one of the language or of a module.',
    ja: 'Object.prototype など組み込みクラスのプロトタイプへの書き込み(__proto__ 経由を含む)。Object.prototype なら High。言語やモジュールの関数を自分の関数に置き換えること。',
  },
  allows: {
    en: 'Prototypes of classes of the program, Object.setPrototypeOf on own objects; console, Math and Date.',
    ja: 'プログラム自身のクラスのプロトタイプ、console、Math、Date。',
  },
  message: {
    en: 'The program changes what all objects share.',
    ja: 'すべてのオブジェクトが共有するものを変更します。',
  },
  remedy: { en: 'Extend your own classes.', ja: '自分のクラスを拡張してください。' },
  needs: ['writes', DEFINERS],
  *check(program): Iterable<Hit> {
    // What a module hands out is its own, also where it uses the module called "module".
    const modules = program.imports.flatMap(({ module }) => (module === 'module' ? [] : [module]));
    for (const { target, value, span } of program.writes) {
      const replaces =
        isFunction(value) &&
        (SHARED.test(target) ||
          modules.some((module) => target.startsWith(module) && PART.test(target.slice(module.length))));
      if (BUILT_IN.test(target))
        yield { span, severity: target.startsWith('Object.prototype') ? 'High' : 'Medium' };
      else if (replaces) yield { span, message: REPLACES };
    }
    for (const { args, span } of callsTo(program, DEFINERS))
      if (args[0]?.kind === 'ref' && PROTOTYPE.test(args[0].name))
        yield { span, severity: args[0].name === 'Object.prototype' ? 'High' : 'Medium' };
  },
});
