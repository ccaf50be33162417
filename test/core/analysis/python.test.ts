import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../../src/core/analysis/engine.ts';

const rulesIn = (code: string, files: Readonly<Record<string, string>> = {}) => {
  const others = Object.entries(files).map(([path, content]) => ({ path, content }));
  return analyse({ language: 'Python', code, files: others })
    .findings.filter(({ severity }) => severity === 'High' || severity === 'Critical')
    .map(({ rule }) => rule);
};

const SHADOW = '"/etc/" + "shadow"';
const opened = 'open(p)';

describe('A path is followed', () => {
  it.each([
    ['through a generator', `def g():\n    yield 1\n    yield ${SHADOW}\n_, p = g()\n${opened}`],
    ['through yield from', `def g():\n    yield from [${SHADOW}]\nfor p in g():\n    ${opened}`],
    ['through next', `def g():\n    yield ${SHADOW}\np = next(g())\n${opened}`],
    [
      'through a context manager',
      `@contextmanager\ndef m():\n    yield ${SHADOW}\nwith m() as p:\n    ${opened}`,
    ],
    ['through a starred target', `_, *q = [1, 2, ${SHADOW}]\np = q[1]\n${opened}`],
    ['past a starred target', `*_, p = (1, 2, ${SHADOW})\n${opened}`],
    ['through a sequence pattern', `match [1, ${SHADOW}]:\n    case [_, p]:\n        ${opened}`],
    ['through a mapping pattern', `match {"k": ${SHADOW}}:\n    case {"k": p}:\n        ${opened}`],
    ['through a name pattern', `match ${SHADOW}:\n    case str() as p:\n        ${opened}`],
    [
      'through an exception',
      `class E(Exception): pass\ntry:\n    raise E(${SHADOW})\nexcept E as e:\n    p = e.args[0]\n    ${opened}`,
    ],
    ['through a default', `def f(p=${SHADOW}):\n    ${opened}\nf()`],
    ['through a keyword-only default', `def f(*, p=${SHADOW}):\n    ${opened}\nf()`],
    [
      'through a default of a constructor',
      `class C:\n    def __init__(self, p=${SHADOW}):\n        self.p = p\nopen(C().p)`,
    ],
    ['through global', `p = "a"\ndef f():\n    global p\n    p = ${SHADOW}\nf()\n${opened}`],
    [
      'through nonlocal',
      `def o():\n    p = "a"\n    def f():\n        nonlocal p\n        p = ${SHADOW}\n    f()\n    ${opened}\no()`,
    ],
    ['into the next round', `p = "a"\nfor i in range(2):\n    ${opened}\n    p = ${SHADOW}`],
    [
      'out of a loop that puts it together',
      `p = ""\nfor c in ["/etc/", "sha", "dow"]:\n    p += c\n${opened}`,
    ],
    [
      'out of a loop that appends',
      `q = []\nfor c in "wodahs/cte/":\n    q.append(c)\np = "".join(q)[::-1]\n${opened}`,
    ],
    ['through items', `for k, p in {"a": ${SHADOW}}.items():\n    ${opened}`],
    ['through zip', `for k, p in zip([1], [${SHADOW}]):\n    ${opened}`],
    ['through enumerate', `for k, p in enumerate([${SHADOW}]):\n    ${opened}`],
    [
      'through reduce',
      'from functools import reduce\np = reduce(lambda a, b: a + b, ["/etc", "/", "shadow"])\nopen(p)',
    ],
    ['through os.sep', 'import os\np = os.sep + os.sep.join(["etc", "shadow"])\nopen(p)'],
    [
      'through the alphabet',
      'import string\na = string.ascii_lowercase\np = "/etc/" + a[18] + a[7] + a[0] + a[3] + a[14] + a[22]\nopen(p)',
    ],
    ['through translate', 'p = "/fud/tibepx".translate(str.maketrans("fudtibepx", "etcshadow"))\nopen(p)'],
    ['through base85', 'import base64\np = base64.b85decode("FJ*LNFLP*NWN&u").decode()\nopen(p)'],
    ['through to_bytes', 'p = "/etc/sha" + (6582135).to_bytes(3, "big").decode()\nopen(p)'],
    ['up to the root', 'open("../../../etc/shadow")'],
  ])('%s', (_how, code) => {
    expect(rulesIn(code)).toContain('ANY-READ-SECRET');
  });
});

