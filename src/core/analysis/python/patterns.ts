import type { StmtNode } from 'py-ast';
import type { Value } from '../program/value.ts';
import { choice, optionsOf, sequence, unknown, wholeTextOf } from '../program/value.ts';
import type { PythonReader } from './reader.ts';

type Pattern = Extract<StmtNode, { nodeType: 'Match' }>['cases'][number]['pattern'];

/** The items of a subject that a sequence pattern takes apart; `rest` is where its star stands. */
function partsOf(subject: Value, count: number, rest: number): readonly Value[] {
  return Array.from({ length: count }, (_whole, index) => {
    const parts = optionsOf(subject).map((option) => {
      if (option.kind !== 'sequence') return unknown(option.taint);
      const { items } = option;
      if (rest < 0 || index < rest) return items[index] ?? unknown(option.taint);
      return index === rest
        ? sequence(items.slice(rest, items.length - (count - 1 - rest)), option.open)
        : (items[items.length - (count - index)] ?? unknown(option.taint));
    });
    return choice(parts);
  });
}

/** Patterns name classes and bind names; what they bind is a part of the subject, or the subject itself. */
export function bindPattern(reader: PythonReader, pattern: Pattern, subject: Value): void {
  reader.recorder.budget.spend();
  switch (pattern.nodeType) {
    case 'MatchSequence': {
      const rest = pattern.patterns.findIndex(({ nodeType }) => nodeType === 'MatchStar');
      const parts = partsOf(subject, pattern.patterns.length, rest);
      pattern.patterns.forEach((inner, index) => bindPattern(reader, inner, parts[index] ?? subject));
      return;
    }
    case 'MatchMapping':
      pattern.patterns.forEach((inner, index) => {
        const key = pattern.keys[index];
        const name = key ? wholeTextOf(reader.expression(key)) : undefined;
        const part = choice(
          optionsOf(subject).map((option) =>
            option.kind === 'record' && name !== undefined
              ? (option.members.get(name) ?? unknown(option.taint))
              : unknown(option.taint),
          ),
        );
        bindPattern(reader, inner, part);
      });
      if (pattern.rest) reader.assign(pattern.rest, unknown(subject.taint));
      return;
    case 'MatchClass':
      [...pattern.patterns, ...pattern.kwd_patterns].forEach((inner) =>
        bindPattern(reader, inner, unknown(subject.taint)),
      );
      return;
    case 'MatchOr':
      pattern.patterns.forEach((inner) => bindPattern(reader, inner, subject));
      return;
    case 'MatchStar':
    case 'MatchAs':
      if (pattern.nodeType === 'MatchAs' && pattern.pattern) bindPattern(reader, pattern.pattern, subject);
      if (pattern.name) reader.assign(pattern.name, subject);
      return;
    default:
  }
}
