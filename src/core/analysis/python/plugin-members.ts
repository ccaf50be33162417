import { isPluginTable } from '../actions.ts';
import type { Span } from '../document.ts';
import type { Invocation, Machine } from '../program/machine.ts';
import type { Value } from '../program/value.ts';
import { choice, optionsOf, wholeTextOf } from '../program/value.ts';

/** `plugins[name]`, `plugins.calendar[name]`: an item of a table of plugins is its attribute of that name. */
export function pluginMember(machine: Machine, owner: Value, key: Value, span: Span): Value | undefined {
  if (owner.kind !== 'ref' || !isPluginTable(owner.name)) return undefined;
  const members = optionsOf(key).map((one) => machine.attribute(owner, wholeTextOf(one) ?? '?'));
  for (const member of members)
    if (member.kind === 'ref') machine.recorder.reference(member.name, span, 'dynamic');
  return choice(members);
}

/** An item, asked for by a function. */
export function itemOf(owner: Value, key: Value, { span }: Invocation, machine: Machine): Value {
  return choice(
    optionsOf(owner).map((one) => pluginMember(machine, one, key, span) ?? machine.item(one, key)),
  );
}
