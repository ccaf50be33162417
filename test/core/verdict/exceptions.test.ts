import { describe, expect, test } from '@jest/globals';
import { analyse } from '../../../src/core/analysis/engine.ts';
import type { LanguageName } from '../../../src/core/analysis/report.ts';
import { fits } from '../../../src/core/verdict/exceptions.ts';
import { evaluate } from '../../../src/core/verdict/policy.ts';
import { aPolicy } from '../../support/build.ts';

test.each([
  ['a.example.com', '*.example.com', true],
  ['example.com', '*.example.com', false],
  ['a.example.com.evil.org', '*.example.com', false],
  ['/data/a/b.csv', '/data/*', true],
  ['/database', '/data/*', false],
  ['/data/2024/x.csv', '/data/*/x.csv', true],
  ['ab', 'ab*b', false],
  ['abb', 'ab*b', true],
  ['anything', '*', true],
  ['exact', 'exact', true],
  ['a', '', false],
])('%s fits %s: %s', (text, pattern, expected) => expect(fits(text, pattern)).toBe(expected));

function left(rule: string, except: object, code: string, language: LanguageName = 'Python') {
  const report = analyse({ language, code }, { subjects: true });
  expect(report.findings.some((finding) => finding.rule === rule)).toBe(true);
  const policy = aPolicy({ rules: [{ id: rule, except }] });
  return evaluate(report, policy).findings.filter((finding) => finding.rule === rule).length;
}

test('an import stays where nothing is known to use it for what is excepted', () => {
  const policy = { paths: ['/opt/lib/*'] };
  const load = (path: string) => `import ctypes\nctypes.CDLL(${path})`;
  expect(left('PY-NATIVE', policy, load('"/opt/lib/a.so"'))).toBe(0);
  expect(left('PY-NATIVE', policy, load('"/tmp/a.so"'))).toBeGreaterThan(0);
});

describe('a rule with excepted hosts', () => {
  const except = { hosts: ['*.example.com'] };
  const get = (url: string) => `import requests\nrequests.get(${url})`;

  test('leaves out what goes there alone, the import too', () => {
    expect(left('PY-NET', except, get('"https://api.example.com/v1"'))).toBe(0);
  });

  test.each([
    ['goes elsewhere', get('"https://evil.example.org"')],
    ['may go anywhere', get('input()')],
    ['goes to a host that is put together', get('f"https://{input()}.example.com"')],
    [
      'goes here or there',
      'import requests, sys\nu = "https://a.example.com"\nif sys.argv: u = input()\nrequests.get(u)',
    ],
    ['hides the host in the user part', get('"https://a.example.com@evil.org/"')],
    ['also goes elsewhere', `${get('"https://a.example.com"')}\nrequests.get("https://b.org")`],
  ])('keeps what %s', (_what, code) => expect(left('PY-NET', except, code)).toBeGreaterThan(0));
});

test('excepted modules are those of the place', () => {
  expect(left('PY-NET', { modules: ['requests.*'] }, 'import requests\nrequests.get("https://a.org")')).toBe(
    0,
  );
  expect(left('PY-NET', { modules: ['requests.*'] }, 'import socket\nsocket.socket()')).toBeGreaterThan(0);
});

test('excepted paths are compared as the system takes them', () => {
  const remove = (path: string) => `import shutil\nshutil.rmtree(${path})`;
  expect(left('PY-DELETE', { paths: ['/srv/scratch/*'] }, remove('"/srv/scratch/a"'))).toBe(0);
  expect(left('PY-DELETE', { paths: ['/srv/scratch/*'] }, remove('"/srv/scratch/../../etc"'))).toBe(1);
});
