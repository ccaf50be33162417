import { createHash } from 'node:crypto';
import type { Span } from '../../../src/core/analysis/document.ts';
import type {
  Call,
  Command,
  Context,
  Loop,
  Program,
  Trouble,
} from '../../../src/core/analysis/program/program.ts';
import { TAINT } from '../../../src/core/analysis/program/value.ts';
import type { Value } from '../../../src/core/analysis/program/value.ts';
import type { Finding, Report } from '../../../src/core/analysis/report.ts';

/** Programs and reports as lines of text, one a thing, for golden files. */

const MAXIMUM_TEXT = 160;
const MAXIMUM_ITEMS = 12;
/** Records may hold themselves. */
const MAXIMUM_DEPTH = 3;
const MAXIMUM_LINE = 400;
/** In programs that are written to be viewed, a name that means nothing and a call that shows its arguments. */
const FILLER = new Set(['show', 'unknown']);

const place = ({ line, column, endLine, endColumn }: Span): string =>
  endLine === line ? `${line}:${column}-${endColumn}` : `${line}:${column}-${endLine}:${endColumn}`;

const quoted = (text: string): string =>
  text.length <= MAXIMUM_TEXT
    ? JSON.stringify(text)
    : `${JSON.stringify(`${text.slice(0, 60)}…${text.slice(-60)}`)}(${text.length})`;

const taintOf = (taint: number): string =>
  Object.entries(TAINT)
    .filter(([, bit]) => (taint & bit) !== 0)
    .map(([name]) => `^${name}`)
    .join('');

function listed(values: readonly Value[], depth: number, between = ', '): string {
  const shown = values.slice(0, MAXIMUM_ITEMS).map((value) => plain(value, depth + 1));
  return shown.join(between) + (values.length > MAXIMUM_ITEMS ? `${between}… ${values.length}` : '');
}

function plain(value: Value, depth = 0): string {
  if (depth > MAXIMUM_DEPTH) return '…';
  const body = (): string => {
    switch (value.kind) {
      case 'unknown':
        return '?';
      case 'text':
        return `${value.bytes ? 'b' : ''}${quoted(value.text)}`;
      case 'number':
        return Object.is(value.value, -0) ? '-0' : String(value.value);
      case 'truth':
        return value.value === undefined ? 'none' : String(value.value);
      case 'sequence':
        return `[${listed(value.items, depth)}${value.open ? ', ...' : ''}]`;
      case 'record': {
        const members = [...value.members].slice(0, MAXIMUM_ITEMS);
        const inherits = value.inherits.length > 0 ? ` < ${listed(value.inherits, depth)}` : '';
        return `${value.role}{${members.map(([key, one]) => `${quoted(key)}: ${plain(one, depth + 1)}`).join(', ')}}${inherits}`;
      }
      case 'ref': {
        const made = value.made ? ` made(${listed(value.made, depth)})` : '';
        return `${value.name}${value.text === undefined ? '' : `=${quoted(value.text)}`}${made}`;
      }
      case 'closure':
        return value.self ? `function of ${plain(value.self, depth + 1)}` : 'function';
      case 'method':
        return `${plain(value.receiver, depth + 1)}.${value.name}`;
      case 'bound':
        return `bound ${plain(value.callee, depth + 1)}(${listed(value.before, depth)})`;
      case 'choice':
        return `<${listed(value.options, depth, ' | ')}>`;
    }
  };
  return body() + taintOf(value.taint);
}

const list = (values: readonly Value[]): string => values.map((value) => plain(value)).join(' ');

const loopAt = (loop: Loop | undefined): string => (loop ? ` in loop ${place(loop.span)}` : '');

function inside({ loop, functions }: Context, numberOf: (id: number) => number): string {
  return `${loopAt(loop)}${functions.length > 0 ? ` in f${functions.map(numberOf).join('>f')}` : ''}`;
}

function callLine(call: Call, numberOf: (id: number) => number): string {
  const keywords = [...call.keywords].map(([name, value]) => `${name}=${plain(value)}`);
  const args = [...call.args.map((value) => plain(value)), ...keywords].join(', ');
  const callee = call.name ?? plain(call.callee);
  return `call ${place(call.span)} ${callee}(${args})${call.followed ? ' followed' : ''}${inside(call.context, numberOf)}`;
}

function loopLine(loop: Loop): string {
  const { kind, span, endless, unconditional, iterations, iterates, outer } = loop;
  const ends = endless ? ' endless' : unconditional ? ' unconditional' : '';
  const times = iterations === undefined ? '' : ` ${iterations} times`;
  return `loop ${place(span)} ${kind}${ends}${times}${iterates === undefined ? '' : ` through ${iterates}`}${loopAt(outer)}`;
}

const short = (command: Command): string => [command.name ?? '?', list(command.args)].join(' ').trim();

