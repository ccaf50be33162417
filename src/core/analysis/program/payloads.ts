import { carriedBy, isCarrier } from '../bash/carriers.ts';
import { inputOf } from '../bash/outputs.ts';
import { scriptsRun } from '../bash/scripts.ts';
import { unwrap } from '../bash/wrappers.ts';
import type { Document, Span } from '../document.ts';
import type { Reading } from '../languages/language.ts';
import { emptyProgram } from '../languages/language.ts';
import type { LanguageName } from '../report.ts';
import { asksShell, codeOf, codeSinkOf } from './code-sinks.ts';
import { finished } from './finished.ts';
import { interpreterOf } from './interpreters.ts';
import { filesRunBy } from './written.ts';
import type { Call, Command, Program } from './program.ts';
import type { Value } from './value.ts';
import { HOLE, optionsOf, text, wholeTextOf } from './value.ts';

/** A text, or an argv, that a program runs as code. */
export interface Payload {
  readonly language: LanguageName;
  readonly text: string;
  readonly command?: Command;
  readonly span: Span;
  readonly taint: number;
}

/** What is not known stands as a name in a program, and as it is in a command line. */
const readable = (content: string, language: LanguageName): string =>
  language === 'Bash' ? content : content.replaceAll(HOLE, '_');

/** Of a text that may be one of very many no more are read; that it runs as code is a finding of its own. */
const MAXIMUM_OPTIONS = 128;

function sources(value: Value | undefined, language: LanguageName, span: Span): readonly Payload[] {
  const options = optionsOf(value ?? text('')).slice(0, MAXIMUM_OPTIONS);
  return options.flatMap((option) => {
    if (option.kind !== 'text' || option.text.replaceAll(HOLE, '').trim() === '') return [];
    return [{ language, text: readable(option.text, language), span, taint: option.taint }];
  });
}

function argv(words: readonly Value[], call: Call, fed: readonly Value[] = []): Payload | undefined {
  if (words.length === 0) return undefined;
  const { name, wrappers, skipped } = unwrap(words);
  const { span, context } = call;
  const args = words.slice(skipped);
  const command: Command = {
    name,
    wrappers,
    args,
    words: args.map((arg) => wholeTextOf(arg) ?? ''),
    argSpans: args.map(() => span),
    redirects: [],
    upstream: [],
    piped: false,
    background: false,
    fed,
    substitutions: [],
    folder: '',
    own: undefined,
    assignments: [],
    dynamic: name === undefined,
    span,
    context,
  };
  return { language: 'Bash', text: '', command, span, taint: 0 };
}

const commandOf = (words: readonly Value[], call: Call, fed: readonly Value[]): readonly Payload[] => {
  const one = argv(words, call, fed);
  return one ? [one] : [];
};

const NONE: readonly never[] = [];
const FEEDING = new Set(['subprocess.Popen().communicate', 'subprocess.Popen().stdin.write']);

/** What is fed to a command that was started before: `Popen(["sh"]).communicate(TEXT)`, `.stdin.write(TEXT)`. */
function fedLater(call: Call): readonly Payload[] {
  if (call.callee.kind !== 'ref' || !FEEDING.has(call.callee.name)) return NONE;
  const input = call.args[0] ?? call.keywords.get('input');
  for (let one: Value | undefined = call.callee; one?.kind === 'ref'; one = one.receiver) {
    const [words] = one.made ?? [];
    if (words && input) return commandOf(wordsOf(words) ?? [words], call, [input]);
  }
  return [];
}

function wordsOf(value: Value | undefined): readonly Value[] | undefined {
  return value?.kind === 'sequence' ? value.items : undefined;
}

/** subprocess.run("cmd"), run(["a", "b"]), spawn("a", ["b"]): a command line or an argv, as it comes. */
function commandPayloads(value: Value | undefined, call: Call): readonly Payload[] {
  const listed = wordsOf(value);
  const further = wordsOf(call.args[1]) ?? [];
  if (asksShell(call)) return sources(listed ? listed[0] : value, 'Bash', call.span);
  const words = listed ?? (value && further.length > 0 ? [value, ...further] : undefined);
  const input = call.keywords.get('input');
  const fed = input ? [input] : [];
  const one = words && argv(words, call, fed);
  if (one) return [one];
  const line = input && sources(value, 'Bash', call.span)[0];
  // The text of a command line that is one word is a command without arguments.
  if (line && /^[\w./-]+$/.test(line.text)) return commandOf([text(line.text)], call, fed);
  return sources(value, 'Bash', call.span);
}

