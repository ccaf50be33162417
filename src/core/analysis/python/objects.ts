import type { Behaviour } from '../program/machine.ts';
import { NO_KEYWORDS } from '../program/machine.ts';
import type { Members, Value } from '../program/value.ts';
import { choice, ref, text, textsOf, UNKNOWN, unknown } from '../program/value.ts';
import { constantNamed } from './constants.ts';
import { knownItems } from './items.ts';
import type { Placed, PythonReader } from './reader.ts';

const MAXIMUM_PARENTS = 16;

/** The member of this name, of the object's class or of those it inherits from. */
function memberNamed(owner: Members, name: string): Value | undefined {
  let one: Value | undefined = owner;
  for (let step = 0; one?.kind === 'record' && step < MAXIMUM_PARENTS; step += 1) {
    const found = one.members.get(name);
    if (found) return found;
    one = one.inherits.find(({ kind }) => kind === 'record');
  }
  return undefined;
}

/** What a method with a meaning of its own gives: `__enter__`, `__getitem__`, `__add__`. */
export function special(
  reader: PythonReader,
  owner: Value,
  { name, args, place }: { name: string; args: readonly Value[]; place: Placed },
): Value | undefined {
  if (owner.kind !== 'record' || owner.role !== 'instance') return undefined;
  const method = memberNamed(owner, name);
  if (method?.kind !== 'closure') return undefined;
  const callee = { ...method, self: owner };
  return reader.machine.apply(callee, args, {
    callee,
    args,
    keywords: NO_KEYWORDS,
    span: reader.span(place),
  });
}

const NOWHERE: Placed = {};

const folderOf = (path: string): string => path.replace(/\/+$/, '').replace(/\/?[^/]*$/, '') || '/';

/** Properties that are computed when they are read. */
export function propertyOf(reader: PythonReader, owner: Value, name: string): Value | undefined {
  if (owner.kind === 'ref') {
    if (name === 'parent' && owner.text !== undefined) return ref(owner.name, { text: folderOf(owner.text) });
    return constantNamed(`${owner.name}.${name}`);
  }
  // A member of an enumeration stands for its value.
  if (owner.kind === 'text' || owner.kind === 'number') return name === 'value' ? owner : undefined;
  if (owner.kind !== 'record' || owner.role !== 'instance') return undefined;
  const found = memberNamed(owner, name);
  const place = reader.place ?? NOWHERE;
  if (found?.kind === 'closure')
    return reader.properties.has(found.id) ? special(reader, owner, { name, args: [], place }) : undefined;
  return found ? undefined : special(reader, owner, { name: '__getattr__', args: [text(name)], place });
}

/** What the generated constructor of a data class or a named tuple sets. */
export function fillFields(made: Value, args: readonly Value[], keywords: ReadonlyMap<string, Value>): void {
  if (made.kind !== 'record' || made.role !== 'class' || made.members.has('__init__')) return;
  const { fields: names } = made;
  if (!names) return;
  const set = (name: string, value: Value): void => {
    const known = made.members.get(name);
    made.members.set(name, known ? choice([known, value]) : value);
  };
  args.forEach((value, index) => {
    const name = names[index];
    if (name !== undefined) set(name, value);
  });
  for (const [name, value] of keywords) if (names.includes(name)) set(name, value);
}

/** collections.namedtuple */
export const namedTuple: Behaviour = ({ args }) => {
  const listed = knownItems(args[1]?.kind === 'sequence' ? args[1] : undefined);
  const names = listed ? listed.flatMap((item) => [...textsOf(item)]) : textsOf(args[1] ?? UNKNOWN);
  const made: Members = {
    kind: 'record',
    role: 'class',
    members: new Map(),
    inherits: [ref('tuple')],
    fields: names.flatMap((name) => name.split(/[\s,]+/)),
    taint: 0,
  };
  return names.length === 0 ? unknown() : made;
};
