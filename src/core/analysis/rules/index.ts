import type { Rule } from '../rule.ts';
import anyParse from './any-parse.ts';
import pyExecOs from './py-exec-os.ts';
import pyFork from './py-fork.ts';

/** Adding a rule: one file in this folder, one line in this list, one folder of fixtures in test/rules. docs/rules.md comes from it. */
export const rules: readonly Rule[] = [anyParse, pyExecOs, pyFork];

const byId = new Map(rules.map((rule) => [rule.id, rule]));

export const ruleOf = (id: string): Rule | undefined => byId.get(id);
