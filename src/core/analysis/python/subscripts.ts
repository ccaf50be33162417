import type { ExprNode } from 'py-ast';
import { NO_KEYWORDS } from '../program/machine.ts';
import type { Value } from '../program/value.ts';
import { choice, optionsOf, sequence, text, UNKNOWN, unknown, wholeTextOf } from '../program/value.ts';
import { special } from './objects.ts';
import { homeVariable } from './places.ts';
import { pluginMember } from './plugin-members.ts';
import type { PythonReader } from './reader.ts';

type Node<K extends ExprNode['nodeType']> = Extract<ExprNode, { nodeType: K }>;

/** `owner[key]` and `owner[from:to:step]` */
export function readSubscript(reader: PythonReader, node: Node<'Subscript'>): Value {
  const owner = reader.expression(node.value);
  if (node.slice.nodeType === 'Slice') return sliced(reader, owner, node.slice);
  const key = reader.expression(node.slice);
  const name = wholeTextOf(key);
  const results = optionsOf(owner).map((option) => {
    const getter = option.kind === 'record' ? option.members.get('__class_getitem__') : undefined;
    if (getter)
      return reader.machine.apply(getter, [key], {
        callee: getter,
        args: [],
        keywords: NO_KEYWORDS,
        span: reader.span(node),
      });
    const own = special(reader, option, { name: '__getitem__', args: [key], place: node });
    if (own) return own;
    const member = pluginMember(reader.machine, option, key, reader.span(node));
    if (member) return member;
    if (option.kind === 'ref') return looked(reader, node, option, name);
    const [beneath] =
      option.kind === 'record' && name !== undefined && !option.members.has(name) ? option.inherits : [];
    return beneath && name !== undefined
      ? reader.machine.attribute(beneath, name)
      : reader.machine.item(option, key);
  });
  const value = choice(results);
  if (value.kind === 'ref' && !value.name.endsWith('[]')) {
    const namespace = optionsOf(owner).some(isNamespace);
    reader.note(value, node, namespace ? 'dynamic' : 'direct');
  }
  return value;
}

/** Mappings from names to what modules hold. */
const isNamespace = (owner: Value): boolean =>
  (owner.kind === 'record' &&
    owner.inherits.some((beneath) => beneath.kind === 'ref' && beneath.name === 'builtins')) ||
  (owner.kind === 'ref' &&
    (owner.name === 'sys.modules' || owner.name === 'builtins' || owner.name.endsWith('__dict__')));

/** Items of mappings that hold what modules hold. */
function looked(
  reader: PythonReader,
  node: Node<'Subscript'>,
  owner: Extract<Value, { kind: 'ref' }>,
  key: string | undefined,
): Value {
  if (owner.name.endsWith('__dict__') && owner.receiver) {
    if (key !== undefined) return reader.machine.attribute(owner.receiver, key);
    if (owner.receiver.kind === 'ref')
      reader.recorder.reference(`${owner.receiver.name}.?`, reader.span(node), 'dynamic');
    return unknown(owner.taint);
  }
  if (owner.name === 'sys.modules') return reader.lookupModule(key);
  if (owner.name === 'builtins') return key === undefined ? unknown() : reader.lookup(key);
  if (owner.name === 'os.environ')
    return homeVariable(key, 'os.environ.HOME') ?? reader.machine.attribute(owner, key ?? '?');
  return reader.machine.item(owner, key === undefined ? UNKNOWN : text(key));
}

function sliced(reader: PythonReader, owner: Value, node: Node<'Slice'>): Value {
  const at = (bound: ExprNode | undefined): number | undefined => {
    const value = bound ? reader.expression(bound) : undefined;
    return value?.kind === 'number' ? value.value : undefined;
  };
  const [lower, upper, step] = [at(node.lower), at(node.upper), at(node.step)];
  const unclear =
    (node.lower && lower === undefined) ||
    (node.upper && upper === undefined) ||
    (node.step && step === undefined);
  if (unclear || (owner.kind !== 'text' && owner.kind !== 'sequence')) return unknown(owner.taint);
  const units: readonly (string | Value)[] = owner.kind === 'text' ? [...owner.text] : owner.items;
  const picked = pick(units, { lower, upper, step: step ?? 1 });
  reader.recorder.budget.spend(units.length >> 4);
  if (owner.kind === 'text') return text(picked.map(String).join(''), owner.taint, owner.bytes);
  return sequence(picked.filter((unit) => typeof unit !== 'string'));
}

function pick<T>(
  units: readonly T[],
  { lower, upper, step }: { lower: number | undefined; upper: number | undefined; step: number },
): readonly T[] {
  if (step > 0) return units.slice(lower, upper).filter((_unit, index) => index % step === 0);
  const from = lower === undefined ? units.length - 1 : lower < 0 ? units.length + lower : lower;
  const to = upper === undefined ? -1 : upper < 0 ? units.length + upper : upper;
  const picked: T[] = [];
  if (step === 0) return [];
  for (let index = Math.min(from, units.length - 1); index > to && index >= 0; index += step) {
    const unit = units[index];
    if (unit !== undefined) picked.push(unit);
  }
  return picked;
}