describe('A path is followed through objects and the library', () => {
  it.each([
    ['class C:\n    @property\n    def p(self): return "/etc/" + "shadow"\nopen(C().p)'],
    ['from x import *\nclass C:\n    @staticmethod\n    def p(a): return "/etc/" + a\nopen(C.p("shadow"))'],
    ['from x import *\nclass C:\n    @property\n    def p(self): return "/etc/shadow"\nopen(C().p)'],
    ['class C:\n    def __getattr__(self, n): return "/etc/" + n\nopen(C().shadow)'],
    ['class C:\n    def __getitem__(self, n): return "/etc/" + n\nopen(C()["shadow"])'],
    ['class C:\n    def __enter__(self): return "/etc/shadow"\nwith C() as p: open(p)'],
    ['class C:\n    def __iter__(self):\n        yield "/etc/shadow"\nfor p in C(): open(p)'],
    ['class C:\n    def __add__(self, o): return "/etc/" + o\nopen(C() + "shadow")'],
    ['def d(f):\n    def w(p): return f("/etc/" + p)\n    return w\n@d\ndef r(p): open(p)\nr("shadow")'],
    ['@dataclass\nclass C:\n    p: str\nopen(C("/etc/shadow").p)'],
    ['from collections import namedtuple\nN = namedtuple("N", "p q")\nopen(N("/etc/shadow", 1).p)'],
    ['import enum\nclass E(enum.Enum):\n    P = "/etc/shadow"\nopen(E.P.value)'],
    ['def f(**k):\n    open(k["p"])\nf(p="/etc/shadow")'],
    ['d = {}\nd.update(p="/etc/shadow")\nopen(d["p"])'],
    ['l = ["/etc/shadow"]\nopen(l.pop())'],
    ['open("".join(["/etc", "/sha", "dow"][i] for i in range(3)))'],
    ['open("".join(c for c in "/eXtcX/shXadow" if c != "X"))'],
    ['import json\nopen(json.loads(\'{"p": "/etc/shadow"}\')["p"])'],
    ['import ast\nopen(ast.literal_eval("\'/etc/shadow\'"))'],
    ['import html\nopen(html.unescape("&#47;etc&#x2f;shadow"))'],
    ['from urllib.parse import unquote\nopen(unquote("%2Fetc%2Fshadow"))'],
    ['import re\nopen(re.sub("X", "", "/eXtc/shXadow"))'],
    ['import itertools\nopen("".join(itertools.chain("/etc", "/shadow")))'],
    ['from os.path import join, dirname\nopen(join(dirname("/etc/hosts"), "shadow"))'],
    ['from pathlib import Path\nopen(Path("/etc/hosts").parent / "shadow")'],
    ['from pathlib import Path\nopen(Path("/etc/hosts").with_name("shadow"))'],
  ])('%j', (code) => {
    expect(rulesIn(code)).toContain('ANY-READ-SECRET');
  });
});

