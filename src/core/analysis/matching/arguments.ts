import type { Span } from '../document.ts';
import type { Call, Command, Program } from '../program/program.ts';
import type { Value } from '../program/value.ts';
import { optionsOf } from '../program/value.ts';

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

const MAXIMUM_TEXTS = 512;

function textsIn(value: Value, depth = 0): readonly string[] {
  return optionsOf(value).flatMap((option) => {
    if (option.kind === 'text') return [option.text];
    if (option.kind === 'ref') return option.text === undefined ? [] : [option.text];
    if (depth > 4) return [];
    if (option.kind === 'sequence')
      return option.items.slice(0, MAXIMUM_TEXTS).flatMap((item) => textsIn(item, depth + 1));
    return option.kind === 'record'
      ? [...option.members.values()].slice(0, MAXIMUM_TEXTS).flatMap((item) => textsIn(item, depth + 1))
      : [];
  });
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
