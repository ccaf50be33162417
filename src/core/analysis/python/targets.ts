import type { ExprNode } from 'py-ast';
import type { Value } from '../program/value.ts';
import { choice, number, sequence, UNKNOWN, unknown, wholeTextOf } from '../program/value.ts';
import type { PythonReader } from './reader.ts';

function toAttribute(
  reader: PythonReader,
  node: Extract<ExprNode, { nodeType: 'Attribute' }>,
  value: Value,
): void {
  const owner = reader.expression(node.value);
  if (owner.kind === 'record') {
    const known = owner.members.get(node.attr);
    owner.members.set(node.attr, known ? choice([known, value]) : value);
  } else if (owner.kind === 'ref') {
    reader.recorder.write(`${owner.name}.${node.attr}`, value, reader.span(node));
  }
}

function toItem(
  reader: PythonReader,
  node: Extract<ExprNode, { nodeType: 'Subscript' }>,
  value: Value,
): void {
  const owner = reader.expression(node.value);
  const key = reader.expression(node.slice);
  const name = wholeTextOf(key);
  if (owner.kind === 'record' && name !== undefined) owner.members.set(name, value);
  else if (owner.kind === 'ref') reader.recorder.write(`${owner.name}[]`, value, reader.span(node));
}

/** What the target at this place gets; `rest` is where a starred target stands, which takes what the others leave. */
function partOf(
  reader: PythonReader,
  value: Value,
  index: number,
  shape: { count: number; rest: number },
): Value {
  const { count, rest } = shape;
  if (value.kind === 'choice')
    return choice(value.options.map((option) => partOf(reader, option, index, shape)));
  if (value.kind === 'text' && rest < 0 && value.text.length === count)
    return reader.machine.item(value, number(index));
  if (value.kind !== 'sequence')
    return value.kind === 'ref' && index !== rest
      ? reader.machine.item(value, UNKNOWN)
      : unknown(value.taint);
  const { items } = value;
  if (index === rest)
    return sequence(items.slice(rest, Math.max(rest, items.length - (count - 1 - rest))), value.open);
  const at = rest >= 0 && index > rest ? items.length - (count - index) : index;
  return items[at] ?? unknown(value.taint);
}

function toEach(reader: PythonReader, targets: readonly ExprNode[], value: Value, declares: boolean): void {
  const rest = targets.findIndex(({ nodeType }) => nodeType === 'Starred');
  targets.forEach((target, index) => {
    const part = partOf(reader, value, index, { count: targets.length, rest });
    readTarget(reader, target.nodeType === 'Starred' ? target.value : target, part, declares);
  });
}

/** Gives a value to the target of an assignment, a loop or a `with`. */
export function readTarget(reader: PythonReader, target: ExprNode, value: Value, declares = false): void {
  switch (target.nodeType) {
    case 'Name':
      if (declares) reader.scope.declare(target.id, value);
      else reader.assign(target.id, value);
      return;
    case 'Attribute':
      toAttribute(reader, target, value);
      return;
    case 'Subscript':
      toItem(reader, target, value);
      return;
    case 'Tuple':
    case 'List':
      toEach(reader, target.elts, value, declares);
      return;
    case 'Starred':
      readTarget(reader, target.value, unknown(value.taint), declares);
      return;
    default:
  }
}