describe('What a program reaches', () => {
  it.each([
    ['sys.modules.get', 'import sys\nsys.modules.get("o" + "s").system("id")', 'PY-EXEC-OS'],
    ['sys.modules.__getitem__', 'import sys\nsys.modules.__getitem__("os").popen("id")', 'PY-EXEC-OS'],
    [
      'sys.modules.items',
      'import sys\n[m for n, m in sys.modules.items() if n == "os"][0].system("id")',
      'PY-DYN-ATTR',
    ],
    ['__dict__.get', 'import os\nos.__dict__.get("sys" + "tem")("id")', 'PY-EXEC-OS'],
    ['dict(vars())', 'import os\ndict(vars(os))["system"]("id")', 'PY-EXEC-OS'],
    ['all of a module', 'import os\n[v for k, v in vars(os).items() if k == n][0]("id")', 'PY-DYN-ATTR'],
    [
      'reduce and getattr',
      'import os\nfrom functools import reduce\nreduce(getattr, ["system"], os)("id")',
      'PY-EXEC-OS',
    ],
    ['a name with a colon', 'import pkgutil\npkgutil.resolve_name("os:system")("id")', 'PY-EXEC-OS'],
    ['what print belongs to', 'print.__self__.eval("1")', 'PY-DYN'],
    ['a foreign __getattribute__', 'import os\ntype(os).__getattribute__(os, "system")("id")', 'PY-EXEC-OS'],
    ['a made class', 'T = type("T", (), {"p": "/etc/shadow"})\nopen(T.p)', 'ANY-READ-SECRET'],
    ['a field of a template', '"{0.__class__.__init__.__globals__}".format(x)', 'PY-INTROSPECT'],
    [
      'an event loop',
      'import asyncio\nasyncio.get_event_loop().subprocess_shell(P, "id")',
      'PY-EXEC-SUBPROCESS',
    ],
    ['an extension of SQLite', 'import sqlite3\nsqlite3.connect("x").load_extension("./e")', 'PY-NATIVE'],
    ['the import machinery', 'import sys\nsys.meta_path.append(x)', 'PY-DYN-IMPORT'],
    ['the environment, spread', 'import os\nprint({**os.environ})', 'ANY-ENV-DUMP'],
    ['the environment, formatted', 'import os\nprint(f"{os.environ}")', 'ANY-ENV-DUMP'],
  ])('%s', (_how, code, rule) => {
    expect(rulesIn(code)).toContain(rule);
  });
});

describe('What never ends, or needs too much', () => {
  it.each([
    ['while len("ab") == 2:\n    pass', 'ANY-LOOP'],
    ['while bool(1):\n    pass', 'ANY-LOOP'],
    ['while (lambda: True)():\n    pass', 'ANY-LOOP'],
    ['import itertools\nsum(itertools.repeat(1))', 'PY-LOOP-ITER'],
    ['while (x := 1):\n    pass', 'ANY-LOOP'],
    ['import itertools as i\nfor a in zip(i.count(), i.cycle("ab")):\n    print(a)', 'PY-LOOP-ITER'],
    ['import itertools as i\nfor n, a in enumerate(i.count()):\n    print(a)', 'PY-LOOP-ITER'],
    ['"x".ljust(10 ** 12)', 'ANY-ALLOC'],
    ['f"{x:>99999999999}"', 'ANY-ALLOC'],
    ['list(range(10 ** 10))', 'ANY-ALLOC'],
    ['pow(9, 9 ** 9)', 'ANY-ALLOC'],
    ['import math\nmath.factorial(10 ** 9)', 'ANY-ALLOC'],
    ['open("b", "wb").truncate(10 ** 12)', 'ANY-ALLOC'],
  ])('%j', (code, rule) => {
    expect(rulesIn(code)).toContain(rule);
  });
});

describe('A file that a program writes and runs is judged', () => {
  it.each([
    ['open("x.py", "w").write("import os\\nos.kill(1, 9)")\nimport x', 'ANY-KILL'],
    [
      'with open("p.py", "w") as f:\n    f.write("import os\\nos.kill(1, 9)")\nimport subprocess\nsubprocess.run(["python", "p.py"])',
      'ANY-KILL',
    ],
    [
      'from pathlib import Path\nPath("a.sh").write_text("rm -rf /")\nimport subprocess\nsubprocess.run(["bash", "a.sh"])',
      'SH-DELETE',
    ],
    ['import subprocess\nsubprocess.run(["sh"], input=b"rm -rf /")', 'SH-DELETE'],
    [
      'import subprocess\np = subprocess.Popen(["bash"], stdin=subprocess.PIPE)\np.communicate(b"rm -rf /")',
      'SH-DELETE',
    ],
    [
      'import subprocess\np = subprocess.Popen(["sh"], stdin=subprocess.PIPE)\np.stdin.write(b"rm -rf /")',
      'SH-DELETE',
    ],
  ])('%j', (code, rule) => {
    expect(rulesIn(code)).toContain(rule);
  });

  it('and one that it only writes is not', () => {
    expect(rulesIn('open("x.py", "w").write("import os\\nos.kill(1, 9)")')).toEqual([]);
  });
});

