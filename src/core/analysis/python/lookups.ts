import type { Behaviour, Machine } from '../program/machine.ts';
import type { Members, Ref, Value } from '../program/value.ts';
import {
  choice,
  number,
  optionsOf,
  ref,
  sequence,
  text,
  truth,
  UNKNOWN,
  unknown,
  wholeTextOf,
} from '../program/value.ts';
import { canonicalName } from './names.ts';
import { pluginMember } from './plugin-members.ts';

const MAXIMUM_ITEMS = 200;

const receiverOf = (callee: Value): Value | undefined =>
  callee.kind === 'ref' || callee.kind === 'method' ? callee.receiver : undefined;

/** A mapping from names to what a module or an object holds. */
const isNamespace = (value: Value | undefined): value is Ref =>
  value?.kind === 'ref' && value.name.endsWith('.__dict__') && value.receiver !== undefined;

/** What the mapping holds under the key, as `mapping[key]` does. */
function heldBy(machine: Machine, mapping: Value | undefined, key: Value): Value | undefined {
  const name = wholeTextOf(key);
  if (mapping?.kind !== 'ref') return undefined;
  if (mapping.name === 'sys.modules') return ref(name === undefined ? 'sys.modules[]' : canonicalName(name));
  if (!isNamespace(mapping) || !mapping.receiver) return undefined;
  return name === undefined ? unknown(mapping.taint) : machine.attribute(mapping.receiver, name);
}

/** `mapping.get(key)`, `mapping.pop(key)`, `mapping.__getitem__(key)` */
const held: Behaviour = ({ callee, args, span }, machine) => {
  const mapping = receiverOf(callee);
  const value = heldBy(machine, mapping, args[0] ?? UNKNOWN);
  if (value?.kind === 'ref') machine.recorder.reference(value.name, span, 'dynamic');
  else if (value && isNamespace(mapping) && mapping.receiver?.kind === 'ref')
    machine.recorder.reference(`${mapping.receiver.name}.?`, span, 'dynamic');
  return value;
};

/** All that a module holds, one after the other: nobody knows which of it is taken. */
const all =
  (pairs: boolean): Behaviour =>
  ({ callee, span }, machine) => {
    const mapping = receiverOf(callee);
    if (mapping?.kind !== 'ref') return undefined;
    const one = mapping.name === 'sys.modules' ? ref('sys.modules[]') : UNKNOWN;
    if (one === UNKNOWN && !isNamespace(mapping)) return undefined;
    if (isNamespace(mapping) && mapping.receiver?.kind === 'ref')
      machine.recorder.reference(`${mapping.receiver.name}.?`, span, 'dynamic');
    return sequence([pairs ? sequence([UNKNOWN, one]) : one], true);
  };

/** dict(mapping) is the mapping; dict(a=1) has the keywords. */
const dictionary: Behaviour = ({ args, keywords }) => {
  const [first] = args;
  if (first?.kind === 'record' || first?.kind === 'ref') return first;
  if (first) return undefined;
  return { kind: 'record', role: 'dict', members: new Map(keywords), inherits: [], taint: 0 };
};

const entries: Behaviour = ({ callee }) => {
  const owner = receiverOf(callee);
  return owner?.kind === 'record' && owner.role === 'dict'
    ? sequence(
        [...owner.members].slice(0, MAXIMUM_ITEMS).map(([name, value]) => sequence([text(name), value])),
        owner.members.size > MAXIMUM_ITEMS,
      )
    : undefined;
};

/** functools.reduce over items that are known. */
const reduced: Behaviour = (call, machine) => {
  const [callee, items, start] = call.args;
  if (
    items?.kind !== 'sequence' ||
    items.open ||
    items.items.length > MAXIMUM_ITEMS ||
    machine.recorder.budget.isHalfSpent
  )
    return machine.apply(callee, [UNKNOWN, UNKNOWN], call);
  const [first, ...rest] = start ? [start, ...items.items] : items.items;
  machine.recorder.budget.spend(100 * rest.length);
  return rest.reduce((sum: Value, item) => machine.apply(callee, [sum, item], call), first ?? UNKNOWN);
};

/** What stands at the front of an iterator. */
const next: Behaviour = ({ args }, machine) => {
  const [first] = args;
  return first?.kind === 'sequence'
    ? first.items.length > 0
      ? machine.element(first)
      : undefined
    : undefined;
};

const power: Behaviour = ({ args, span }, machine) =>
  args.length === 2 ? machine.operate('**', args[0] ?? UNKNOWN, args[1] ?? UNKNOWN, span) : undefined;

const factorial: Behaviour = ({ args, span }, machine) => {
  const [first] = args;
  if (first?.kind === 'number' && first.value > 1)
    machine.recorder.allocation((first.value * Math.log2(first.value)) / 8, span);
  return undefined;
};

const MAXIMUM_BYTES = 4096;

/** int.to_bytes: exact as far as numbers are. */
const toBytes: Behaviour = ({ callee, args, keywords }) => {
  const owner = receiverOf(callee);
  const [value, length, order] = owner?.kind === 'number' ? [owner, ...args] : args;
  const size = length ?? keywords.get('length');
  const count = size?.kind === 'number' ? size.value : 1;
  if (value?.kind !== 'number' || !Number.isSafeInteger(value.value) || value.value < 0) return undefined;
  if (!(count > 0 && count <= MAXIMUM_BYTES)) return undefined;
  const digits = value.value.toString(16).padStart(2 * Math.trunc(count), '0');
  const bytes = [...Buffer.from(digits, 'hex')];
  const little = wholeTextOf(order ?? keywords.get('byteorder')) === 'little';
  return text(String.fromCharCode(...(little ? bytes.toReversed() : bytes)), 0, true);
};

