import { handedPaths, handedTexts } from './matching/arguments.ts';
import { listsIn } from './matching/names.ts';
import type { Family, Program } from './program/program.ts';
import type { Need, Rule, Thing } from './rule.ts';
import { rules } from './rules/index.ts';

type Checking = Rule & Required<Pick<Rule, 'check'>>;
type Concluding = Rule & Required<Pick<Rule, 'conclude'>>;

const checking = (family: Family): readonly Checking[] =>
  rules.filter((rule): rule is Checking => rule.check !== undefined && rule.languages.includes(family));

/** The rules that draw conclusions from what others found. */
export const CONCLUDING = rules.filter((rule): rule is Concluding => rule.conclude !== undefined);

/** The rules that read programs of each language. */
const CHECKING: Readonly<Record<Family, readonly Checking[]>> = {
  Python: checking('Python'),
  JavaScript: checking('JavaScript'),
  Bash: checking('Bash'),
};

const THINGS: readonly (readonly [Thing, (program: Program) => readonly unknown[]])[] = [
  ['texts', handedTexts],
  ['paths', handedPaths],
  ['calls', ({ calls }) => calls],
  ['commands', ({ commands }) => commands],
  ['loops', ({ loops }) => loops],
  ['writes', ({ writes }) => writes],
  ['members', ({ members }) => members],
  ['imports', ({ imports }) => imports],
  ['allocations', ({ allocations }) => allocations],
  ['disguised', ({ disguised }) => disguised],
  ['troubles', ({ troubles }) => troubles],
];

/** The rules that may find something in the program, by what they need. Most programs hold little of what most rules look for. */
export function rulesFor(program: Program): readonly Checking[] {
  const held = new Set<Need>(listsIn(program));
  for (const [thing, of] of THINGS) if (of(program).length > 0) held.add(thing);
  return CHECKING[program.family].filter(
    ({ needs }) => needs === undefined || needs.some((need) => held.has(need)),
  );
}
