import type { Value } from './value.ts';
import { sequence } from './value.ts';

/** What a list is after `append`, `push`, `extend` and the like; undefined for methods that leave it as it is. */
export function grown(callee: Value, args: readonly Value[], inLoop: boolean): Value | undefined {
  if (callee.kind !== 'method' || callee.receiver.kind !== 'sequence') return undefined;
  const { items, open } = callee.receiver;
  const further = inLoop || open;
  const [first, second] = args;
  switch (callee.name) {
    case 'append':
    case 'push':
      return sequence([...items, ...args], further);
    case 'insert':
    case 'unshift': {
      const added = callee.name === 'insert' ? second : first;
      const front = callee.name === 'unshift' || (first?.kind === 'number' && first.value === 0);
      return added && (front ? sequence([added, ...items], further) : sequence([...items, added], true));
    }
    case 'extend':
      return first?.kind === 'sequence'
        ? sequence([...items, ...first.items], further || first.open)
        : sequence(items, true);
    case 'pop':
    case 'clear':
    case 'shift':
    case 'splice':
    case 'remove':
      return sequence(items, true);
    default:
      return undefined;
  }
}
