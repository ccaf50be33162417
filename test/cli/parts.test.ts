/** The parts that the command is made of. */
import { describe, expect, test } from '@jest/globals';
import { blockFinder } from '../../src/cli/blocks.ts';
import { inOrder } from '../../src/cli/in-order.ts';
import { linesOf } from '../../src/cli/lines.ts';
import { objectsIn } from '../../src/cli/manifests.ts';
import { nearestRules, rulesText } from '../../src/cli/rules.ts';
import { WORDS } from '../../src/cli/words.ts';
import { rules } from '../../src/core/analysis/rules/index.ts';

async function* given<T>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('work in order', () => {
  test('gives results in the order of the items, with at most so many at once', async () => {
    let now = 0;
    let most = 0;
    const work = async (item: number): Promise<number> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, item % 3 === 0 ? 12 : 1));
      now -= 1;
      return item;
    };
    const items = Array.from({ length: 20 }, (_, index) => index);
    expect(await all(inOrder(given(...items), 3, work))).toEqual(items);
    expect(most).toBe(3);
  });

  test('takes no further items while nobody takes the results', async () => {
    let taken = 0;
    async function* endless(): AsyncGenerator<number> {
      for (;;) yield (taken += 1);
    }
    const results = inOrder(endless(), 2, (item) => Promise.resolve(item));
    expect((await results.next()).value).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(taken).toBeLessThanOrEqual(4);
  });

  test('passes an error on', async () => {
    await expect(all(inOrder(given(1), 2, () => Promise.reject(new Error('broken'))))).rejects.toThrow(
      'broken',
    );
  });
});

describe('lines', () => {
  const bytes = (...texts: readonly string[]) => given(...texts.map((text) => Buffer.from(text)));
  const split = async (...texts: readonly string[]) =>
    (await all(linesOf(bytes(...texts), 8))).map((line) => line && Buffer.from(line).toString());

  test('are put together over chunks', async () => {
    expect(await split('ab', 'c\nd', '\n\n', 'ef')).toEqual(['abc', 'd', '', 'ef']);
  });
  test('that are too long are let go, and those after them are not', async () => {
    expect(await split('123456789\nab\n', '12345', '6789', '0\ncd')).toEqual([
      undefined,
      'ab',
      undefined,
      'cd',
    ]);
  });
});

describe('the place of a program in a manifest', () => {
  const yaml =
    'spec:\n  code: |\n    a\n      b\n\n    c\n  files:\n    - path: x\n      content: |-\n        a\n        b\n';
  test('is found by its very lines', () => {
    const find = blockFinder(yaml);
    expect(find('a\n  b\n\nc\n')).toEqual({ line: 2, indent: 4 });
    expect(find('a\nb')).toEqual({ line: 9, indent: 8 });
    expect(find('other\n')).toBeUndefined();
  });
  test('of the same text twice is found twice', () => {
    const find = blockFinder('code: |\n  a\n---\ncode: |\n  a\n');
    expect([find('a\n')?.line, find('a\n')?.line, find('a\n')]).toEqual([1, 4, undefined]);
  });
});

test('aliases that stand for more than memory holds are refused, a few are not', () => {
  const doubling = Array.from({ length: 33 }, (_, level) =>
    level === 0 ? 'a0: &a0 [x]' : `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
  );
  expect(objectsIn(doubling.join('\n'), WORDS.en)).toMatchObject({ ok: false });
  expect(objectsIn('a: &a {b: 1}\nc: *a', WORDS.en)).toMatchObject({ ok: true });
});

test('a List gives its items', () => {
  expect(objectsIn('kind: List\nitems: [{kind: A}, {kind: B}]', WORDS.en)).toEqual({
    ok: true,
    objects: [{ kind: 'A' }, { kind: 'B' }],
  });
});

describe('rules', () => {
  test('are listed, one a line, and explained in both languages', () => {
    expect(rulesText(undefined, 'text', 'en')?.trim().split('\n')).toHaveLength(rules.length);
    expect(rulesText('py-fork', 'text', 'en')).toMatch(/^PY-FORK \(High\): .*\n[^]*Forbids: .*\n[^]*CWE-400/);
    expect(rulesText('PY-FORK', 'text', 'ja')).toContain('禁止するもの: ');
  });
  test('are data for machines', () => {
    const list = JSON.parse(rulesText(undefined, 'json', 'en') ?? '') as readonly object[];
    expect(list).toHaveLength(rules.length);
    expect(JSON.parse(rulesText('PY-FORK', 'json', 'ja') ?? '')).toMatchObject({
      id: 'PY-FORK',
      cwe: [400, 770],
    });
  });
  test('that do not exist have neighbours', () => {
    expect(rulesText('PY-FROK', 'text', 'en')).toBeUndefined();
    expect(nearestRules('PY-FROK')[0]).toBe('PY-FORK');
    expect(nearestRules('sh-forkbom')[0]).toBe('SH-FORKBOMB');
    expect(nearestRules('x'.repeat(100_000))).toHaveLength(3);
  });
});

test('every sentence is there in both languages', () => {
  expect(Object.keys(WORDS.ja).toSorted()).toEqual(Object.keys(WORDS.en).toSorted());
});
