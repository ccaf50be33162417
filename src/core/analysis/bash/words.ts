import type { ParameterExpansionPart, Word, WordPart } from 'unbash';
import type { Value } from '../program/value.ts';
import { choice, HOLE, optionsOf, text, unknown, wholeTextOf } from '../program/value.ts';
import { outputOf } from './outputs.ts';
import type { BashReader } from './reader.ts';

/** A piece of a word: a value, and whether the shell splits it at blanks. */
interface Piece {
  readonly value: Value;
  readonly splits: boolean;
}

const MAXIMUM_WORD = 16 * 1024;

/** A list stands for its first element where no index is given. */
const scalar = (value: Value | undefined): Value | undefined =>
  value?.kind === 'sequence' ? value.items[0] : value;

/** `${list[1]}`, `${map[key]}`, and the whole list for `@` and `*`. */
function element(reader: BashReader, known: Value | undefined, index: Word): Value | undefined {
  if (known?.kind === 'record') return known.members.get(wholeTextOf(reader.word(index)) ?? '');
  if (known?.kind !== 'sequence') return known;
  if (/^[@*]$/.test(index.text)) return known;
  const at = Number(wholeTextOf(reader.word(index)));
  return Number.isInteger(at) ? known.items.at(at) : undefined;
}

const quoted = (content: string): Piece => ({ value: text(content), splits: false });
const hole: Piece = { value: text(HOLE), splits: false };

function parameter(reader: BashReader, part: ParameterExpansionPart): Value {
  const known = reader.variable(part.parameter);
  const { operation, prefix } = part;
  if (prefix === '!') {
    const target = wholeTextOf(known);
    return target === undefined ? text(HOLE) : (reader.variable(target) ?? text(HOLE));
  }
  if (prefix === '#') return text(HOLE, known?.taint);
  if (part.index) return element(reader, known, part.index) ?? text(HOLE, known?.taint);
  if (!operation) return scalar(known) ?? text(HOLE);
  if (operation.type === 'Default') {
    const operand = reader.word(operation.operand);
    if (operation.operator.endsWith('+')) return choice([operand, text('')]);
    return known ?? operand;
  }
  const content = wholeTextOf(known);
  if (content === undefined) return text(HOLE, known?.taint);
  return text(modified(reader, content, operation), known?.taint);
}

