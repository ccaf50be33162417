import type { ExprNode } from 'py-ast';
import type { Value } from '../program/value.ts';
import { choice, UNKNOWN, unknown, wholeTextOf } from '../program/value.ts';
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

function toEach(reader: PythonReader, targets: readonly ExprNode[], value: Value, declares: boolean): void {
  targets.forEach((target, index) => {
    const starred = target.nodeType === 'Starred';
    const item =
      value.kind === 'sequence' && !starred
        ? (value.items[index] ?? unknown(value.taint))
        : value.kind === 'choice'
          ? choice(
              value.options.map((option) =>
                option.kind === 'sequence' ? (option.items[index] ?? UNKNOWN) : UNKNOWN,
              ),
            )
          : value.kind === 'ref' && !starred
            ? reader.machine.item(value, UNKNOWN)
            : unknown(value.taint);
    readTarget(reader, starred ? target.value : target, item, declares);
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
