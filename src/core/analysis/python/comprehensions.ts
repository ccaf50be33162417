import type { ExprNode } from 'py-ast';
import { Scope } from '../program/scope.ts';
import type { Value } from '../program/value.ts';
import { number, sequence, text, UNKNOWN } from '../program/value.ts';
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
    const items = itemsOf(source);
    if (!items || generators.length > 1 || first.ifs.length > 0) return sequence([result], true);
    return sequence(
      items.map((item) => {
        declareTarget(reader, first.target, item);
        return reader.recorder.quietly(() => reader.expression(element));
      }),
    );
  });
}

function itemsOf(source: Value): readonly Value[] | undefined {
  if (source.kind === 'text' && source.text.length <= 400) {
    return [...source.text].map((unit) =>
      source.bytes ? number(unit.charCodeAt(0), source.taint) : text(unit, source.taint),
    );
  }
  return source.kind === 'sequence' && !source.open && source.items.length <= 400 ? source.items : undefined;
}

function declareTarget(reader: PythonReader, target: ExprNode, value: Value): void {
  if (target.nodeType === 'Name') reader.scope.declare(target.id, value);
  else readTarget(reader, target, value, true);
}
