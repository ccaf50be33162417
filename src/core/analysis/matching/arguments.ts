import type { Span } from '../document.ts';
import type { Call, Command, Program } from '../program/program.ts';
import type { Value } from '../program/value.ts';

/** A text that a program hands to something: a path, an address, a command. */
export interface Handed {
  readonly text: string;
  readonly span: Span;
  /** What it is handed to. */
  readonly to: string;
  readonly call: Call | undefined;
  readonly command: Command | undefined;
  /** The operator, when it is the target of a redirection. */
  readonly redirect: string | undefined;
}

/** Handing a text to these means nothing: it is shown, logged, searched for or compared. */
const PURE =
  /^(?:print|pprint\.|str$|repr$|len$|sorted$|type$|isinstance$|hash$|input$|logging\.|logger\.|log\.|warnings\.|re\.|console\.|JSON\.|String$|RegExp|Error$|TypeError$|RangeError$|Symbol$|assert|textwrap\.|argparse\.|click\.|typing\.|collections\.|json\.|dict$|set$|list$|tuple$|ValueError|Exception|RuntimeError|sys\.stdout|sys\.stderr|process\.stdout|process\.stderr|describe$|it$|test$|expect)/;
const SPEAKING = new Set([
  'echo',
  'printf',
  'true',
  ':',
  'read',
  'export',
  'test',
  '[',
  'logger',
  'notify-send',
  'declare',
  'local',
  'unset',
]);
const PATTERNED = new Set(['grep', 'egrep', 'fgrep', 'rg', 'sed', 'awk', 'gawk']);

const MAXIMUM_VALUES = 2000;
const NONE: readonly string[] = [];

/** What a value holds, one step down. Objects of the program's own classes are not looked into: who gets them calls their methods. */
function partsOf(value: Value): Iterable<Value> {
  switch (value.kind) {
    case 'choice':
      return value.options;
    case 'sequence':
      return value.items;
    case 'record':
      return value.role === 'dict' || value.role === 'object' ? value.members.values() : [];
    default:
      return [];
  }
}

const collected = new WeakMap<Value, readonly string[]>();

/** The texts in a value, however deep, each once. */
function textsIn(root: Value): readonly string[] {
  if (root.kind === 'text') return [root.text];
  if (root.kind === 'ref') return root.text === undefined ? NONE : [root.text];
  if (root.kind !== 'choice' && root.kind !== 'sequence' && root.kind !== 'record') return NONE;
  const before = collected.get(root);
  if (before) return before;
  const texts = new Set<string>();
  const seen = new Set<Value>([root]);
  for (const value of seen) {
    const text = value.kind === 'text' || value.kind === 'ref' ? value.text : undefined;
    if (text !== undefined) texts.add(text);
    for (const part of partsOf(value)) {
      if (seen.size >= MAXIMUM_VALUES) break;
      seen.add(part);
    }
  }
  const all = [...texts];
  collected.set(root, all);
  return all;
}

/** Whether a text may be a path or an address. */
const isPlace = (text: string): boolean => /[/~]|^\.\./.test(text);

function ofCall(call: Call, found: Handed[]): void {
  const { name, callee, args, keywords, span } = call;
  if (
    (name !== undefined && PURE.test(name)) ||
    (callee.kind === 'closure' && call.followed) ||
    callee.kind === 'method' ||
    callee.kind === 'record'
  )
    return;
  const hand = (value: Value): void => {
    for (const text of textsIn(value))
      found.push({ text, span, to: name ?? '', call, command: undefined, redirect: undefined });
  };
  if (callee.kind === 'ref' && callee.receiver?.kind === 'ref') hand(callee.receiver);
  args.forEach(hand);
  keywords.forEach(hand);
}

function ofCommand(command: Command, found: Handed[]): void {
  const { name: to = '', args, redirects, argSpans, span } = command;
  const hand = (value: Value, place: Span, redirect: string | undefined): void => {
    for (const text of textsIn(value))
      found.push({ text, span: place, to, call: undefined, command, redirect });
  };
  const skipped = PATTERNED.has(to) ? args.findIndex((arg) => !(textsIn(arg)[0] ?? '').startsWith('-')) : -1;
  if (!SPEAKING.has(to))
    args.forEach((arg, index) => {
      if (index !== skipped) hand(arg, argSpans[index] ?? span, undefined);
    });
  for (const { operator, target, span: place } of redirects) hand(target, place, operator);
}

interface AllHanded {
  readonly texts: readonly Handed[];
  readonly paths: readonly Handed[];
}

const known = new WeakMap<Program, AllHanded>();

function handedIn(program: Program): AllHanded {
  const before = known.get(program);
  if (before) return before;
  const texts: Handed[] = [];
  for (const call of program.calls) ofCall(call, texts);
  for (const command of program.commands) ofCommand(command, texts);
  const all = { texts, paths: texts.filter(({ text }) => isPlace(text)) };
  known.set(program, all);
  return all;
}

/** Every text that the program hands to something that may act on it. */
export const handedTexts = (program: Program): readonly Handed[] => handedIn(program).texts;

/** Those of them that may be a path or an address: with a slash or a tilde, or upwards from where the program runs. */
export const handedPaths = (program: Program): readonly Handed[] => handedIn(program).paths;
