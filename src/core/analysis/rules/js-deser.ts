import { namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import { textsOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const LOADERS = namesOf(
  'v8.deserialize v8.Deserializer node-serialize.unserialize serialize-to-js.deserialize funcster.deepDeserialize cryo.parse',
);
/** The mark with which node-serialize says that a text is a function to be called. */
const PARSERS = namesOf('JSON.parse');
const GADGET = '_$$ND_FUNC$$_';

/**
 * Loading objects that can run code or become any object: v8.deserialize, node-serialize and its relatives. High when the
 * constant that is loaded carries a function. JSON.parse of a constant with "__proto__".
 *
 * Left alone: JSON.parse of anything else, structuredClone.
 */
export default defineRule({
  id: 'JS-DESER',
  version: 1,
  title: { en: 'Loads objects that can run code', ja: 'コードを実行しうるオブジェクトの読み込み' },
  severity: 'Medium',
  languages: ['JavaScript'],
  cwe: [502],
  attack: ['T1059.007'],
  forbids: {
    en: 'Loading objects that can run code or become any object: v8.deserialize, node-serialize and its relatives. High when the constant that is loaded carries a function. JSON.parse of a constant with "__proto__".',
    ja: 'v8.deserialize、node-serialize など、コードを実行しうるオブジェクトの読み込み。定数に関数が含まれていれば High。"__proto__" を含む定数の JSON.parse。',
  },
  allows: {
    en: 'JSON.parse of anything else, structuredClone.',
    ja: 'その他の JSON.parse、structuredClone。',
  },
  message: {
    en: 'The program loads objects that can run code.',
    ja: 'コードを実行しうるオブジェクトを読み込みます。',
  },
  remedy: { en: 'Exchange data as JSON.', ja: 'データは JSON で受け渡してください。' },
  needs: [LOADERS, PARSERS],
  *check(program): Iterable<Hit> {
    for (const { args, span } of callsTo(program, LOADERS)) {
      const carries = args.some((arg) => textsOf(arg).some((text) => text.includes(GADGET)));
      yield { span, severity: carries ? 'High' : 'Medium' };
    }
    for (const { args, span } of callsTo(program, PARSERS))
      if (args.slice(0, 1).some((arg) => textsOf(arg).some((text) => text.includes('"__proto__"'))))
        yield { span };
  },
});
