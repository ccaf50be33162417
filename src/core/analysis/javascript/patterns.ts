import type { Node } from '@babel/types';
import type { Value } from '../program/value.ts';
import { choice, UNKNOWN, unknown, wholeTextOf } from '../program/value.ts';
import { propertyName } from './properties.ts';
import type { ScriptReader } from './reader.ts';

type Kind<K extends Node['type']> = Extract<Node, { type: K }>;

/** Gives a value to a variable, a property or a pattern. */
export function bindPattern(reader: ScriptReader, target: Node, value: Value, declares: boolean): void {
  reader.recorder.budget.spend();
  switch (target.type) {
    case 'Identifier':
      if (declares) reader.scope.declare(target.name, value);
      else reader.assign(target.name, value);
      return;
    case 'ObjectPattern':
      bindObject(reader, target, value, declares);
      return;
    case 'ArrayPattern':
      target.elements.forEach((element, index) => {
        if (element)
          bindPattern(
            reader,
            element,
            value.kind === 'sequence' ? (value.items[index] ?? UNKNOWN) : unknown(value.taint),
            declares,
          );
      });
      return;
    case 'AssignmentPattern': {
      const fallback = reader.node(target.right);
      bindPattern(
        reader,
        target.left,
        value.kind === 'unknown' ? fallback : choice([value, fallback]),
        declares,
      );
      return;
    }
    case 'RestElement':
      bindPattern(reader, target.argument, unknown(value.taint), declares);
      return;
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      toProperty(reader, target, value);
      return;
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ParenthesizedExpression':
      bindPattern(reader, target.expression, value, declares);
      return;
    default:
  }
}

function bindObject(
  reader: ScriptReader,
  target: Kind<'ObjectPattern'>,
  value: Value,
  declares: boolean,
): void {
  for (const property of target.properties) {
    if (property.type === 'RestElement') {
      bindPattern(reader, property.argument, value.kind === 'ref' ? value : unknown(value.taint), declares);
      continue;
    }
    const name = propertyName(reader, property.key, property.computed);
    const part = name === undefined ? unknown(value.taint) : reader.machine.attribute(value, name);
    if (name === undefined && value.kind === 'ref' && !value.name.includes('('))
      reader.recorder.reference(`${value.name}.?`, reader.span(property.key), 'dynamic');
    reader.note(part, property.key);
    bindPattern(reader, property.value, part, declares);
  }
}

function toProperty(
  reader: ScriptReader,
  target: Kind<'MemberExpression'> | Kind<'OptionalMemberExpression'>,
  value: Value,
): void {
  const owner = reader.node(target.object);
  const name = propertyName(reader, target.property, target.computed);
  if (owner.kind === 'record' && name !== undefined) owner.members.set(name, value);
  else if (owner.kind === 'ref')
    reader.recorder.write(`${owner.name}.${name ?? '?'}`, value, reader.span(target));
  else if (name !== undefined && name.startsWith('__'))
    reader.recorder.write(
      `?.${wholeTextOf({ kind: 'text', text: name, bytes: false, taint: 0 }) ?? '?'}`,
      value,
      reader.span(target),
    );
}
