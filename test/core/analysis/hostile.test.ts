import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../../src/core/analysis/engine.ts';
import type { LanguageName } from '../../../src/core/analysis/report.ts';

/** Processor time, so that a busy machine does not matter; the wall-clock deadline is the worker's business. */
const MAXIMUM_SECONDS = 2;

const filled = (piece: string): string => piece.repeat(Math.floor(200_000 / piece.length));
const nested = (open: string, close: string, times: number, inner = '1'): string =>
  open.repeat(times) + inner + close.repeat(times);

/** 100 MB of zeros. */
const BOMB = deflateSync(Buffer.alloc(100_000_000)).toString('hex').slice(0, 180_000);

const PROGRAMS: readonly (readonly [string, LanguageName, string])[] = [
  ['repetition', 'Python', 'x = "a" * 10**9 * 10**9'],
  ['towers of powers', 'Python', '9**9**9**9**9'],
  ['shifts', 'Python', '1 << 10**18'],
  ['wide formats', 'Python', '"{:>1000000000}".format("a"); "%1000000000d" % 1'],
  ['joins', 'Python', '"a".join("b" * 60000).join("c" * 60000)'],
  ['doubling', 'Python', `a = "aa"\n${'a = a + a\n'.repeat(5000)}`],
  ['doubling of lists', 'Python', `a = [1, 2]\n${'a = a + a\n'.repeat(3000)}`],
  ['lists in lists', 'Python', `def f(a):\n return [a, a]\n${'x = f(x)\n'.repeat(3000)}`],
  ['bombs of zeros', 'Python', `import zlib\nexec(zlib.decompress(bytes.fromhex("${BOMB}")))`],
  ['formats of formats', 'Python', `x = "${'{0}'.repeat(8)}"\n${'x = x.format(x)\n'.repeat(50)}`],
  ['lambdas', 'Python', `x = ${'lambda: '.repeat(10_000)}1`],
  ['doubling of dicts', 'Python', `a = {}\n${'a = {"a": a, "b": a}\n'.repeat(3000)}open(a)`],
  [
    'calls that double',
    'Python',
    `def f0(x): return x + x\n${Array.from({ length: 60 }, (_unused, i) => `def f${i + 1}(x):\n return f${i}(x) + f${i}(x)\n`).join('')}f60("a")`,
  ],
  [
    'comprehensions in comprehensions',
    'Python',
    Array.from({ length: 6 }).reduce<string>((inner) => `[${inner} for c in "${'a'.repeat(300)}"]`, '1'),
  ],
  ['replacing again and again', 'Python', `x = "a" * 60000\n${'x.replace("a", "bb")\n'.repeat(3000)}`],
  ['open named characters', 'Python', `"${'\\N{'.repeat(40_000)}"`],
  ['percent signs', 'Python', `"%${'0'.repeat(60_000)}" % 1`],
  ['conditional texts', 'Python', `a = "a"\n${'a = a + ("c" if z else "d")\n'.repeat(3000)}`],
  [
    'a circle of functions',
    'Python',
    Array.from({ length: 1000 }, (_unused, i) => `def f${i}():\n f${(i + 1) % 1000}()`).join('\n'),
  ],
  ['one long line', 'Python', `x = [${filled('{"a": [1, 2, "b"]}, ')}]`],
  ['many lines', 'Python', '\n'.repeat(200_000)],
  ['many findings', 'Python', filled('import os;os.fork()\n')],
  ['many loops', 'Python', filled('while True:\n f()\n')],
  ['deep parentheses', 'Python', nested('(', ')', 50_000)],
  ['deep lists', 'Python', nested('[', ']', 3000)],
  ['long sums', 'Python', `x = ${filled('"a" + ')}"a"`],
  ['long chains of attributes', 'Python', `x${filled('.a')}`],
  ['non-ASCII on one line', 'Python', filled('あ = 1;')],
  ['repetition', 'JavaScript', '"a".repeat(1e9).repeat(1e9); Buffer.alloc(1e12)'],
  ['deep arrays', 'JavaScript', nested('[', ']', 20_000)],
  ['arrows', 'JavaScript', `${'a=>'.repeat(40_000)}1`],
  ['spreads that double', 'JavaScript', `let a = [1];${'a = [...a, ...a];'.repeat(3000)}`],
  [
    'calls that double',
    'JavaScript',
    `const f0=x=>x+x;${Array.from({ length: 60 }, (_unused, i) => `const f${i + 1}=x=>f${i}(x)+f${i}(x);`).join('')}f60("a")`,
  ],
  ['templates in templates', 'JavaScript', nested('`${', '}`', 2000)],
  ['types in types', 'TypeScript', `let x: ${nested('A<', '>', 3000)}`],
  ['deep substitutions', 'Bash', `echo ${nested('$(', ')', 2000, 'x')}`],
  ['long pipes', 'Bash', `${'a|'.repeat(50_000)}a`],
  ['doubling', 'Bash', `a=aa\n${'a=$a$a\n'.repeat(3000)}`],
  ['braces', 'Bash', `echo ${'{a,b}'.repeat(20_000)}`],
  ['defaults in defaults', 'Bash', `echo ${nested('${a:-', '}', 5000, 'x')}`],
  ['wrappers of wrappers', 'Bash', `${'sudo '.repeat(40_000)}id`],
  ['decoders in a row', 'Bash', `echo ${'a'.repeat(50_000)}${'|rev'.repeat(200)}|sh`],
  ['stars', 'Bash', `cat /etc/${'*a'.repeat(200)}`],
  ['sed expressions', 'Bash', `sed ${'s/'.repeat(8000)} x`],
];