function modified(
  reader: BashReader,
  content: string,
  operation: NonNullable<ParameterExpansionPart['operation']>,
): string {
  const told = (word: Word | undefined): string | undefined =>
    word ? wholeTextOf(reader.word(word)) : undefined;
  switch (operation.type) {
    case 'Slice': {
      const [offset, length] = [
        Number(told(operation.offset)?.trim()),
        operation.length ? Number(told(operation.length)) : undefined,
      ];
      if (Number.isNaN(offset)) return HOLE;
      const tail = content.slice(offset);
      return length === undefined ? tail : tail.slice(0, length);
    }
    case 'Replace': {
      const [pattern, replacement] = [told(operation.pattern), told(operation.replacement) ?? ''];
      if (pattern === undefined || pattern === '' || /[*?[]/.test(pattern)) return HOLE;
      return operation.operator === '//'
        ? content.replaceAll(pattern, () => replacement)
        : content.replace(pattern, () => replacement);
    }
    case 'CaseModification':
      return operation.operator.startsWith('^') ? content.toUpperCase() : content.toLowerCase();
    case 'Remove': {
      const pattern = told(operation.operand) ?? HOLE;
      return removed(content, operation.operator, pattern);
    }
    default:
      return HOLE;
  }
}

/** What a removal takes off: a text that stands for itself, with one star at its outer end at most. */
function removed(content: string, operator: string, pattern: string): string {
  const front = operator.startsWith('#');
  const [, star = '', plain = '', end = ''] = /^(\*?)([^*?[]+)(\*?)$/.exec(pattern) ?? [];
  const [outer, inner] = front ? [star, end] : [end, star];
  if (plain === '' || inner !== '') return HOLE;
  const whole =
    outer === '' ? [0, content.length - plain.length] : [content.indexOf(plain), content.lastIndexOf(plain)];
  const [first = -1, last = -1] = whole;
  // The shortest piece that fits, or by a doubled sign the longest; without a star both are the same.
  const at = outer === '' ? (front ? first : last) : operator.length > 1 === front ? last : first;
  if (at < 0 || !content.startsWith(plain, at)) return content;
  return front ? content.slice(at + plain.length) : content.slice(0, at);
}

/** "${list[@]}": each element is a word of its own. */
const listed = (items: readonly Value[]): readonly Piece[] =>
  items.flatMap((value, index) => [
    ...(index === 0 ? [] : [{ value: text(' '), splits: true }]),
    { value: value.kind === 'text' ? value : text(HOLE, value.taint), splits: false },
  ]);

function piecesOf(reader: BashReader, part: WordPart, inQuotes: boolean): readonly Piece[] {
  reader.recorder.budget.spend();
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [quoted(part.value)];
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return [quoted(part.text)];
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.flatMap((child) => piecesOf(reader, child, true));
    case 'SimpleExpansion':
      return [{ value: scalar(reader.variable(part.text.slice(1))) ?? text(HOLE), splits: !inQuotes }];
    case 'ParameterExpansion': {
      const value = parameter(reader, part);
      return value.kind === 'sequence' ? listed(value.items) : [{ value, splits: !inQuotes }];
    }
    case 'CommandExpansion': {
      const commands = reader.substitution(part.script);
      return [{ value: outputOf(commands.at(-1)) ?? text(HOLE), splits: !inQuotes }];
    }
    case 'ProcessSubstitution':
      reader.substitution(part.script);
      return [hole];
    default:
      return [hole];
  }
}

/** `{a,b}` and `{1..3}` at their simplest: the words that one word with braces stands for. */
function braced(content: string): readonly string[] {
  const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(content);
  if (!match) return [content];
  const [, before = '', inside = '', after = ''] = match;
  return inside.split(',').map((middle) => `${before}${middle}${after}`);
}

const solid = (content: string, taint: number): Value =>
  content.length > MAXIMUM_WORD ? unknown(taint) : text(content, taint);

/** The words that the shell makes of one word: quotes gone, what is known put in, split at blanks where the shell splits. */
export function expand(reader: BashReader, word: Word): readonly Value[] {
  if (!word.parts) return [text(word.value)];
  if (word.parts.some(({ type }) => type === 'BraceExpansion')) {
    const [, ...further] = braced(word.text);
    if (further.length > 0) return braced(word.text).map((content) => text(content.replace(/['"\\]/g, '')));
  }
  const pieces = word.parts.flatMap((part) => piecesOf(reader, part, false));
  const [only] = pieces;
  if (pieces.length === 1 && only) {
    if (only.value.kind !== 'text') return [only.value];
    if (!only.splits) return [solid(only.value.text, only.value.taint)];
  }
  const several = pieces.findIndex(({ value }) => value.kind === 'choice');
  if (several >= 0) return [eachOption(pieces, several)];
  return glued(pieces, wholeTextOf(reader.variable('IFS')) ?? ' ');
}

/** "$dir/$file" with a loop variable: the word for each value of the variable, unsplit. */
function eachOption(pieces: readonly Piece[], index: number): Value {
  const options = optionsOf(pieces[index]?.value ?? text(HOLE));
  return choice(
    options.map((option) => {
      const values = pieces.map(({ value }, place) => (place === index ? option : value));
      const content = values.map((value) => (value.kind === 'text' ? value.text : HOLE)).join('');
      return solid(
        content,
        values.reduce((bits, { taint }) => bits | taint, 0),
      );
    }),
  );
}

/** Where the shell splits words: at blanks, or at what the script says. */
function splitter(separators: string): (content: string) => readonly string[] {
  if (/^\s*$/.test(separators)) return (content) => content.split(/[ \t\n]+/);
  return (content) => {
    let pieces = [content];
    for (const separator of separators.slice(0, 16))
      pieces = pieces.flatMap((piece) => piece.split(separator));
    return pieces;
  };
}

function glued(pieces: readonly Piece[], separators: string): readonly Value[] {
  const splitAt = splitter(separators);
  const words = [{ content: '', taint: 0 }];
  for (const { value, splits } of pieces) {
    const content = value.kind === 'text' ? value.text : HOLE;
    const split = splits ? (content === ' ' ? ['', ''] : splitAt(content)) : [content];
    split.forEach((chunk, index) => {
      if (index > 0) words.push({ content: '', taint: 0 });
      const last = words.at(-1);
      if (last) {
        last.content += chunk;
        last.taint |= value.taint;
      }
    });
  }
  const [first] = words;
  const kept = words.length > 1 ? words.filter(({ content }) => content !== '') : first ? [first] : [];
  return kept.map(({ content, taint }) => solid(content, taint));
}
