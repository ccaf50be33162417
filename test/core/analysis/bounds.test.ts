import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../../src/core/analysis/engine.ts';
import { reportOfFailure } from '../../../src/core/analysis/failure.ts';
import { Budget, BudgetExceeded } from '../../../src/core/analysis/program/budget.ts';
import { choice, number, ref, sequence, text, unknown } from '../../../src/core/analysis/program/value.ts';
import {
  fromAscii85,
  fromBase32,
  fromBase64,
  fromBase85,
  fromHex,
} from '../../../src/core/analysis/program/decode.ts';
import { tooDeepBracket } from '../../../src/core/analysis/python/nesting.ts';
import type { LanguageName } from '../../../src/core/analysis/report.ts';
import { riskOf, riskReasonsOf } from '../../../src/core/analysis/risk.ts';

const rulesIn = (language: LanguageName, code: string): readonly string[] =>
  analyse({ language, code }).findings.map(({ rule }) => rule);

describe('a budget', () => {
  it('lets 1,500,000 steps pass, and not one more', () => {
    const budget = new Budget();
    budget.spend(1_499_999);
    expect(() => budget.spend()).not.toThrow();
    expect(() => budget.spend()).toThrow(BudgetExceeded);
  });

  it('lets 120,000 records pass, and not one more', () => {
    const budget = new Budget();
    for (let index = 0; index < 120_000; index += 1) budget.keep();
    expect(() => budget.keep()).toThrow(BudgetExceeded);
  });

  it.each([
    ['steps', (budget: Budget) => budget.spend(750_000), (budget: Budget) => budget.spend()],
    [
      'records',
      (budget: Budget) => {
        for (let index = 0; index < 60_000; index += 1) budget.keep();
      },
      (budget: Budget) => budget.keep(),
    ],
  ])('is half spent when more than half of its %s are', (_what, half, further) => {
    const budget = new Budget();
    half(budget);
    expect(budget.isHalfSpent).toBe(false);
    further(budget);
    expect(budget.isHalfSpent).toBe(true);
  });
});

describe('a program', () => {
  const limit = 256 * 1024;
  const ofBytes = (bytes: number, filler: string, width: number): string =>
    `x = "${filler.repeat(Math.floor((bytes - 6) / width))}${'a'.repeat((bytes - 6) % width)}"`;

  it.each([
    ['a', 1],
    ['é', 2],
    ['あ', 3],
  ])('of %s is read up to 256 KiB', (filler, width) => {
    expect(Buffer.byteLength(ofBytes(limit, filler, width))).toBe(limit);
    expect(analyse({ language: 'Python', code: ofBytes(limit, filler, width) }).parsed).toBe(true);
    const over = analyse({ language: 'Python', code: ofBytes(limit + 1, filler, width) });
    expect(over).toMatchObject({ parsed: false, riskScore: 70 });
    expect(over.findings).toMatchObject([
      {
        rule: 'ANY-PARSE',
        line: 1,
        column: 1,
        endLine: 1,
        endColumn: 1,
        message: { en: 'The program is larger than 256 KiB.', ja: 'プログラムが 256 KiB を超えています。' },
      },
    ]);
  });

  it('that quotes programs six deep is read, and one that goes deeper is not', () => {
    const quoted = (depth: number): string =>
      Array.from({ length: depth }).reduce<string>((inner) => `sh -c ${JSON.stringify(inner)}`, 'rm -rf /');
    expect(rulesIn('Bash', quoted(6))).toContain('SH-DELETE');
    expect(analyse({ language: 'Bash', code: quoted(6) }).parsed).toBe(true);
    expect(analyse({ language: 'Bash', code: quoted(7) }).parsed).toBe(false);
  });

  it('that quotes more than a thousand programs is not read', () => {
    const many = (count: number): string => 'eval("1")\n'.repeat(count);
    expect(analyse({ language: 'Python', code: many(1000) }).parsed).toBe(true);
    expect(analyse({ language: 'Python', code: many(1001) }).parsed).toBe(false);
  });

  it('asks for more analysis than it may have in words of both languages', () => {
    const { findings } = analyse({ language: 'Python', code: 'eval("1")\n'.repeat(1001) });
    expect(findings.find(({ rule }) => rule === 'ANY-PARSE')).toMatchObject({
      line: 1,
      column: 1,
      endColumn: 1,
      message: {
        en: 'The program asks for more analysis than any program may have.',
        ja: 'プログラムの解析量が上限を超えました。',
      },
    });
  });
});

