import { namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const BUILT_IN =
  /^(?:Object|Function|Array|String|Number|Promise|RegExp|Map|Set|Error|JSON|Symbol|Reflect)\.prototype\.|^\?\.__proto__|\.__proto__\./;
const DEFINERS = namesOf(
  'Object.defineProperty Object.defineProperties Object.assign Object.setPrototypeOf Reflect.defineProperty',
);
const PROTOTYPE = /^(?:Object|Function|Array|String|Number|Promise)\.prototype$/;

/**
 * Writing to Object.prototype and the prototypes of other built-in classes, through __proto__ as well. High for
 * Object.prototype.
 *
 * Left alone: Prototypes of classes of the program, Object.setPrototypeOf on own objects.
 */
export default defineRule({
  id: 'JS-PROTO',
  version: 1,
  title: { en: 'Changes prototypes of the language', ja: '組み込みプロトタイプの変更' },
  severity: 'Medium',
  languages: ['JavaScript'],
  cwe: [1321],
  attack: ['T1565'],
  forbids: {
    en: 'Writing to Object.prototype and the prototypes of other built-in classes, through __proto__ as well. High for Object.prototype.',
    ja: 'Object.prototype など組み込みクラスのプロトタイプへの書き込み(__proto__ 経由を含む)。Object.prototype なら High。',
  },
  allows: {
    en: 'Prototypes of classes of the program, Object.setPrototypeOf on own objects.',
    ja: 'プログラム自身のクラスのプロトタイプ。',
  },
  message: {
    en: 'The program changes what all objects share.',
    ja: 'すべてのオブジェクトが共有するものを変更します。',
  },
  remedy: { en: 'Extend your own classes.', ja: '自分のクラスを拡張してください。' },
  needs: ['writes', DEFINERS],
  *check(program): Iterable<Hit> {
    for (const { target, span } of program.writes)
      if (BUILT_IN.test(target)) yield { span, severity: target.startsWith('Object.') ? 'High' : 'Medium' };
    for (const { args, span } of callsTo(program, DEFINERS))
      if (args[0]?.kind === 'ref' && PROTOTYPE.test(args[0].name))
        yield { span, severity: args[0].name === 'Object.prototype' ? 'High' : 'Medium' };
  },
});
