import type { ExprNode } from 'py-ast';
import { Scope } from '../program/scope.ts';
import type { Value } from '../program/value.ts';
import { sequence, truthOf, UNKNOWN } from '../program/value.ts';
import { knownItems } from './items.ts';
import type { PythonReader } from './reader.ts';
import { readTarget } from './targets.ts';

type Generator = Extract<ExprNode, { nodeType: 'ListComp' }>['generators'][number];

/** A comprehension over constants is followed item by item, unrecorded; over anything else its element is read once. */
export function readComprehension(
  reader: PythonReader,
  generators: readonly Generator[],
  element: ExprNode,
  key?: ExprNode,
): Value {
  const [first] = generators;
  if (!first) return UNKNOWN;
  const source = reader.expression(first.iter);
  const iterates = source.kind === 'ref' ? source.name : undefined;
  const loop = {
    kind: 'comprehension' as const,
    span: reader.span(element),
    endless: false,
    unconditional: false,
    iterations: undefined,
    iterates,
  };
  return reader.within(new Scope('block', reader.scope, reader.branch), () => {
    let result: Value = UNKNOWN;
    reader.recorder.inLoop(loop, () => {
      declareTarget(reader, first.target, reader.machine.element(source));
      first.ifs.forEach((test) => reader.expression(test));
      const rest = generators.slice(1);
      if (rest.length === 0) reader.expression(key);
      result = rest.length > 0 ? readComprehension(reader, rest, element, key) : reader.expression(element);
    });
    const items = generators.length > 1 ? undefined : knownItems(source, reader.roundsLeft);
    if (!items) return sequence([result], true);
    return reader.following(items.length, () => followed(reader, { first, items, element }));
  });
}

/** Item by item; those that a condition surely leaves out are left out. */
function followed(
  reader: PythonReader,
  { first, items, element }: { first: Generator; items: readonly Value[]; element: ExprNode },
): Value {
  let open = false;
  const kept = items.flatMap((item) => {
    declareTarget(reader, first.target, item);
    const tests = first.ifs.map((test) => truthOf(reader.expression(test)));
    if (tests.includes(false)) return [];
    open ||= tests.includes(undefined);
    return [reader.expression(element)];
  });
  return sequence(kept, open);
}

function declareTarget(reader: PythonReader, target: ExprNode, value: Value): void {
  if (target.nodeType === 'Name') reader.scope.declare(target.id, value);
  else readTarget(reader, target, value, true);
}