describe('Names lead into the files beside the program', () => {
  const shows = 'def show(p):\n    return open(p)';
  it.each([
    ['a constant', 'from helper import P\nopen(P)', { 'helper.py': `P = ${SHADOW}` }],
    [
      'what a function gives',
      'import helper\nopen(helper.path())',
      { 'helper.py': `def path():\n    return ${SHADOW}` },
    ],
    ['an argument', 'import helper as h\nh.show("/etc/shadow")', { 'helper.py': shows }],
    ['all names', 'from helper import *\nshow("/etc/shadow")', { 'helper.py': shows }],
    ['a package', 'import a.b\na.b.show("/etc/shadow")', { 'a/__init__.py': '', 'a/b.py': shows }],
    [
      'a name handed on',
      'from a import go\ngo("/etc/shadow")',
      { 'a/__init__.py': 'from .b import show as go', 'a/b.py': shows },
    ],
    [
      'a class',
      'from a import b\nb.C().show("/etc/shadow")',
      { 'a/b.py': 'class C:\n    def show(self, p):\n        open(p)' },
    ],
  ])('%s', (_how, code, files) => {
    const found = analyse({
      language: 'Python',
      code,
      files: Object.entries(files).map(([path, content]) => ({ path, content })),
    }).findings.filter(({ rule }) => rule === 'ANY-READ-SECRET');
    expect(found.map(({ file, line }) => [file, line])).toContainEqual([undefined, 2]);
  });

  it('but a file cannot stand for what the interpreter has loaded', () => {
    expect(rulesIn('import os\nos.system("id")', { 'os.py': 'system = print' })).toContain('PY-EXEC-OS');
  });

  it('and modules that import each other end', () => {
    expect(rulesIn('import a', { 'a.py': 'import b\nx = 1', 'b.py': 'from a import x' })).toEqual([]);
  });
});

describe('Work is bounded', () => {
  it.each([
    ['lists that hold themselves', `a = [1] * 500\n${'a = zip(a, a, a, a)\n'.repeat(8000)}print(a)`],
    [
      'reductions that double',
      'from functools import reduce\nreduce(lambda a, b: [a, b, a], [1] * 200)\n'.repeat(1000),
    ],
    [
      'loops in loops',
      'x = [[[0 for i in range(400)] for j in range(400)] for k in range(400)]\n'.repeat(50),
    ],
    [
      'objects that ask themselves',
      'class C:\n    def __getattr__(self, n):\n        return self.x.y\nC().a.b\n'.repeat(500),
    ],
  ])('%s', (_what, code) => {
    // Of the processor: how busy the machine is does not matter.
    const before = process.cpuUsage();
    analyse({ language: 'Python', code });
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
  });
});

describe('A program that does not parse', () => {
  it.each([
    ['x = 1\n%matplotlib inline', /line 2, column 1.*notebook/],
    ['!pip install x', /line 1, column 1.*notebook/],
    ['print "hello"', /line 1, column 7.*Python 2/],
    ['x = (1,', /line 1, column \d+\)\.$/],
  ])('%j is told where, and why if that is plain', (code, sentence) => {
    const [found] = analyse({ language: 'Python', code }).findings;
    expect(found?.message.en).toMatch(sentence);
  });
});

describe('Honest Python stays as it is', () => {
  it.each([
    ['running = True\ndef stop():\n    global running\n    running = False\nwhile running:\n    stop()'],
    ['for name, value in {"a": 1}.items():\n    print(name, value)'],
    ['total = 0\nfor x in [1, 2, 3]:\n    total += x\nprint(total)'],
    [
      'def fib():\n    a, b = 0, 1\n    while True:\n        yield a\n        a, b = b, a + b\nfor x in fib():\n    if x > 100:\n        break',
    ],
    ['try:\n    raise ValueError("x")\nexcept ValueError as e:\n    print(e.args, str(e))'],
    ['first, *rest = input().split()\nprint(first, rest)'],
    ['match command.split():\n    case ["go", where]:\n        print(where)'],
    ['print("{0.name} is {1}".format(x, 2))'],
    ['print(list(range(10 ** 6)))'],
    ['grid = [[[0 for i in range(100)] for j in range(100)] for k in range(100)]'],
    ['with open("make.py", "w") as f:\n    f.write("print(1)")\nimport make'],
    ['open("../data/lib/x.csv", "w")'],
  ])('%j', (code) => {
    expect(
      analyse({ language: 'Python', code }).findings.filter(({ severity }) => severity !== 'Low'),
    ).toEqual([]);
  });
});
