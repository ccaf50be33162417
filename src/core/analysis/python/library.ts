import { decodeBy } from '../program/decode.ts';
import { asPiece } from '../program/fold-text.ts';
import type { Behaviour } from '../program/machine.ts';
import type { Value } from '../program/value.ts';
import {
  choice,
  NOTHING,
  number,
  ref,
  sequence,
  text,
  truth,
  truthOf,
  UNKNOWN,
  wholeTextOf,
} from '../program/value.ts';
import { knownItems } from './items.ts';
import { namedTuple } from './objects.ts';

const MAXIMUM_DEPTH = 8;
const MAXIMUM_TEXT = 4096;

function fromJson(value: unknown, depth = 0): Value {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'boolean') return truth(value);
  if (value === null) return NOTHING;
  if (typeof value !== 'object' || depth > MAXIMUM_DEPTH) return UNKNOWN;
  if (Array.isArray(value)) return sequence(value.map((item: unknown) => fromJson(item, depth + 1)));
  const members = new Map(Object.entries(value).map(([name, item]) => [name, fromJson(item, depth + 1)]));
  return { kind: 'record', role: 'dict', members, inherits: [], taint: 0 };
}

/** json.loads of a text that is known. */
const parsedJson: Behaviour = ({ args }) => {
  const content = wholeTextOf(args[0]);
  if (content === undefined || content.length > MAXIMUM_TEXT) return undefined;
  try {
    return fromJson(JSON.parse(content));
  } catch {
    return undefined;
  }
};

/** ast.literal_eval of one quoted text. */
const literal: Behaviour = ({ args }) => {
  const [, , content] = /^\s*(["'])([^"'\\]*)\1\s*$/.exec(wholeTextOf(args[0]) ?? '') ?? [];
  return content === undefined ? undefined : text(content);
};

const unquoted: Behaviour = ({ args }) => {
  const content = wholeTextOf(args[0]);
  const decoded = content === undefined ? undefined : decodeBy('percent', content);
  return decoded === undefined ? undefined : text(decoded);
};

const unescaped: Behaviour = ({ args }) => {
  const content = wholeTextOf(args[0]);
  return content === undefined || content.length > MAXIMUM_TEXT
    ? undefined
    : text(
        content.replace(/&#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));/g, (_whole, hex?: string, digits?: string) =>
          String.fromCodePoint(
            Math.min(hex === undefined ? Number(digits) : Number.parseInt(hex, 16), 0x10ffff),
          ),
        ),
      );
};

/** re.sub with a pattern that stands for itself. */
const substituted: Behaviour = ({ args }) => {
  const [pattern, by, content] = args.map((arg) => wholeTextOf(arg));
  if (pattern === undefined || by === undefined || content === undefined) return undefined;
  const plain = /^[\w\s/-]+$/.test(pattern) && !by.includes('\\') && content.length <= MAXIMUM_TEXT;
  return plain ? text(content.replaceAll(pattern, () => by)) : undefined;
};

const chained: Behaviour = ({ args }, machine) => {
  const lists = args.map((arg) => knownItems(arg));
  for (const list of lists) machine.recorder.budget.spend(list?.length ?? 0);
  return lists.every((list) => list !== undefined) && lists.length > 0 ? sequence(lists.flat()) : undefined;
};

/** filter over items that are known, with a test that can be known. */
const filtered: Behaviour = (call, machine) => {
  const [test, items] = call.args;
  machine.apply(test, [machine.element(items ?? UNKNOWN)], call);
  const each = machine.recorder.budget.isHalfSpent ? undefined : knownItems(items);
  if (!each) return undefined;
  const kept = machine.recorder.quietly(() =>
    each.filter(
      (item) => truthOf(test?.kind === 'closure' ? machine.apply(test, [item], call) : item) !== false,
    ),
  );
  return sequence(kept);
};

const MAXIMUM_SUM = 100;

/** sum of texts or lists: what begins with a list is one. */
const summed: Behaviour = ({ args, span }, machine) => {
  const [items, start] = args;
  const each = knownItems(items);
  machine.recorder.budget.spend(each?.length ?? 0);
  if (start?.kind !== 'sequence' || !each || each.length > MAXIMUM_SUM) return undefined;
  return each.reduce((all: Value, item) => machine.operate('+', all, item, span), start);
};

const folderOf: Behaviour = ({ args }) => {
  const path = args[0] ? asPiece(args[0]) : '';
  return path.includes('/') ? text(path.replace(/\/[^/]*$/, '') || '/') : undefined;
};

const nameOf: Behaviour = ({ args }) => {
  const path = wholeTextOf(args[0]);
  return path === undefined ? undefined : text(path.slice(path.lastIndexOf('/') + 1));
};

const renamed: Behaviour = ({ callee, args }) => {
  const owner = callee.kind === 'ref' && callee.receiver?.kind === 'ref' ? callee.receiver.text : undefined;
  return owner === undefined
    ? undefined
    : ref('pathlib.Path()', { text: owner.replace(/[^/]*$/, '') + asPiece(args[0] ?? UNKNOWN) });
};

const updated: Behaviour = ({ callee, args, keywords }) => {
  const owner = callee.kind === 'method' ? callee.receiver : undefined;
  if (owner?.kind !== 'record') return undefined;
  const [other] = args;
  if (other?.kind === 'record') other.members.forEach((value, name) => owner.members.set(name, value));
  keywords.forEach((value, name) => owner.members.set(name, value));
  return NOTHING;
};

const taken: Behaviour = ({ callee, args }, machine) => {
  const owner = callee.kind === 'method' ? callee.receiver : undefined;
  return owner?.kind === 'sequence' ? choice([machine.item(owner, args[0] ?? number(-1))]) : undefined;
};

/** A text that is filled up to a width takes as much. */
const padded: Behaviour = ({ args, span }, machine) => {
  if (args[0]?.kind === 'number') machine.recorder.allocation(args[0].value, span);
  return undefined;
};

/** Functions of the standard library that turn known values into others. */
export const LIBRARY: readonly (readonly [string, Behaviour])[] = [
  ['json.loads', parsedJson],
  ['ast.literal_eval', literal],
  ['urllib.parse.unquote', unquoted],
  ['urllib.parse.unquote_plus', unquoted],
  ['html.unescape', unescaped],
  ['re.sub', substituted],
  ['itertools.chain', chained],
  ['filter', filtered],
  ['sum', summed],
  ['os.path.dirname', folderOf],
  ['os.path.basename', nameOf],
  ['pathlib.Path().with_name', renamed],
  ['collections.namedtuple', namedTuple],
  ['#record.update', updated],
  ['#sequence.pop', taken],
  ['#text.ljust', padded],
  ['#text.rjust', padded],
  ['#text.center', padded],
  ['#text.zfill', padded],
];
