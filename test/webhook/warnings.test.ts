import { describe, expect, test } from '@jest/globals';
import { codeExecutionRequest } from '../../src/api/v1alpha1/code-execution-request.ts';
import { judge } from '../../src/core/verdict/judge.ts';
import type { Judgement } from '../../src/core/verdict/judge.ts';
import { clipped, lengthOf } from '../../src/judging/characters.ts';
import { fitted, MAX_TOTAL_BYTES, MAX_TOTAL_CHARACTERS, warningsOf } from '../../src/webhook/warnings.ts';
import { aClass, aFinding, aPolicy, aReport, aRole, aSpec } from './support.ts';

const spec = (given = {}) => codeExecutionRequest.spec.parse(aSpec(given));
const judged = (
  report = aReport(),
  given = {},
  policies: readonly ReturnType<typeof aPolicy>[] = [],
): Judgement =>
  judge({
    spec: spec(given),
    report,
    role: aRole(),
    holdsRole: true,
    sandboxClass: aClass(),
    policies,
  });
const many = (count: number) =>
  aReport({ findings: Array.from({ length: count }, (_one, index) => aFinding(index + 1)) });

describe('what a caller is told', () => {
  test('a program that may run: nothing', () => {
    expect(warningsOf(spec(), judged())).toEqual([]);
  });

  test('a denied program: verdict, then place, rule, severity and message', () => {
    const [head, ...rest] = warningsOf(spec(), judged(many(2)));
    expect(head).toMatch(/^Denied \(risk \d+ of 100\): 2 findings$/);
    expect(rest).toEqual([
      'main.py:1:5 PY-FORK Critical: os.fork makes processes.',
      'main.py:2:5 PY-FORK Critical: os.fork makes processes.',
    ]);
  });

  test('in Japanese when the request says so', () => {
    const lines = warningsOf(spec({ locale: 'ja' }), judged(many(1), { locale: 'ja' }));
    expect(lines[0]).toMatch(/^拒否（リスク \d+\/100）: 検出 1 件$/);
    expect(lines[1]).toBe('main.py:1:5 PY-FORK Critical: os.fork はプロセスを作ります。');
  });

  test('one finding is no plural, none is said', () => {
    expect(warningsOf(spec(), judged(many(1)))[0]).toMatch(/: 1 finding$/);
    expect(warningsOf(spec(), judged(aReport(), { actions: ['delete_all'] }))).toEqual([
      'Denied (risk 0 of 100): no findings',
      expect.stringContaining('spec.actions names "delete_all"'),
    ]);
  });

  test('a finding in a file names the file', () => {
    const report = aReport({ findings: [{ ...aFinding(3), file: 'lib/x.py' }] });
    expect(warningsOf(spec(), judged(report))[1]).toMatch(/^lib\/x\.py:3:5 /);
  });

  test('ten findings, the others counted, those that were cut before too', () => {
    const lines = warningsOf(spec(), judged({ ...many(13), truncatedFindings: 4 }));
    expect(lines[0]).toMatch(/: 17 findings$/);
    expect(lines.filter((line) => line.startsWith('main.py'))).toHaveLength(10);
    expect(lines).toContain('and 7 more findings');
  });

  test('a policy in mode Warn is told although the program runs; one in mode Audit is not', () => {
    expect(judged(many(1), {}, [aPolicy({ mode: 'Audit' })]).verdict.decision).toBe('Allow');
    expect(warningsOf(spec(), judged(many(1), {}, [aPolicy({ mode: 'Audit' })]))).toEqual([]);
    const lines = warningsOf(spec(), judged(many(1), {}, [aPolicy({ mode: 'Warn' })]));
    expect(lines[0]).toMatch(/^Allowed \(risk \d+ of 100\): 1 finding$/);
    expect(lines.at(-1)).toMatch(/^Not enforced \(policy in mode Warn\): Rule PY-FORK/);
  });
});

describe('what the API server would cut or drop', () => {
  const words = (count: number) => `and ${count} more`;
  const total = (lines: readonly string[]) => lines.reduce((sum, line) => sum + lengthOf(line), 0);

  test.each(['x', 'あ', '👩‍🚀', '\ud800'])(
    'lines of %j stay within 256 characters each, 4096 and 8192 bytes in all',
    (unit) => {
      const lines = fitted(
        Array.from({ length: 64 }, (_one, index) => `${index} ${unit.repeat(400)}`),
        words,
      );
      for (const line of lines) {
        expect(lengthOf(line)).toBeLessThanOrEqual(256);
        expect(line.isWellFormed()).toBe(true);
      }
      expect(total(lines)).toBeLessThanOrEqual(MAX_TOTAL_CHARACTERS);
      const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(`Warning: 299 - "${line}"\r\n`), 0);
      expect(bytes).toBeLessThanOrEqual(MAX_TOTAL_BYTES);
      expect(lines.at(-1)).toBe(words(64 - lines.length + 1));
    },
  );

  test('control characters, for which the API server drops the line, become a space', () => {
    expect(fitted(['a\r\nb\u001b[31mc\u0085d\u0000'], words)).toEqual(['a b [31mc d ']);
  });

  test('what fits is not touched; what is said twice is said once', () => {
    expect(fitted(['a', 'b', 'a'], words)).toEqual(['a', 'b']);
    expect(fitted([], words)).toEqual([]);
  });

  test('a clipped text never ends in half a character', () => {
    expect(clipped('😀😀😀', 2)).toBe('😀…');
    expect(clipped('😀😀', 2)).toBe('😀😀');
  });
});
