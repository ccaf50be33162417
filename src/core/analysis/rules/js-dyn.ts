import { namesOf } from '../matching/lists.ts';
import { callsTo, referencesTo } from '../matching/names.ts';
import type { Value } from '../program/value.ts';
import { HOLE, TAINT, textsOf, truthOf } from '../program/value.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const EVALUATORS = namesOf('eval execScript vm.* module._compile ShadowRealm().evaluate');
const MAKERS = namesOf('Function GeneratorFunction AsyncFunction');
const TIMERS = namesOf('setTimeout setInterval setImmediate');
const WORKERS = namesOf('worker_threads.Worker Worker');
const LOADERS = namesOf(
  'require process.getBuiltinModule module._load module.constructor._load module.Module._load',
);
/** A property of the global object by a name that is not known: it may be eval. */
const ANY_GLOBAL = namesOf('globalThis.? global.? window.? self.?');

/** A text as an address, or what a program put together: it is code, not a file. */
const isMade = (source: Value | undefined): boolean =>
  source !== undefined &&
  (textsOf(source).some((text) => text.startsWith('data:')) ||
    (source.kind === 'ref' &&
      (source.name === 'URL.createObjectURL()' || (source.name === 'URL()' && isMade(source.made?.[0])))));

/** Not known at all, or what a decoder made. */
const isUnknown = (name: Value | undefined): boolean =>
  name === undefined ||
  name.kind === 'unknown' ||
  (name.kind === 'text' && name.text === HOLE) ||
  (name.taint & (TAINT.Decoded | TAINT.Network)) !== 0;

/**
 * eval in any form, Function and its relatives by any way, timers with texts, vm, Worker with eval or a text as its address, import of such, require and
 * globals of a name that is not known, or that a decoder made.
 *
 * Left alone: Methods that are called eval or exec, timers with functions.
 */
export default defineRule({
  id: 'JS-DYN',
  version: 3,
  title: { en: 'Runs text as code', ja: '文字列のコード実行' },
  severity: 'High',
  languages: ['JavaScript'],
  cwe: [95],
  attack: ['T1059.007', 'T1027'],
  forbids: {
    en: 'eval in any form, Function and its relatives by any way, timers with texts, vm, Worker with eval or a text as its address, import of such, require and globals of a name that is not known, or that a decoder made.',
    ja: 'あらゆる形の eval、Function とその仲間、文字列のタイマー、vm、eval 付きやデータ URL の Worker と import、名前が不明な、または復号された require とグローバル。',
  },
  allows: {
    en: 'Methods that are called eval or exec, timers with functions.',
    ja: 'eval や exec という名のメソッド、関数を渡すタイマー。',
  },
  message: { en: 'The program runs text as code.', ja: '文字列をコードとして実行します。' },
  remedy: {
    en: 'Write the code itself; for data use JSON.parse.',
    ja: 'コードを直接書いてください。データには JSON.parse を使ってください。',
  },
  needs: [EVALUATORS, MAKERS, TIMERS, WORKERS, LOADERS, ANY_GLOBAL],
  *check(program): Iterable<Hit> {
    for (const { span, via } of referencesTo(program, EVALUATORS)) if (via !== 'import') yield { span };
    for (const { span } of callsTo(program, MAKERS)) yield { span };
    yield* referencesTo(program, ANY_GLOBAL);
    for (const { args, span } of callsTo(program, TIMERS)) if (args[0]?.kind === 'text') yield { span };
    for (const { args, span } of callsTo(program, LOADERS)) if (isUnknown(args[0])) yield { span };
    for (const { args, span } of callsTo(program, WORKERS)) {
      const [source, options] = args;
      if (isMade(source)) yield { span };
      if (options?.kind === 'record' && truthOf(options.members.get('eval') ?? options) === true)
        yield { span };
    }
  },
});
