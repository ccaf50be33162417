import type { Node } from '@babel/types';
import { wholeTextOf } from '../program/value.ts';
import type { ScriptReader } from './reader.ts';

/** The name of a property; undefined when it is computed and not known. */
export function propertyName(
  reader: ScriptReader,
  key: Node,
  computed: boolean | undefined,
): string | undefined {
  if (computed !== true) {
    if (key.type === 'Identifier') return key.name;
    if (key.type === 'PrivateName') return `#${key.id.name}`;
  }
  const value = reader.node(key);
  return value.kind === 'number' ? String(value.value) : wholeTextOf(value);
}
