import { namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import type { Call } from '../program/program.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const LIMITS = namesOf(
  'sys.setrecursionlimit resource.setrlimit resource.prlimit sys.setswitchinterval threading.stack_size',
);
const HONEST = 10_000;

const depthOf = ({ name, args: [depth] }: Call): number =>
  name === 'sys.setrecursionlimit' && depth?.kind === 'number' ? depth.value : HONEST + 1;

/**
 * sys.setrecursionlimit, resource.setrlimit, sys.setswitchinterval, threading.stack_size.
 *
 * Left alone: Reading the limits; a recursion limit of up to 10,000, which honest recursive programs need. More ends the
 * program itself at worst: the sandbox bounds its memory.
 */
export default defineRule({
  id: 'PY-LIMITS',
  version: 2,
  title: { en: 'Changes limits of the interpreter', ja: 'インタープリターの制限の変更' },
  severity: 'Medium',
  languages: ['Python'],
  cwe: [400],
  attack: [],
  forbids: {
    en: 'sys.setrecursionlimit, resource.setrlimit, sys.setswitchinterval, threading.stack_size.',
    ja: 'sys.setrecursionlimit、resource.setrlimit など。',
  },
  allows: {
    en: 'Reading the limits; a recursion limit of up to 10,000, which honest recursive programs need. More ends the program itself at worst: the sandbox bounds its memory.',
    ja: '制限の参照、一万までの再帰の上限(正当な再帰処理に必要)。',
  },
  message: {
    en: 'The program changes limits that protect it and others.',
    ja: '保護のための制限を変更します。',
  },
  remedy: { en: 'Write the recursion as a loop.', ja: '再帰をループで書き直してください。' },
  needs: [LIMITS],
  *check(program): Iterable<Hit> {
    for (const call of callsTo(program, LIMITS)) {
      if (depthOf(call) > HONEST) yield { span: call.span };
    }
  },
});
