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

function ofCall(call: Call): readonly Handed[] {
  const { name, callee, args, keywords, span } = call;
  if (
    (name !== undefined && PURE.test(name)) ||
    (callee.kind === 'closure' && call.followed) ||
    callee.kind === 'method' ||
    callee.kind === 'record'
  )
    return [];
  const handed = (value: Value): readonly Handed[] =>
    textsIn(value).map((text) => ({
      text,
      span,
      to: name ?? '',
      call,
      command: undefined,
      redirect: undefined,
    }));
  const own =
    callee.kind === 'ref' && callee.receiver?.kind === 'ref' && callee.receiver.text !== undefined
      ? handed(callee.receiver)
      : [];
  return [...own, ...args.flatMap(handed), ...[...keywords.values()].flatMap(handed)];
}

function ofCommand(command: Command): readonly Handed[] {
  const { name = '', args, redirects, argSpans, span } = command;
  const skipped = PATTERNED.has(name)
    ? args.findIndex((arg) => !(textsIn(arg)[0] ?? '').startsWith('-'))
    : -1;
  const words = SPEAKING.has(name)
    ? []
    : args.flatMap((arg, index) =>
        index === skipped
          ? []
          : textsIn(arg).map((text) => ({
              text,
              span: argSpans[index] ?? span,
              to: name,
              call: undefined,
              command,
              redirect: undefined,
            })),
      );
  const targets = redirects.flatMap(({ operator, target, span: place }) =>
    textsIn(target).map((text) => ({
      text,
      span: place,
      to: name,
      call: undefined,
      command,
      redirect: operator,
    })),
  );
  return [...words, ...targets];
}

const known = new WeakMap<Program, readonly Handed[]>();

/** Every text that the program hands to something that may act on it. */
export function handedTexts(program: Program): readonly Handed[] {
  const before = known.get(program);
  if (before) return before;
  const all = [...program.calls.flatMap(ofCall), ...program.commands.flatMap(ofCommand)];
  known.set(program, all);
  return all;
}
