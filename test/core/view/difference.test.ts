import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { approvedBy, differenceOf } from '../../../src/core/view/difference.ts';
import type { Difference } from '../../../src/core/view/difference.ts';
import { textOf } from '../../../src/core/view/hidden.ts';
import { anApproval, aRequest } from '../../support/build.ts';

const spec = (given: object = {}) => aRequest({ spec: given }).spec;
const linesIn = (difference: Difference): readonly string[] =>
  difference.kind === 'Some'
    ? difference.texts.flatMap(({ title, lines }) => [
        title,
        ...lines.map(({ mark, pieces }) => `${mark}${textOf(pieces)}`),
      ])
    : [difference.kind];
const between = (before: object, now: object) => linesIn(differenceOf(spec(before), spec(now)));

describe('what differs from an earlier request', () => {
  test('is nothing, when the same would run', () => {
    const same = { code: 'print(1)\n', args: ['a'], files: [{ path: 'x', content: 'y' }] };
    expect(between(same, same)).toEqual(['None']);
  });

  test('is the lines, with their neighbours', () => {
    const code = (third: string) => `1\n2\n${third}\n4\n5\n6\n7\n`;
    expect(between({ code: code('3') }, { code: code('three') })).toEqual([
      ...['main.py', '@@@ -1,6 +1,6 @@', ' 1', ' 2', '-3', '+three', ' 4', ' 5', ' 6'],
    ]);
  });

  test('is each text by itself: files that came and went, arguments, input, and what is asked for', () => {
    const before = {
      files: [{ path: 'old.csv', content: 'a\n' }],
      args: ['--days', '7'],
      actions: ['b', 'a'],
    };
    const now = {
      files: [{ path: 'new.csv', content: 'a\n' }],
      args: ['--days', '8'],
      stdin: 'x\n',
      actions: ['a', 'b'],
      role: 'admin',
    };
    const lines = between(before, now);
    for (const line of [
      ...['spec', '-role: "user"', '+role: "admin"', '/workspace/new.csv', '+a', '/workspace/old.csv', '-a'],
      ...['spec.args', '-"7"', '+"8"', 'spec.stdin', '+x'],
    ])
      expect(lines).toContain(line);
    // In another order they are the same actions.
    expect(lines.some((line) => line.includes('actions') && /^[-+]/.test(line))).toBe(false);
  });

  test('shows what nobody sees, and tells a line without an end from one with', () => {
    const lines = between({ code: 'pay(user)\n' }, { code: 'pay(us\u0435r)\u200b' });
    expect(lines).toContain('+pay(us\\u{435}r)\\u200b');
    expect(lines).toContain('\\ No newline at end of file');
  });

  test('is given up when it is too much to help', () => {
    const many = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word}${index}\n`).join('');
    expect(between({ code: many('a') }, { code: many('b') })).toEqual(['TooLarge']);
    const long = (word: string) =>
      Array.from({ length: 40_000 }, (_, index) => (index % 80 === 0 ? `${word}\n` : `${index}\n`)).join('');
    expect(between({ code: long('a') }, { code: long('b') })).toEqual(['TooLarge']);
  });

  test('takes no longer for texts that have nothing in common', () => {
    const lines = (word: string) =>
      Array.from({ length: 12_000 }, (_, index) => `${word}${index}\n`).join('');
    const before = performance.now();
    expect(between({ code: lines('a') }, { code: lines('b') })).toEqual(['TooLarge']);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test('leads from the one to the other, whatever they are', () => {
    const line = fc.constantFrom('a', 'b', 'c', '', '+', '-x', '@@ 1 @@', String.raw`\ No newline`);
    const text = fc.array(line, { minLength: 1, maxLength: 12 }).map((lines) => `${lines.join('\n')}\n`);
    fc.assert(
      fc.property(text, text, (before, now) => {
        const difference = differenceOf(spec({ code: before }), spec({ code: now }));
        if (difference.kind !== 'Some') return before === now;
        const lines = difference.texts[0]?.lines ?? [];
        const kept = (mark: string) =>
          lines.filter((one) => one.mark === mark || one.mark === ' ').map(({ pieces }) => textOf(pieces));
        // Hunks are parts of both texts, in order.
        const holds = (whole: string, parts: readonly string[]) => {
          const rest = whole.split('\n');
          return parts.every((part) => {
            const index = rest.indexOf(part);
            if (index >= 0) rest.splice(0, index + 1);
            return index >= 0;
          });
        };
        return holds(before, kept('-')) && holds(now, kept('+'));
      }),
    );
  });
});

test('what somebody approved is the newest first, and nothing else', () => {
  const at = (creationTimestamp: string, name: string) => ({ creationTimestamp, name });
  const approvals = [
    anApproval({}, at('2026-11-23T10:00:00Z', 'old')),
    anApproval({}, at('2026-11-23T12:00:00Z', 'new')),
    anApproval({ decision: 'Deny' }, at('2026-11-23T13:00:00Z', 'denied')),
    anApproval({ approver: { username: 'carol' } }, at('2026-11-23T14:00:00Z', 'of another')),
    anApproval({ approver: undefined }, at('2026-11-23T15:00:00Z', 'of nobody')),
  ];
  expect(approvedBy(approvals, 'bob').map(({ metadata }) => metadata.name)).toEqual(['new', 'old']);
});
