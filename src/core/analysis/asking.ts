import type { Family, Program } from './program/program.ts';
import { THINGS } from './rule.ts';
import type { Need, Rule } from './rule.ts';
import { rules } from './rules/index.ts';

type Checking = Rule & Required<Pick<Rule, 'check'>>;
type Concluding = Rule & Required<Pick<Rule, 'conclude'>>;

/** The rules that draw conclusions from what others found. */
export const CONCLUDING = rules.filter((rule): rule is Concluding => rule.conclude !== undefined);

/** Which rules of a language are asked whatever a program holds, and which for each need; by their place in the list. */
interface Asking {
  readonly rules: readonly Checking[];
  readonly always: readonly number[];
  readonly byNeed: ReadonlyMap<Need, readonly number[]>;
}

function askingOf(family: Family): Asking {
  const checking = rules.filter(
    (rule): rule is Checking => rule.check !== undefined && rule.languages.includes(family),
  );
  const byNeed = new Map<Need, number[]>();
  checking.forEach(({ needs = [] }, place) => {
    for (const need of needs) byNeed.set(need, [...(byNeed.get(need) ?? []), place]);
  });
  return { rules: checking, always: [...checking.keys()].filter((place) => !checking[place]?.needs), byNeed };
}

const ASKING: Readonly<Record<Family, Asking>> = {
  Python: askingOf('Python'),
  JavaScript: askingOf('JavaScript'),
  Bash: askingOf('Bash'),
};

/** The rules that may find something in the program, by what they need. Most programs hold little of what most rules look for. */
export function rulesFor(program: Program): readonly Checking[] {
  const { rules: all, always, byNeed } = ASKING[program.family];
  const asked = new Uint8Array(all.length);
  const mark = (place: number): void => void (asked[place] = 1);
  const ask = (need: Need): void => byNeed.get(need)?.forEach(mark);
  always.forEach(mark);
  for (const list of program.listed.keys()) ask(list);
  for (const thing of THINGS) if (program[thing].length > 0) ask(thing);
  return all.filter((_rule, place) => asked[place] === 1);
}
