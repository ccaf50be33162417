import { describe, expect, test } from '@jest/globals';
import * as yaml from 'js-yaml';
import { printed } from '../../src/cli/cluster/print.ts';
import { ageOf, tableOf } from '../../src/cli/cluster/table.ts';

const PLAIN = { name: 'weekly', items: [1, 'two\nlines'], none: null };
const HIDDEN = { code: 'a\u200bb\u202ec\u{e0041}\u0007', 日本: '語' };

describe('a value for programs', () => {
  test('is JSON or YAML of exactly that value', () => {
    expect(JSON.parse(printed(PLAIN, 'json'))).toEqual(PLAIN);
    expect(printed(PLAIN, 'yaml')).toContain('name: weekly\n');
    expect(yaml.load(printed(PLAIN, 'yaml'))).toEqual(PLAIN);
  });

  test.each(['json', 'yaml'] as const)('as %s shows a terminal nothing that it would obey', (form) => {
    const text = printed(HIDDEN, form);
    expect(text).not.toMatch(/[\u0007\u200b\u202e]|\u{e0041}/u);
    expect(text).toContain('日本');
    expect(yaml.load(text)).toEqual(HIDDEN);
  });
});

test('a table has columns as wide as their widest cell', () => {
  expect(
    tableOf([
      ['NAME', 'AGE'],
      ['a-long-name', '5m'],
    ]),
  ).toBe('NAME          AGE\na-long-name   5m\n');
});

test.each([
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [7200, '2h'],
  [200_000, '2d'],
  [-5, '0s'],
])('%i seconds are %s', (seconds, age) => {
  expect(ageOf(1_000_000, 1_000_000 + seconds * 1000)).toBe(age);
});