function ofCall(program: Program, call: Call): readonly Payload[] {
  const sink = codeSinkOf(program.family, call);
  if (!sink) return fedLater(call);
  const code = codeOf(call, sink);
  switch (sink.shape) {
    case 'command':
      return commandPayloads(code, call);
    case 'argv':
    case 'words': {
      const one = argv(sink.shape === 'argv' ? (wordsOf(code) ?? []) : call.args.slice(sink.at), call);
      return one ? [one] : [];
    }
    default:
      return sources(code, sink.language, call.span);
  }
}

const joined = (values: readonly Value[]): Value =>
  text(
    values.map((value) => wholeTextOf(value) ?? (value.kind === 'text' ? value.text : HOLE)).join(' '),
    values.reduce((bits, { taint }) => bits | taint, 0),
  );

/** What find, trap, alias and eval run. */
function ofBuiltin(command: Command): readonly Payload[] {
  const { name, args, span } = command;
  if (name === 'eval') return sources(joined(args), 'Bash', span);
  if (name === 'trap') return sources(args[0], 'Bash', span);
  if (name === 'alias')
    return args.flatMap((arg) =>
      sources(text((wholeTextOf(arg) ?? '').replace(/^[^=]*=?/, ''), arg.taint), 'Bash', span),
    );
  if (name === undefined) return [];
  // `watch 'curl … | sh'`: a whole command line where a name would stand.
  if (command.wrappers.length > 0 && /\s/.test(name)) return sources(text(name), 'Bash', span);
  if (isCarrier(name)) {
    const words = args.map((arg) => wholeTextOf(arg) ?? HOLE);
    return carriedBy(name, words).flatMap((line) => sources(text(line), 'Bash', span));
  }
  return name === 'find' ? sources(runByFind(args), 'Bash', span) : [];
}

/** Where find looks is told by the words before its first option; what it finds there stands for the braces. */
function runByFind(args: readonly Value[]): Value | undefined {
  const words = args.map((arg) => wholeTextOf(arg) ?? HOLE);
  const start = words.findIndex((word) => /^-(?:exec|execdir|ok|okdir)$/.test(word));
  if (start < 0) return undefined;
  const options = words.findIndex((word) => /^[-(!]/.test(word));
  const far = words.slice(0, options).find((word) => /^[/~]/.test(word));
  const run = args
    .slice(start + 1)
    .filter((_arg, index) => !/^(?:\\?;|\+)$/.test(words[start + 1 + index] ?? ''));
  const found = joined(run);
  if (far === undefined || found.kind !== 'text') return found;
  return text(found.text.replaceAll('{}', `${far.replace(/\/$/, '')}/${HOLE}`), found.taint);
}

function ofCommand(command: Command): readonly Payload[] {
  const interpreter = interpreterOf(command);
  if (!interpreter) return ofBuiltin(command);
  const { language, inline, reads } = interpreter;
  if (language === undefined) return [];
  const given = inline.flatMap((value) => sources(value, language, command.span));
  return reads ? [...given, ...sources(inputOf(command), language, command.span)] : given;
}

/** The texts that a program runs as code. */
export function payloadsOf(program: Program): readonly Payload[] {
  const written = scriptsRun(program.commands).flatMap(({ command, content }) =>
    sources(content, interpreterOf(command)?.language ?? 'Bash', command.span),
  );
  const files = filesRunBy(program).map(({ content, language, call }) => ({
    language,
    text: readable(content.text, language),
    span: call.span,
    taint: content.taint,
  }));
  return [
    ...program.calls.flatMap((call) => ofCall(program, call)),
    ...program.commands.flatMap(ofCommand),
    ...written,
    ...files,
  ];
}

/** An argv as a program of one command. */
export function commandProgram(command: Command, document: Document, reading: Reading): Program {
  return finished({ ...emptyProgram('Bash', document, reading), commands: [command] });
}
