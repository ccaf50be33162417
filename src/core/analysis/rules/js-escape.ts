import { namesOf } from '../matching/lists.ts';
import { callsTo, referencesTo } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const STACK = /^(?:Error|[A-Z]\w*Error)\.prepareStackTrace$/;
const DESCRIPTORS = namesOf(
  'Object.getOwnPropertyDescriptor Object.getOwnPropertyDescriptors Reflect.getOwnPropertyDescriptor',
);
const DEFINERS = namesOf('Object.defineProperty Reflect.defineProperty Reflect.set');
const INSPECTOR = namesOf('inspector.* node:inspector.* process.debugPort process._debugProcess');

const isFunctionObject = (name: string): boolean => /^(?:Function|Function\.prototype)$/.test(name);

/**
 * Ways out of what a program was given: Error.prepareStackTrace (hands over the objects of the callers), property
 * descriptors of Function, the inspector.
 *
 * Left alone: Error.captureStackTrace, stacks that are only printed, descriptors of other objects.
 */
export default defineRule({
  id: 'JS-ESCAPE',
  version: 1,
  title: { en: 'Climbs through the engine', ja: 'エンジン内部への到達' },
  severity: 'High',
  languages: ['JavaScript'],
  cwe: [749],
  attack: ['T1611'],
  forbids: {
    en: 'Ways out of what a program was given: Error.prepareStackTrace (hands over the objects of the callers), property descriptors of Function, the inspector.',
    ja: '与えられた範囲の外への到達：Error.prepareStackTrace、Function のプロパティー記述子、inspector。',
  },
  allows: {
    en: 'Error.captureStackTrace, stacks that are only printed, descriptors of other objects.',
    ja: 'Error.captureStackTrace、表示だけのスタック、その他のオブジェクトの記述子。',
  },
  message: {
    en: 'The program reaches for the inside of the engine.',
    ja: 'エンジンの内部に手を伸ばします。',
  },
  remedy: { en: 'Use what the language offers openly.', ja: '公開された機能を使ってください。' },
  needs: ['writes', INSPECTOR, DESCRIPTORS, DEFINERS],
  *check(program): Iterable<Hit> {
    for (const { target, span } of program.writes) if (STACK.test(target)) yield { span };
    yield* referencesTo(program, INSPECTOR);
    for (const { args, span } of callsTo(program, DESCRIPTORS))
      if (args[0]?.kind === 'ref' && isFunctionObject(args[0].name)) yield { span };
    for (const { args, span } of callsTo(program, DEFINERS)) {
      const [owner, key] = args;
      if (owner?.kind === 'ref' && key?.kind === 'text' && STACK.test(`${owner.name}.${key.text}`))
        yield { span };
    }
  },
});
