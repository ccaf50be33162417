/** Names that a program decodes with a loop or a function of its own. What is decoded is judged as if it stood there. */
import { describe, expect, test } from '@jest/globals';
import { analyse } from '../../../src/core/analysis/engine.ts';
import type { LanguageName } from '../../../src/core/analysis/report.ts';

const rulesIn = (language: LanguageName, code: string) =>
  analyse({ language, code }).findings.map(({ rule }) => rule);

// "tztufn" is "system", "dijme`qspdftt" is "child_process", each letter one further.
describe('Python decodes', () => {
  const run = 'import os\ngetattr(os, name)("id")\n';
  test.each([
    ['in a loop over characters', 'name = ""\nfor c in "tztufn":\n    name += chr(ord(c) - 1)\n'],
    ['in a loop over indexes', 'name = ""\nfor i in range(6):\n    name += chr(ord("tztufn"[i]) - 1)\n'],
    [
      'in a loop over bytes into a list',
      'l = []\nfor b in b"tztufn":\n    l.append(chr(b - 1))\nname = "".join(l)\n',
    ],
    [
      'in a loop with a condition',
      'name, i, s = "", 0, "tztufn"\nwhile i < len(s):\n    name = name + chr(ord(s[i]) - 1)\n    i += 1\n',
    ],
    [
      'in a function',
      'def d(s):\n    r = ""\n    for c in s:\n        r += chr(ord(c) - 1)\n    return r\nname = d("tztufn")\n',
    ],
    [
      'by a function that is handed each letter',
      'def f(c):\n    return chr(ord(c) - 1)\nname = "".join(map(f, "tztufn"))\n',
    ],
  ])('%s', (_how, decode) => expect(rulesIn('Python', decode + run)).toContain('PY-EXEC-OS'));

  test('one name among others by a function that is called with each', () => {
    const code = 'def d(s):\n    return s[::-1]\na = d("tnirp")\nimport os\ngetattr(os, d("metsys"))("id")\n';
    expect(rulesIn('Python', code)).toContain('PY-EXEC-OS');
    expect(rulesIn('Python', code.replace('d("metsys")', 'd("dwcteg")'))).not.toContain('PY-EXEC-OS');
  });
});

describe('JavaScript decodes', () => {
  const run = '\nrequire(name).exec("id");\n';
  test.each([
    [
      'in a loop over characters',
      'let name = ""; for (const c of "dijme`qspdftt") name += String.fromCharCode(c.charCodeAt(0) - 1);',
    ],
    [
      'in a counting loop',
      'const s = "dijme`qspdftt"; let name = ""; for (let i = 0; i < s.length; i++) { name += String.fromCharCode(s.charCodeAt(i) - 1); }',
    ],
    [
      'in a loop with a condition',
      'const l = []; let i = 0; while (i < 13) { l.push("child_process"[i]); i++; } const name = l.join("");',
    ],
    [
      'by map',
      'const name = [..."dijme`qspdftt"].map((c) => String.fromCharCode(c.charCodeAt(0) - 1)).join("");',
    ],
    ['by Array.from', 'const name = Array.from("ssecorp_dlihc").reverse().join("");'],
    [
      'from bytes',
      'const name = new TextDecoder().decode(new Uint8Array([99,104,105,108,100,95,112,114,111,99,101,115,115]));',
    ],
    ['by a tag', 'const tag = (s) => s[0]; const name = tag`child_process`;'],
  ])('%s', (_how, decode) => expect(rulesIn('JavaScript', decode + run)).toContain('JS-EXEC-CHILD'));
});

describe('a loop that builds something', () => {
  test.each([
    ['that is long', 'n = 0\nfor i in range(10 ** 9):\n    n += i\n'],
    ['that ends', 'n = 5\nwhile n > 0:\n    n -= 1\n'],
    ['that is nested', 'r = []\nfor i in range(200):\n    for j in range(200):\n        r.append(i * j)\n'],
    ['whose rounds are not known', 'import sys\ns = ""\nfor line in sys.stdin:\n    s += line\n'],
  ])('%s is left alone', (_what, code) => expect(rulesIn('Python', code)).toEqual([]));

  test('that doubles is found', () => {
    expect(rulesIn('Python', 's = "a"\nfor i in range(40):\n    s += s\n')).toContain('ANY-ALLOC');
  });
});
