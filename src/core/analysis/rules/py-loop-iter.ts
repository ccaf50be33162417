import { namesOf } from '../matching/lists.ts';
import { callsTo } from '../matching/names.ts';
import type { Hit } from '../rule.ts';
import { defineRule } from '../rule.ts';

const CONSUMERS = namesOf('list tuple set sum max min sorted collections.deque all any');
const ENDLESS = namesOf('itertools.count() itertools.cycle()');

/**
 * A for loop over itertools.count, itertools.cycle, itertools.repeat without a number, or iter(int, 1), whose body has
 * no way out; list, sum and the like of such an iterator.
 *
 * Left alone: Such iterators cut by islice, zip or a break; iter(f.readline, "").
 */
export default defineRule({
  id: 'PY-LOOP-ITER',
  version: 2,
  title: { en: 'Loop over an endless iterator', ja: '終わらないイテレーターのループ' },
  severity: 'High',
  languages: ['Python'],
  cwe: [835],
  attack: ['T1499.003'],
  forbids: {
    en: 'A for loop over itertools.count, itertools.cycle, itertools.repeat without a number, or iter(int, 1), whose body has no way out; list, sum and the like of such an iterator.',
    ja: 'itertools.count/cycle/repeat や iter(int, 1) を抜け道なしに回す for 文、それらを list や sum に渡すこと。',
  },
  allows: {
    en: 'Such iterators cut by islice, zip or a break; iter(f.readline, "").',
    ja: 'islice、zip、break で区切られたもの、iter(f.readline, "")。',
  },
  message: {
    en: 'This loop goes through an iterator that never ends.',
    ja: '終わらないイテレーターを回します。',
  },
  remedy: {
    en: 'Cut the iterator with itertools.islice, or leave the loop with break.',
    ja: 'itertools.islice で区切るか break で抜けてください。',
  },
  needs: ['loops', CONSUMERS],
  *check(program): Iterable<Hit> {
    for (const { kind, endless, span } of program.loops) if (kind === 'iteration' && endless) yield { span };
    for (const { args, span } of callsTo(program, CONSUMERS)) {
      const [first] = args;
      if (first?.kind !== 'ref') continue;
      if (ENDLESS.has(first.name) || (first.name === 'itertools.repeat()' && first.made?.length === 1))
        yield { span };
    }
  },
});
