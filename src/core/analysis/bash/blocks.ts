import type { ArithmeticFor, For, Select, SyntaxNode, While } from 'unbash';
import { choice, UNKNOWN } from '../program/value.ts';
import { isUnconditional } from './loops.ts';
import type { BashReader } from './reader.ts';

type LoopNode = While | For | ArithmeticFor | Select;

export const isLoop = (node: SyntaxNode): node is LoopNode =>
  node.type === 'While' || node.type === 'For' || node.type === 'ArithmeticFor' || node.type === 'Select';

/** Reads a loop; a `for` over words is read once, with its variable standing for all of them. */
export function readLoop(reader: BashReader, node: LoopNode): void {
  const conditional = node.type === 'While' || node.type === 'ArithmeticFor';
  const unconditional = conditional && isUnconditional(node);
  const endless =
    unconditional && !reader.leadsOut(node.body) && !(node.type === 'While' && reader.leadsOut(node.clause));
  const iterations = node.type === 'For' ? node.wordlist?.length : undefined;
  const loop = {
    kind: conditional ? ('condition' as const) : ('iteration' as const),
    span: reader.spanOf(node),
    endless,
    unconditional,
    iterations,
    iterates: undefined,
  };
  if (node.type === 'For' || node.type === 'Select') {
    const values = (node.wordlist ?? []).map((word) => reader.word(word));
    reader.setVariable(node.name.value, values.length === 0 ? UNKNOWN : choice(values));
  }
  reader.recorder.inLoop(loop, () => {
    reader.branch += 1;
    if (node.type === 'While') reader.node(node.clause);
    if (node.type === 'ArithmeticFor')
      for (const part of [node.initialize, node.test, node.update]) if (part) reader.node(part);
    reader.node(node.body);
    reader.branch -= 1;
  });
}
