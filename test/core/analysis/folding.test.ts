import { describe, expect, it } from '@jest/globals';
import { openDocument } from '../../../src/core/analysis/document.ts';
import { languageNamed } from '../../../src/core/analysis/languages/index.ts';
import { Budget } from '../../../src/core/analysis/program/budget.ts';
import type { Recorded } from '../../../src/core/analysis/program/program.ts';
import { textsOf } from '../../../src/core/analysis/program/value.ts';
import type { LanguageName } from '../../../src/core/analysis/report.ts';

function read(language: LanguageName, code: string): Recorded {
  return languageNamed(language).read(openDocument(code), {
    budget: new Budget(),
    depth: 0,
    taint: 0,
    host: undefined,
  });
}

const namesIn = (language: LanguageName, code: string) =>
  read(language, code).references.map(({ name }) => name);
/** The texts that the last call of f is given. */
const given = (language: LanguageName, code: string) => {
  const call = read(language, code).calls.findLast(({ name }) => name === 'f');
  return call?.args.flatMap((arg) => [...textsOf(arg)]);
};

describe('Python names', () => {
  it.each([
    ['import os as o\no.system'],
    ['from os import system as s\ns'],
    ['from os import *\nsystem'],
    ['import os\nf = os\ng = f.system\ng'],
    ['import posix\nposix.system'],
    ['import platform\nplatform.os.system'],
    ['import random\nrandom._os.system'],
    ['import os\nclass A:\n    run = os.system\nA().run'],
    [
      'import os\nclass A:\n    def __init__(self):\n        self.run = os.system\n    def go(self):\n        self.run("id")',
    ],
    ['import os\ndef pick():\n    return os.system\npick()("id")'],
    ['import os\nd = {"a": [os.system]}\nd["a"][0]'],
    ['import os\n(lambda g: g("id"))(os.system)'],
    ['import os\n(g := os.system)("id")'],
    ['import os\ng, h = os.system, 1\ng("id")'],
    ['import os\nfor g in [print, os.system]:\n    g("id")'],
    ['import sys\nsys.modules["os"].system'],
    ['globals()["__builtins__"].__import__("os").system'],
    ['import importlib\nimportlib.import_module("os").system'],
    ['import os\nos.__dict__["system"]'],
    ['import os\nobject.__getattribute__(os, "system")'],
    ['import operator, os\noperator.methodcaller("system", "id")(os)'],
    ['import os\nｏｓ.ｓｙｓｔｅｍ'],
  ])('%j leads to os.system', (code) => {
    expect(namesIn('Python', code)).toContain('os.system');
  });

  it.each([
    ['def system(x): pass\nsystem(1)'],
    ['class os:\n    system = 1\nos.system'],
    ['def f(os):\n    os.system("id")'],
    ['os = object()\nos.system'],
    ['x = "os.system"'],
  ])('%j does not', (code) => {
    expect(namesIn('Python', code)).not.toContain('os.system');
  });
});

describe('Python constants', () => {
  it.each([
    ['"a" + "b"'],
    ['"".join(["a", "b"])'],
    ['"%s%s" % ("a", "b")'],
    ['"{}{}".format("a", "b")'],
    ['"{1}{0}".format("b", "a")'],
    ['f"{\'a\'}b"'],
    ['"ba"[::-1]'],
    ['"xaby"[1:3]'],
    ['"AB".lower()'],
    ['"axb".replace("x", "")'],
    ['chr(97) + chr(0x62)'],
    ['"".join(chr(c) for c in [97, 98])'],
    ['"".join(map(chr, [97, 98]))'],
    ['"".join(chr(ord(c) ^ 1) for c in "`c")'],
    ['"".join(reversed("ba"))'],
    ['bytes([97, 98]).decode()'],
    ['bytes.fromhex("6162").decode()'],
    ['__import__("base64").b64decode("YWI=").decode()'],
    ['__import__("codecs").decode("no", "rot13")'],
    ['"\\x61\\142"'],
    ['str(b"ab", "utf-8")'],
    ['"a" "b"'],
    ['"ab" if True else "c"'],
    ['("x", "ab")[1]'],
    ['{"k": "ab"}["k"]'],
    ['str("ab")'],
  ])('f(%s) is f("ab")', (expression) => {
    expect(given('Python', `f(${expression})`)).toEqual(['ab']);
  });

  it('keeps what is known of a text that is not', () => {
    expect(given('Python', 'f("http://" + host + "/x")')).toEqual(['http://\ufffc/x']);
  });

  it('takes both arms of a condition, and each turn of a loop', () => {
    expect(given('Python', 'x = "a" if y else "b"\nf(x)')).toEqual(['a', 'b']);
    expect(given('Python', 'for x in ["a", "b"]:\n    f("/" + x)')).toEqual(['/a', '/b']);
  });
});