describe('brackets', () => {
  const nested = (depth: number): string => `${'('.repeat(depth)}1${')'.repeat(depth)}`;

  it.each([
    ['200 deep', nested(200), undefined],
    ['201 deep', nested(201), 200],
    ['201 deep behind others', `(1)\n${nested(201)}`, 204],
    ['201 deep behind what closes nothing', `)))${nested(201)}`, 203],
    ['201 open ones', '['.repeat(201), 200],
    ['of all kinds', '([{'.repeat(67), 200],
    ['side by side', '(1)'.repeat(300), undefined],
    ['in a comment', `# ${'('.repeat(300)}\n`, undefined],
    ['in a text', `"${'('.repeat(300)}"`, undefined],
    ['behind a text that ends', `"\\""${nested(201)}`, 204],
    ['behind a long text', `'''\n'(\n'''${nested(201)}`, 210],
    ['behind a text that its line ends', `'(\n${nested(201)}`, 203],
  ])('%s are too deep at %j', (_what, code, offset) => {
    expect(tooDeepBracket(code)).toBe(offset);
  });
});

describe('the risk', () => {
  const of = (rule: string, severity: 'Low' | 'Medium' | 'High' | 'Critical', count = 1) =>
    Array.from({ length: count }, () => ({ rule, severity }));

  it.each([
    ['nothing', [], 0],
    ['one Low', of('A', 'Low'), 3],
    ['one Medium', of('A', 'Medium'), 20],
    ['one High', of('A', 'High'), 70],
    ['one Critical', of('A', 'Critical'), 90],
    ['two places', of('A', 'Low', 2), 4],
    ['five places', of('A', 'Low', 5), 7],
    ['nine places', of('A', 'Low', 9), 7],
    ['a graver place first', [...of('A', 'High'), ...of('A', 'Low')], 71],
    ['a graver place last', [...of('A', 'Low'), ...of('A', 'High')], 71],
    ['two rules', [...of('A', 'Medium'), ...of('B', 'Low')], 23],
    ['more than all', [...of('A', 'Critical'), ...of('B', 'Critical')], 100],
  ])('of %s is counted', (_what, findings, score) => {
    expect(riskOf(findings)).toBe(score);
  });

  it('is explained with most first, by name where it is the same', () => {
    const findings = [...of('C', 'Low'), ...of('B', 'Medium'), ...of('A', 'Low'), ...of('D', 'High')];
    expect(riskReasonsOf(findings)).toEqual([
      { rule: 'D', points: 70 },
      { rule: 'B', points: 20 },
      { rule: 'A', points: 3 },
      { rule: 'C', points: 3 },
    ]);
  });
});

describe('an analysis that came to no end', () => {
  it.each([
    ['deadline', 'The analysis did not end within its deadline.', '解析が制限時間内に終わりませんでした。'],
    [
      'memory',
      'The analysis needed more memory than it may have.',
      '解析に必要なメモリーが上限を超えました。',
    ],
    ['crash', 'The analysis ended without an answer.', '解析が結果を出さずに終了しました。'],
  ] as const)('for %s counts as a finding', (failure, en, ja) => {
    const report = reportOfFailure({ language: 'Bash', code: 'first line\nsecond' }, failure);
    expect(report).toMatchObject({
      language: 'Bash',
      parsed: false,
      truncatedFindings: 0,
      actions: [],
      riskScore: 70,
      riskReasons: [{ rule: 'ANY-PARSE', points: 70 }],
    });
    expect(report.findings).toHaveLength(1);
    expect(report.findings[0]).toMatchObject({
      rule: 'ANY-PARSE',
      severity: 'High',
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
      excerpt: 'first line',
      message: { en, ja },
    });
  });
});

