import type { Span } from '../document.ts';
import type { Call, Command, Handed, Program, Recorded } from '../program/program.ts';
import { hostOf, mayNameHost } from './hosts.ts';
import { isLike, namesLike } from './lists.ts';
import { MAXIMUM_FOLDER } from './paths.ts';
import type { Value } from '../program/value.ts';
import { wholeTextOf } from '../program/value.ts';

/** Handing a text to these means nothing: it is shown, logged, searched for or compared. */
const PURE = namesLike(
  /^(?:print|pprint\.|str$|repr$|len$|sorted$|type$|isinstance$|hash$|input$|logging\.|logger\.|log\.|warnings\.|re\.|console\.|JSON\.|String$|RegExp|Error$|TypeError$|RangeError$|Symbol$|assert|textwrap\.|argparse\.|click\.|typing\.|collections\.|json\.|dict$|set$|list$|tuple$|ValueError|Exception|RuntimeError|sys\.stdout|sys\.stderr|process\.stdout|process\.stderr|describe$|it$|test$|expect)/,
);
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
const NONE: readonly never[] = [];

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

/** The same value may be handed to many. */
type Known = Map<Value, readonly string[]>;

/** The texts in a value, however deep, each once. */
function textsIn(root: Value, known: Known): readonly string[] {
  if (root.kind === 'text') return [root.text];
  if (root.kind === 'ref') return root.text === undefined ? NONE : [root.text];
  if (root.kind !== 'choice' && root.kind !== 'sequence' && root.kind !== 'record') return NONE;
  const before = known.get(root);
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
  known.set(root, all);
  return all;
}

/** Whether a text may be a path or a URL: it has a slash or a tilde, leads upwards, or ends as sockets and histories do. */
const isPlace = (text: string): boolean =>
  text.includes('/') ||
  text.includes('~') ||
  text.startsWith('..') ||
  text.includes('.sock') ||
  text.endsWith('_history');

function ofCall(call: Call, known: Known, found: Handed[]): void {
  const { name, callee, args, keywords, span } = call;
  if (
    (name !== undefined && isLike(name, PURE)) ||
    (callee.kind === 'closure' && call.followed) ||
    callee.kind === 'method' ||
    callee.kind === 'record'
  )
    return;
  const hand = (value: Value): void => {
    for (const text of textsIn(value, known))
      found.push({ text, span, to: name ?? '', call, command: undefined, redirect: undefined });
  };
  if (callee.kind === 'ref' && callee.receiver?.kind === 'ref') hand(callee.receiver);
  args.forEach(hand);
  keywords.forEach(hand);
}

const AWKS = new Set(['awk', 'gawk', 'mawk', 'nawk']);
/** The files that a program of awk reads and writes: `getline < "FILE"`, `print > "FILE"`. */
const AWK_FILE = /(\bgetline(?:\s+[\w$]+)?\s*<|\bprintf?\b[^;}\n]{0,400}?>>?)\s*"([^"]{1,4096})"/g;

function ofAwk(script: string | undefined, span: Span, command: Command, found: Handed[]): void {
  for (const [, sign = '', file = ''] of script?.matchAll(AWK_FILE) ?? [])
    found.push({
      text: file,
      span,
      to: 'awk',
      call: undefined,
      command,
      redirect: sign.endsWith('>') ? '>' : '<',
    });
}

function ofCommand(command: Command, known: Known, found: Handed[]): void {
  const { name: to = '', args, redirects, argSpans, span } = command;
  const hand = (value: Value, place: Span, redirect: string | undefined): void => {
    for (const text of textsIn(value, known))
      found.push({ text, span: place, to, call: undefined, command, redirect });
  };
  const skipped = PATTERNED.has(to)
    ? args.findIndex((arg) => !(textsIn(arg, known)[0] ?? '').startsWith('-'))
    : -1;
  if (!SPEAKING.has(to))
    args.forEach((arg, index) => {
      if (index !== skipped) hand(arg, argSpans[index] ?? span, undefined);
    });
  for (const { operator, target, span: place } of redirects) hand(target, place, operator);
  if (AWKS.has(to))
    args.forEach((arg, index) => ofAwk(wholeTextOf(arg), argSpans[index] ?? span, command, found));
}

/** Folders of the system, and homes themselves: not those below which people keep their projects. */
const TELLING_FOLDER =
  /^(?:\/|~|\/(?:home|Users)\/[^/]+|\/(?:etc|root|proc|sys|boot|dev|s?bin|lib\w*|run|usr\/(?:s?bin|lib\w*)|var\/(?:log|run|lib|spool))(?:\/.*)?)\/?$/;
const isTelling = (folder: string): boolean => folder.length < MAXIMUM_FOLDER && TELLING_FOLDER.test(folder);

/** What may name a file in the folder where the program went. */
const RELATIVE = /^(?:\.\/)?[\w.][\w./*?-]{0,255}$/;

/** Relative paths once more, in the folder of the system or the home to which the program went before. */
function elsewhere(texts: readonly Handed[]): readonly Handed[] {
  const found: Handed[] = [];
  let went = '';
  for (const handed of texts) {
    const { text, to, command } = handed;
    if (to === 'os.chdir' || to === 'process.chdir') went = isTelling(text) ? text : '';
    const folder = command ? command.folder : went;
    if (folder !== '' && RELATIVE.test(text) && (!command || isTelling(folder)))
      found.push({ ...handed, text: `${folder}/${text}` });
  }
  return found;
}

/** Every text that the program hands to something that may act on it, and those that rules look into. */
export function handedBy({ calls, commands }: Recorded): Pick<Program, 'texts' | 'paths' | 'addresses'> {
  const known: Known = new Map();
  const texts: Handed[] = [];
  for (const call of calls) ofCall(call, known, texts);
  for (const command of commands) ofCommand(command, known, texts);
  const paths = texts.filter(({ text }) => isPlace(text));
  const further = elsewhere(texts);
  return {
    texts,
    paths: further.length === 0 ? paths : [...paths, ...further],
    addresses: texts.flatMap((handed) => {
      const host = mayNameHost(handed.text) ? hostOf(handed.text) : undefined;
      return host === undefined ? NONE : { ...handed, host };
    }),
  };
}