describe('JavaScript names and constants', () => {
  it.each([
    ['require("child_process").exec'],
    ['const { exec: e } = require("node:child_process"); e'],
    ['import * as c from "child_process"; c.exec'],
    ['import c from "child_process"; c.exec'],
    ['const r = require; r("child_process").exec'],
    ['import("child_process").then(({ exec }) => exec("id"))'],
    ['(async () => (await import("child_process")).exec)()'],
    ['process.mainModule.require("child_process").exec'],
    ['globalThis["req" + "uire"]("child_process").exec'],
    ['module.constructor._load("child_process").exec'],
    ['process.getBuiltinModule("child_process").exec'],
    ['require(atob("Y2hpbGRfcHJvY2Vzcw==")).exec'],
    ['require(String.fromCharCode(...[99, 104, 105, 108, 100, 95, 112, 114, 111, 99, 101, 115, 115])).exec'],
    ['require("ssecorp_dlihc".split("").reverse().join("")).exec'],
    ['const a = ["child", "process"]; require(`${a[0]}_${a[1]}`).exec'],
    ['class A { m = require("child_process") } new A().m.exec'],
    ['Reflect.get(require("child_process"), "exec")'],
    ['Reflect.apply(require, null, ["child_process"]).exec'],
    ['require.call(null, "child_process").exec'],
  ])('%j leads to child_process.exec', (code) => {
    expect(namesIn('JavaScript', code)).toContain('child_process.exec');
  });

  it.each([
    ['const require = () => ({}); require("child_process").exec'],
    ['function f(require) { require("child_process").exec }'],
  ])('%j does not', (code) => {
    expect(namesIn('JavaScript', code)).not.toContain('child_process.exec');
  });

  it.each([
    ['"a" + "b"'],
    ['`a${"b"}`'],
    ['["a", "b"].join("")'],
    ['"\\x61\\u0062"'],
    ['Buffer.from("6162", "hex").toString()'],
    ['"AB".toLowerCase()'],
    ['("x", "ab")'],
    ['decodeURIComponent("%61b")'],
  ])('f(%s) is f("ab")', (expression) => {
    expect(given('JavaScript', `f(${expression})`)).toEqual(['ab']);
  });
});

describe('shell words', () => {
  const argv = (code: string) => {
    const last = read('Bash', code).commands.at(-1);
    return [last?.name, ...(last?.args.flatMap((arg) => [...textsOf(arg)]) ?? [])];
  };

  it.each([
    [`r'm' "-rf" /`],
    ['\\rm -rf /'],
    ['rm${IFS}-rf${IFS}/'],
    ['a=r; b=m; $a$b -rf /'],
    ['c="rm -rf /"; $c'],
    ['{rm,-rf,/}'],
    ["$'\\x72m' -rf /"],
    ['command sudo env A=b nice -n 5 timeout 3 rm -rf /'],
    ['$(echo rm) -rf /'],
    ['$(echo mr | rev) -rf /'],
    ['$(printf "%s%s" r m) -rf /'],
    ['x=xrm; ${x#x} -rf /'],
    ['x=RM; ${x,,} -rf /'],
    ['${undefined:-rm} -rf /'],
    ['/bin/rm -rf /'],
    ['busybox rm -rf /'],
  ])('of %j are rm -rf /', (code) => {
    expect(argv(code)).toEqual(['rm', '-rf', '/']);
  });

  it('take each turn of a loop', () => {
    expect(argv('for f in a b; do cat "/x/$f"; done')).toEqual(['cat', '/x/a', '/x/b']);
  });
});
