import type { Behaviour, Invocation, Machine } from '../program/machine.ts';
import { NO_KEYWORDS } from '../program/machine.ts';
import type { Value } from '../program/value.ts';
import { ref, text, textsOf, UNKNOWN, wholeTextOf } from '../program/value.ts';
import { canonicalName } from './names.ts';

const MAXIMUM_DEPTH = 6;
/** Under these keys a configuration of logging names what is called. */
const FACTORIES = ['()', 'class'];

/** What a configuration names as a text is used as if it were written. */
function readConfiguration(value: Value | undefined, call: Invocation, machine: Machine, depth = 0): void {
  if (value?.kind === 'sequence')
    value.items.forEach((item) => readConfiguration(item, call, machine, depth + 1));
  if (value?.kind !== 'record' || depth > MAXIMUM_DEPTH) return;
  machine.recorder.budget.spend(value.members.size);
  for (const key of FACTORIES) {
    const name = wholeTextOf(value.members.get(key));
    if (name === undefined) continue;
    const callee = ref(canonicalName(name.replace(/^ext:\/\//, '')));
    machine.recorder.reference(callee.name, call.span, 'dynamic');
    machine.invoke({ callee, args: [...value.members.values()], keywords: value.members, span: call.span });
  }
  for (const member of value.members.values()) readConfiguration(member, call, machine, depth + 1);
}

const configured: Behaviour = (call, machine) => {
  readConfiguration(call.args[0] ?? call.keywords.get('config'), call, machine);
  return undefined;
};

/** DataFrame.query and DataFrame.eval run what stands in the text; "@" is before names of the program. */
const queried: Behaviour = (call, machine) => {
  const { callee, args, keywords } = call;
  if (callee.kind !== 'ref' || !callee.name.startsWith('pandas.')) return undefined;
  const code = args[0] ?? keywords.get('expr') ?? UNKNOWN;
  for (const content of textsOf(code)) {
    const source = text(content.replaceAll('@', ''), code.taint);
    machine.invoke({ callee: ref('pandas.eval'), args: [source], keywords: NO_KEYWORDS, span: call.span });
  }
  return undefined;
};

/** Functions that call what a text names. */
export const INDIRECT: readonly (readonly [string, Behaviour])[] = [
  ['logging.config.dictConfig', configured],
  ['*.query', queried],
  ['*.eval', queried],
];