/** str.maketrans: what becomes of which character. */
const translation: Behaviour = ({ args }) => {
  const [from, to, gone] = args.map((arg) => wholeTextOf(arg));
  if (from === undefined || to === undefined) return args[0]?.kind === 'record' ? args[0] : undefined;
  const targets = [...to];
  const members = new Map<string, Value>();
  [...from].forEach((unit, index) => members.set(String(unit.codePointAt(0)), text(targets[index] ?? '')));
  for (const unit of gone ?? '') members.set(String(unit.codePointAt(0)), text(''));
  const table: Members = { kind: 'record', role: 'dict', members, inherits: [], taint: 0 };
  return table;
};

/** text.translate(table) */
const translated: Behaviour = ({ callee, args }, machine) => {
  const owner = receiverOf(callee);
  const [table] = args;
  if (owner?.kind !== 'text' || table?.kind !== 'record') return undefined;
  machine.recorder.budget.spend(owner.text.length >> 3);
  const units = [...owner.text].map((unit) => {
    const by = table.members.get(String(unit.codePointAt(0))) ?? table.members.get(unit);
    if (by?.kind === 'number') return String.fromCodePoint(Math.min(Math.max(0, by.value | 0), 0x10ffff));
    return by?.kind === 'text' ? by.text : by?.kind === 'truth' ? '' : unit;
  });
  return text(units.join(''), owner.taint, owner.bytes);
};

/** enumerate, zip and sorted over items that are known. */
const numbered: Behaviour = ({ args }, machine) => {
  const [first] = args;
  if (first?.kind === 'sequence') machine.recorder.budget.spend(2 * first.items.length);
  return first?.kind === 'sequence'
    ? sequence(
        first.items.map((item, index) => sequence([number(index), item])),
        first.open,
      )
    : undefined;
};

const zipped: Behaviour = ({ args }, machine) => {
  if (machine.recorder.budget.isHalfSpent) return undefined;
  const lists = args.map((arg) => (arg.kind === 'sequence' ? arg : undefined));
  if (lists.length === 0 || lists.some((list) => !list)) return undefined;
  const known = lists.flatMap((list) => (list ? [list] : []));
  const length = Math.min(...known.map(({ items }) => items.length), MAXIMUM_ITEMS);
  machine.recorder.budget.spend(2 * length * (1 + known.length));
  return sequence(
    Array.from({ length }, (_whole, index) => sequence(known.map(({ items }) => items[index] ?? UNKNOWN))),
    known.some(({ open }) => open),
  );
};

/** sorted(items, key=f), max(items, key=f): the key is called with each item. */
const keyed: Behaviour = (call, machine) => {
  const key = call.keywords.get('key');
  const [first] = call.args;
  if (key && first) machine.apply(key, [machine.element(first)], call);
  return undefined;
};

/** type(name, bases, members) makes a class; isinstance and the like only ask. */
const madeClass: Behaviour = ({ args }) => {
  const [, bases, members] = args;
  return members?.kind === 'record'
    ? {
        kind: 'record',
        role: 'class',
        members: new Map(members.members),
        inherits: bases?.kind === 'sequence' ? bases.items : [],
        taint: 0,
      }
    : undefined;
};

/** setattr(object, name, value) of an object of the program. */
const setAttribute: Behaviour = ({ args, span }, machine) => {
  const [owner, key, value] = args;
  const name = wholeTextOf(key);
  if (!owner || name === undefined || !value) return undefined;
  for (const option of optionsOf(owner)) {
    if (option.kind === 'record') option.members.set(name, value);
    else if (option.kind === 'ref') machine.recorder.write(`${option.name}.${name}`, value, span);
  }
  return truth(undefined);
};

export const LOOKUPS: readonly (readonly [string, Behaviour])[] = [
  ['*.get', held],
  ['*.pop', held],
  [
    '*.__getitem__',
    (call, machine) => {
      const owner = receiverOf(call.callee);
      const member = owner && pluginMember(machine, owner, call.args[0] ?? UNKNOWN, call.span);
      return member ?? held(call, machine);
    },
  ],
  ['*.items', all(true)],
  ['*.values', all(false)],
  ['#record.items', entries],
  [
    '#record.pop',
    ({ callee, args }, machine) => {
      const owner = receiverOf(callee);
      return owner && machine.item(owner, args[0] ?? UNKNOWN);
    },
  ],
  [
    '#record.setdefault',
    ({ callee, args }, machine) => {
      const owner = receiverOf(callee);
      return owner && choice([machine.item(owner, args[0] ?? UNKNOWN), args[1] ?? UNKNOWN]);
    },
  ],
  ['dict', dictionary],
  ['functools.reduce', reduced],
  ['next', next],
  ['pow', power],
  ['math.factorial', factorial],
  ['int.to_bytes', toBytes],
  ['#number.to_bytes', toBytes],
  ['str.maketrans', translation],
  ['bytes.maketrans', translation],
  ['#text.maketrans', translation],
  ['#text.translate', translated],
  ['enumerate', numbered],
  ['zip', zipped],
  ['sorted', keyed],
  ['max', keyed],
  ['min', keyed],
  ['type', madeClass],
  ['setattr', setAttribute],
];