describe('values', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_unused, index) => number(index));
  const texts = (count: number) => Array.from({ length: count }, (_unused, index) => text(`t${index}`));

  it('are one of at most 12 numbers and 200 others', () => {
    expect(choice(numbers(12)).kind).toBe('choice');
    expect(choice(numbers(13)).kind).toBe('unknown');
    expect(choice(texts(200)).kind).toBe('choice');
    expect(choice(texts(201)).kind).toBe('unknown');
    expect(choice([...numbers(12), ...texts(188)]).kind).toBe('choice');
    expect(choice([...numbers(12), number(3), number(4)]).kind).toBe('choice');
  });

  it('that are the same are one', () => {
    expect(choice([text('a'), text('a')])).toEqual(text('a'));
    expect(choice([ref('a'), ref('a', { text: 'b' })])).toMatchObject({ kind: 'choice' });
    expect(choice([unknown(1), unknown(1)])).toEqual(unknown(1));
    expect(choice([])).toEqual(unknown());
    expect(choice([choice([text('a'), text('b')]), text('c')])).toMatchObject({
      options: [text('a'), text('b'), text('c')],
    });
  });

  it('in a list are at most 512, and its taint is theirs', () => {
    expect(sequence(texts(512))).toMatchObject({ open: false, taint: 0 });
    expect(sequence(texts(513))).toMatchObject({ open: true });
    expect(sequence(texts(513)).items).toHaveLength(512);
    expect(sequence([text('a', 1), text('b', 4)]).taint).toBe(5);
  });
});

describe('decoders', () => {
  const size = 64 * 1024;
  it.each([
    ['base64', fromBase64, 'YWJj', 'abc'],
    ['base64 without its end', fromBase64, 'YWI', 'ab'],
    ['base64 for URLs', fromBase64, '_-8=', 'ÿï'],
    ['base64 that is none', fromBase64, 'a!', undefined],
    ['hex', fromHex, '6162', 'ab'],
    ['hex with spaces', fromHex, '61 62:63-64', 'abcd'],
    ['hex with escapes', fromHex, '\\x61\\x62', 'ab'],
    ['half a byte', fromHex, '616', undefined],
    ['hex that is none', fromHex, '6g', undefined],
    ['base32', fromBase32, 'MFRGGZDF', 'abcde'],
    ['base32 with an end', fromBase32, 'MFRA====', 'ab'],
    ['base32 in small letters', fromBase32, 'mfrggzdfmy', 'abcdef'],
    ['base32 that is none', fromBase32, '0189', undefined],
    ['base85', fromBase85, 'VPa!s', 'abcd'],
    ['base85 of five letters', fromBase85, 'VPa!sWd', 'abcde'],
    ['base85 that is none', fromBase85, 'VP"', undefined],
    ['base85 that is too much', fromBase85, '~~~~~', undefined],
    ['ascii85', fromAscii85, '@:E_W', 'abcd'],
    ['ascii85 with its marks', fromAscii85, '<~@:E_WAH~>', 'abcde'],
    ['ascii85 of zeros', fromAscii85, 'z', '\0\0\0\0'],
    ['ascii85 that is none', fromAscii85, 'y~', undefined],
    ['as much as they may', fromBase64, 'YWJj'.repeat(size / 4), 'abc'.repeat(size / 4)],
    ['more base64 than they may', fromBase64, `${'YWJj'.repeat(size / 4)}Y`, undefined],
    ['as much hex as they may', fromHex, '61'.repeat(size / 2), 'a'.repeat(size / 2)],
    ['more hex than they may', fromHex, '61'.repeat(size / 2 + 1), undefined],
    ['as much base32 as they may', fromBase32, 'MFRGGZDF'.repeat(size / 8), 'abcde'.repeat(size / 8)],
    ['more base32 than they may', fromBase32, `${'MFRGGZDF'.repeat(size / 8)}=`, undefined],
    ['more base85 than they may', fromBase85, 'VPa!s'.repeat(13_108), undefined],
    ['nearly more base85', fromBase85, 'VPa!s'.repeat(13_107), 'abcd'.repeat(13_107)],
    ['more ascii85 than they may', fromAscii85, ' '.repeat(size + 1), undefined],
    ['as much ascii85 as they may', fromAscii85, ' '.repeat(size), ''],
  ])('read %s', (_what, decode, content, expected) => {
    const given = decode(content);
    expect(given === expected ? 'as expected' : (given ?? 'nothing').slice(0, 80)).toBe('as expected');
  });
});
