/** What the engine says of every program of the repository, as far as the marks of the fixtures say it too: one digest. */
import { createHash } from 'node:crypto';
import { analyse } from '../../src/core/analysis/engine.ts';
import { repositoryPrograms } from '../analysis/programs.ts';

const declaredIn = (code: string): readonly string[] =>
  /^\s*(?:#|\/\/)\s*declares: (.+)$/m.exec(code)?.[1]?.split(/,\s*/) ?? [];

const hash = createHash('sha256');
for (const { language, code, from } of repositoryPrograms()) {
  const { parsed, findings } = analyse({ language, code }, { declared: declaredIn(code) });
  const places = findings.map(({ rule, line }) => `${rule}:${line}`).sort();
  hash.update(`${from} ${parsed} ${places.join(' ')}\n`);
}
console.log(hash.digest('hex'));
