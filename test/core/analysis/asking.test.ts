import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { rulesFor } from '../../../src/core/analysis/asking.ts';
import { openDocument } from '../../../src/core/analysis/document.ts';
import { analyse } from '../../../src/core/analysis/engine.ts';
import { languageNamed, languageOfFile } from '../../../src/core/analysis/languages/index.ts';
import type { Language } from '../../../src/core/analysis/languages/language.ts';
import { Budget } from '../../../src/core/analysis/program/budget.ts';
import { readWithPayloads } from '../../../src/core/analysis/program/unfold.ts';
import { rules } from '../../../src/core/analysis/rules/index.ts';
import type { LanguageName } from '../../../src/core/analysis/report.ts';
import { textTroubles } from '../../../src/core/analysis/text-troubles.ts';

const ROOT = join(import.meta.dirname, '../../rules');

interface Sample {
  readonly from: string;
  readonly language: Language;
  readonly code: string;
}

/** The programs that rules are tested with: whole, and each line alone, so that nothing else makes a rule be asked. */
const samples: readonly Sample[] = readdirSync(ROOT, { recursive: true, withFileTypes: true }).flatMap(
  (entry) => {
    if (!entry.isFile() || entry.parentPath === ROOT) return [];
    const from = join(entry.parentPath, entry.name);
    const whole = readFileSync(from, 'utf8');
    const language = languageOfFile(from, whole);
    return language ? [whole, ...new Set(whole.split('\n'))].map((code) => ({ from, language, code })) : [];
  },
);

const programsOf = ({ language, code }: Sample) => {
  const document = openDocument(code);
  const troubles = textTroubles(document, language.family);
  return readWithPayloads({ document, language, budget: new Budget(), troubles, beside: [] });
};

describe('a rule', () => {
  it('finds nothing in a program that holds nothing of what the rule needs', () => {
    const missed = samples.flatMap((sample) =>
      programsOf(sample).flatMap((program) => {
        const asked = new Set(rulesFor(program).map(({ id }) => id));
        return rules
          .filter(({ id, languages }) => languages.includes(program.family) && !asked.has(id))
          .filter((rule) => [...(rule.check?.(program) ?? [])].length > 0)
          .map(({ id }) => `${id} in ${sample.from}: ${sample.code}`);
      }),
    );
    expect(samples.length).toBeGreaterThan(1000);
    expect(missed).toEqual([]);
  });

  it('is not asked about most programs', () => {
    const [program] = programsOf({
      from: '',
      language: languageNamed('Python'),
      code: 'total = 0\nfor n in range(3):\n    total += n\nprint(total)\n',
    });
    expect(rulesFor(program!).length).toBeLessThan(rules.length / 5);
  });
});

/** What the programs above do only together with something else that makes the rule be asked. */
const ALONE: readonly (readonly [string, LanguageName, string])[] = [
  ['ANY-ALLOC', 'Python', 'list(range(10**9))'],
  ['ANY-ANTIFORENSIC', 'Bash', 'HISTFILE=x ls'],
  ['ANY-BIND', 'Bash', 'nginx'],
  ['ANY-BIND', 'Bash', 'socat tcp-listen:80 -'],
  ['ANY-DBDUMP', 'Python', 'import db\ndb.connect().execute("select 1 into outfile \'x\'")'],
  ['ANY-DECODE-EXEC', 'Bash', 'source <(base64 -d x)'],
  ['ANY-ENV-DUMP', 'Python', 'import os\nfor name in os.environ: pass'],
  ['ANY-K8S-API', 'Python', 'import kubernetes'],
  ['ANY-LONG-FLOOD', 'Python', 'import socket\nfor n in range(9): socket.create_connection(n)'],
  ['ANY-LONG-FLOOD', 'Bash', 'hydra a'],
  ['ANY-NS-MOUNT', 'Bash', 'nsenter a'],
  ['ANY-RUNTIME-SOCK', 'Python', 'from docker import from_env'],
  ['ANY-RUNTIME-SOCK', 'Bash', 'docker ps'],
  ['JS-DYN', 'JavaScript', 'new Worker(x, { eval: true })'],
  ['JS-DYN', 'JavaScript', 'require()'],
  ['JS-DYN', 'JavaScript', 'globalThis[x()]'],
  ['JS-FORK', 'JavaScript', 'require("cluster").fork()'],
  ['JS-MODULE-HOOK', 'JavaScript', 'require("module").register("a")'],
  ['JS-PROTO', 'JavaScript', 'Object.assign(Array.prototype, x)'],
  ['PY-DELETE', 'Python', 'import pathlib\npathlib.Path("a").unlink()'],
  ['PY-DYN-IMPORT', 'Python', 'import importlib\nimportlib.reload(x)'],
  ['PY-LOOP-ITER', 'Python', 'import itertools\nfor n in itertools.count(): pass'],
  ['SH-ALIAS-TRAP', 'Bash', 'LD_PRELOAD=x ls'],
  ['SH-DISK', 'Bash', 'mkfs a'],
  ['SH-INTERP-INLINE', 'Bash', 'sed "1e id" a'],
  ['SH-INTERP-INLINE', 'Bash', 'vim -c "!id"'],
];

describe('each of the needs', () => {
  it.each(ALONE)('is enough by itself: %s in %s: %s', (rule, language, code) => {
    expect(analyse({ language, code }).findings.map((finding) => finding.rule)).toContain(rule);
  });
});

describe('a host', () => {
  it('is recognised by the letters that a resolver takes for its own', () => {
    const rulesIn = (host: string) =>
      analyse({ language: 'Python', code: `open("https://${host}/api")\n` }).findings.map(({ rule }) => rule);
    // U+212A is the sign of the unit Kelvin, and the letter k in lower case.
    expect(rulesIn('\u212aubernetes.default.svc')).toContain('ANY-K8S-API');
    expect(rulesIn('example.org')).not.toContain('ANY-K8S-API');
  });
});