describe('hostile input', () => {
  it.each(PROGRAMS)('%s in %s ends in time, with an answer', (_what, language, code) => {
    const before = process.cpuUsage();
    const report = analyse({ language, code });
    const { user } = process.cpuUsage(before);
    expect(user / 1e6).toBeLessThan(MAXIMUM_SECONDS);
    expect(report.parsed || report.findings.some(({ rule }) => rule === 'ANY-PARSE')).toBe(true);
  });

  it.each([
    ['Python', nested('(', ')', 50_000), 'nested too deeply'],
    ['JavaScript', nested('[', ']', 50_000), 'nested too deeply'],
    ['Python', `x = "${'a'.repeat(256 * 1024)}"`, '256 KiB'],
    ['Python', `x = "${'あ'.repeat(100_000)}"`, '256 KiB'],
    ['Python', filled('eval("1")\n'), 'more analysis'],
  ] as const)('that cannot be read in %s is denied for a reason', (language, code, reason) => {
    const report = analyse({ language, code });
    expect(report).toMatchObject({ parsed: false });
    expect(report.riskScore).toBeGreaterThanOrEqual(70);
    expect(report.findings.find(({ rule }) => rule === 'ANY-PARSE')?.message.en).toContain(reason);
  });

  it.each([
    ['as deep as Python reads', nested('(', ')', 200), true],
    ['deeper than Python reads, whatever stack the parser has left', nested('(', ')', 201), false],
    ['deeper, after texts and comments', `x = '''\n"(''' # ((\ny = ${nested('[', ']', 201)}`, false],
    [
      'in texts and comments alone',
      `x = "${'('.repeat(300)}" # ${'['.repeat(300)}\n"""${'{'.repeat(300)}"""`,
      true,
    ],
    ['side by side', `x = [${'(1),'.repeat(300)}]`, true],
  ])('brackets %s', (_what, code, parsed) => {
    expect(analyse({ language: 'Python', code }).parsed).toBe(parsed);
  });

  it.each([
    ['Python', '# hi\rimport os;os.system("id")', ['PY-ENCODING', 'PY-EXEC-OS']],
    ['Python', '# -*- coding: utf-7 -*-\nx = 1', ['PY-ENCODING']],
    ['Python', 'x = 1 #\0', ['PY-ENCODING']],
    ['Python', 'x = 1\n\f\nimport os\nos.fork()', ['PY-FORK']],
    ['Python', '\ufeffimport os\nos.fork()', ['PY-FORK']],
    ['Python', `x = 1;${' '.repeat(300)}import os; os.fork()`, ['ANY-OBFUSC', 'PY-FORK']],
    ['JavaScript', 'let x = 1; // \u202e\neval("1")', ['ANY-OBFUSC', 'JS-DYN']],
  ] as const)('that misleads readers of %s is seen through: %j', (language, code, rules) => {
    const found = new Set(analyse({ language, code }).findings.map(({ rule }) => rule));
    for (const rule of rules) expect(found).toContain(rule);
  });

  it.each(['', '\n', '   ', '# only a comment'])('that does nothing is no finding: %j', (code) => {
    for (const language of ['Python', 'Bash'] as const)
      expect(analyse({ language, code })).toMatchObject({ parsed: true, findings: [] });
  });
});
