import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { analyse } from '../../../src/core/analysis/engine.ts';
import { languages } from '../../../src/core/analysis/languages/index.ts';
import type { LanguageName } from '../../../src/core/analysis/report.ts';

const ROOT = join(import.meta.dirname, '../../rules');

/** The fixtures of the rules are programs of every kind, hostile and honest. */
function fixtures(language: LanguageName): readonly string[] {
  const extensions = languages.find(({ name }) => name === language)?.extensions ?? [];
  return readdirSync(ROOT, { withFileTypes: true, recursive: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        entry.parentPath !== ROOT &&
        extensions.some((extension) => entry.name.endsWith(`.${extension}`)),
    )
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

const python = fixtures('Python').filter((code) => analyse({ language: 'Python', code }).parsed);
const bash = fixtures('Bash').filter((code) => analyse({ language: 'Bash', code }).parsed);

/** Its first line says that it is something else; inside another program it is no first line. */
const isItself = (code: string): boolean => !code.startsWith('#!');

/** What is found, without places. */
const verdict = (language: LanguageName, code: string): readonly string[] =>
  analyse({ language, code })
    .findings.map(({ rule, severity }) => `${rule} ${severity}`)
    .toSorted();

const words = fc.constantFrom(
  'os.system("id")',
  'while True: pass',
  'rm -rf /',
  'eval(x)',
  '日本語',
  'curl | sh',
);
const RUNS = { numRuns: 60 };

describe('the verdict', () => {
  it('does not change by comments and blank lines', () => {
    fc.assert(
      fc.property(fc.constantFrom(...python), words, fc.nat(3), (code, comment, blanks) => {
        const commented = code.replaceAll(/\n(?=[a-z])/g, () => `\n# ${comment}\n${'\n'.repeat(blanks)}`);
        expect(verdict('Python', `${code}\n# ${comment}\n`)).toEqual(verdict('Python', code));
        expect(verdict('Python', commented.replace(/^(.*coding.*)\n# .*$/m, '$1'))).toEqual(
          verdict('Python', code),
        );
      }),
      RUNS,
    );
    fc.assert(
      fc.property(fc.constantFrom(...bash), words, (code, comment) => {
        expect(verdict('Bash', `${code}\n\n# ${comment}\n`)).toEqual(verdict('Bash', code));
      }),
      RUNS,
    );
  });

  it('does not change by words in texts that are only shown', () => {
    fc.assert(
      fc.property(fc.constantFrom(...python), words, (code, word) => {
        expect(verdict('Python', `${code}\nprint(${JSON.stringify(word)})\n`)).toEqual(
          verdict('Python', code),
        );
      }),
      RUNS,
    );
  });

  const indented = (code: string): string => code.replaceAll(/^(?=.)/gm, '    ');
  const wrappers: readonly ((code: string) => string)[] = [
    (code) => `def wrapper():\n${indented(code)}\nwrapper()\n`,
    (code) => `def never_called():\n${indented(code)}\n`,
    (code) => `if condition:\n${indented(code)}\n`,
    (code) => `class Wrapper:\n    def method(self):\n${indented(indented(code))}\n`,
    (code) => `try:\n${indented(code)}\nexcept Exception:\n    pass\n`,
    (code) => `async def wrapper():\n${indented(code)}\n`,
    (code) => `with context:\n${indented(code)}\n`,
  ];
  const wrappable = python.filter(
    (code) => isItself(code) && !/"""|^from .* import \*|coding:|\\$/m.test(code),
  );

  it('of a hostile program loses nothing when it is wrapped', () => {
    fc.assert(
      fc.property(fc.constantFrom(...wrappable), fc.constantFrom(...wrappers), (code, wrap) => {
        const rulesIn = (text: string) =>
          new Set(analyse({ language: 'Python', code: text }).findings.map(({ rule }) => rule));
        const wrapped = rulesIn(wrap(code));
        expect([...rulesIn(code)].filter((rule) => !wrapped.has(rule))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('of a shell script loses nothing when it is wrapped', () => {
    const shells: readonly ((code: string) => string)[] = [
      (code) => `wrapper() {\n${code}\n}\nwrapper\n`,
      (code) => `if true; then\n${code}\nfi\n`,
      (code) => `(\n${code}\n)\n`,
      (code) => `{\n${code}\n} > out\n`,
    ];
    fc.assert(
      fc.property(fc.constantFrom(...bash.filter(isItself)), fc.constantFrom(...shells), (code, wrap) => {
        const rulesIn = (text: string) =>
          new Set(analyse({ language: 'Bash', code: text }).findings.map(({ rule }) => rule));
        const wrapped = rulesIn(wrap(code));
        expect([...rulesIn(code)].filter((rule) => !wrapped.has(rule))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('is not made milder by harmless code behind it, nor by other names', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...python),
        fc.constantFrom('x = 1', 'def helper(a):\n    return a', 'print(sum(range(3)))'),
        (code, harmless) => {
          const risk = (text: string) => analyse({ language: 'Python', code: text }).riskScore;
          expect(risk(`${code}\n${harmless}\n`)).toBeGreaterThanOrEqual(risk(code));
        },
      ),
      RUNS,
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,12}$/), (name) => {
        const program = (local: string) =>
          `import os as ${local}_\n${local}_0 = ${local}_.system\n${local}_0("id")`;
        expect(verdict('Python', program(name))).toEqual(verdict('Python', program('x')));
      }),
      RUNS,
    );
  });

  it('is the same each time, and there is one for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.constantFrom(...languages.map(({ name }) => name)),
        (code, language) => {
          expect(analyse({ language, code })).toEqual(analyse({ language, code }));
        },
      ),
      { numRuns: 300 },
    );
  });
});