function commandLine(command: Command, numberOf: (id: number) => number): string {
  const { span, wrappers, redirects, upstream, fed, substitutions, own, assignments, context } = command;
  const parts = [
    `command ${place(span)} ${command.name ?? '?'} ${list(command.args)}`.trimEnd(),
    wrappers.length > 0 ? `by ${wrappers.join(',')}` : '',
    ...redirects.map((one) => `${one.operator} ${plain(one.target)} ${place(one.span)}`),
    ...upstream.map((one) => `| from ${short(one)}`),
    ...substitutions.map((one) => `$( ${short(one)} )`),
    fed.length > 0 ? `fed ${list(fed)}` : '',
    command.piped ? 'piped' : '',
    command.background ? 'background' : '',
    command.dynamic ? 'dynamic' : '',
    own === undefined ? '' : `own f${numberOf(own)}`,
    assignments.length > 0 ? `sets ${assignments.join(',')}` : '',
    inside(context, numberOf).trim(),
    command.argSpans.length > 0 ? `@${command.argSpans.map(place).join(' ')}` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

const troubleLine = ({ kind, message, span }: Trouble): string =>
  `trouble ${place(span)} ${kind} ${message.en} / ${message.ja}`;

/** Of a line that nobody would read to its end, the end is told by its digest. */
const bounded = (line: string): string =>
  line.length <= MAXIMUM_LINE
    ? line
    : `${line.slice(0, MAXIMUM_LINE)}… ${createHash('sha256').update(line).digest('hex').slice(0, 12)}`;

/** What rules read of a program. Functions are numbered as they appear. */
export function viewOf(program: Program): readonly string[] {
  const numbers = new Map<number, number>();
  const numberOf = (id: number): number => {
    const known = numbers.get(id) ?? numbers.size + 1;
    numbers.set(id, known);
    return known;
  };
  const { family, depth, host, taint, document, recursive } = program;
  const at = host ? ` at ${place(host.span)}` : '';
  return [
    `${family} ${depth}${at}${taintOf(taint)}${document.file === undefined ? '' : ` ${document.file}`}`,
    ...program.troubles.map(troubleLine),
    ...program.imports.map(({ module, span }) => `import ${place(span)} ${module}`),
    ...program.references
      .filter(({ name }) => !FILLER.has(name))
      .map(({ name, span, via }) => `refers ${place(span)} ${name}${via === 'direct' ? '' : ` ${via}`}`),
    ...program.calls.map((call) => callLine(call, numberOf)),
    ...program.commands.map((command) => commandLine(command, numberOf)),
    ...program.loops.map(loopLine),
    ...program.members.map(({ name, owner, span }) => `member ${place(span)} ${plain(owner)} . ${name}`),
    ...program.writes.map(({ target, value, span }) => `write ${place(span)} ${target} = ${plain(value)}`),
    ...program.allocations.map(({ bytes, span }) => `allocates ${place(span)} ${bytes}`),
    ...program.disguised.map((one) => `disguised ${place(one.span)} ${one.written} ${one.meant}`),
    ...(recursive.size > 0 ? [`recursive ${[...recursive].map((id) => `f${numberOf(id)}`).join(' ')}`] : []),
  ].map(bounded);
}

const or = (prefix: string, content: string | undefined): string =>
  content === undefined ? '' : ` ${prefix}${content}`;

/** A finding: rule, grade, place, what it is about, and what it says where that is not what the rule always says. */
export function findingLine(finding: Finding, usual: string | undefined): string {
  const { rule, severity, message, subjects, action, file } = finding;
  const about = subjects
    ? [
        subjects.use ? '' : 'named',
        subjects.sure ? '' : 'unsure',
        ...subjects.modules,
        ...subjects.paths.map((path) => `path:${path}`),
        ...subjects.hosts.map((host) => `host:${host}`),
      ].filter((part) => part !== '')
    : [];
  const says = message.en === usual ? '' : ` «${message.en}» «${message.ja}»`;
  const where = `${file === undefined ? '' : `${file}:`}${place(finding)}`;
  return `${rule} ${severity} ${where}${or('action:', action)}${about.length > 0 ? ` (${about.join(' ')})` : ''}${says}`;
}

/** A whole report. */
export function reportLines(
  report: Report,
  usualOf: (rule: string) => string | undefined,
): readonly string[] {
  const { parsed, riskScore, riskReasons, truncatedFindings, actions, findings } = report;
  const reasons = riskReasons.map(({ rule, points }) => `${rule}+${points}`).join(' ');
  return [
    `${parsed ? 'read' : 'unread'}, risk ${riskScore}${reasons === '' ? '' : `: ${reasons}`}${truncatedFindings > 0 ? `, ${truncatedFindings} more` : ''}`,
    ...(actions.length > 0
      ? [`does ${actions.map(({ action, line, column }) => `${action}@${line}:${column}`).join(' ')}`]
      : []),
    ...findings.map((finding) => findingLine(finding, usualOf(finding.rule))),
  ];
}
