import { analyse } from '../../../src/core/analysis/engine.ts';
import type { Source } from '../../../src/core/analysis/engine.ts';
import { ruleOf } from '../../../src/core/analysis/rules/index.ts';
import { reportLines } from './view.ts';

/** The actions that a program's request declares, in a line `declares: a, b`. */
const declaredIn = (code: string): readonly string[] =>
  /^\s*(?:#|\/\/)\s*declares: (.+)$/m.exec(code)?.[1]?.split(/,\s*/) ?? [];

/** The whole report on a program, as lines. */
export const judgedLines = (source: Source): readonly string[] =>
  reportLines(
    analyse(source, { declared: declaredIn(source.code), subjects: true }),
    (rule) => ruleOf(rule)?.message.en,
  );
