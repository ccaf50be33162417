import { gravity } from '../../core/analysis/report.ts';
import type { Finding, Severity } from '../../core/analysis/report.ts';
import { safeText } from '../../core/run/text.ts';
import { uniqueSentences } from '../../core/verdict/judge.ts';
import type { Failure, Judged } from '../input.ts';
import { WORDS } from '../words.ts';
import type { Words } from '../words.ts';
import type { Format } from './format.ts';
import { placesIn, titleOf } from './places.ts';
import type { Place } from './places.ts';
import type { Decision } from './record.ts';
import { excerpt } from './source-line.ts';

const MAX_REASONS = 10;

type Paint = (text: string) => string;
interface Colours {
  readonly bold: Paint;
  readonly faint: Paint;
  readonly alarm: Paint;
  readonly caution: Paint;
  readonly fine: Paint;
}

const painted =
  (code: number): Paint =>
  (text) =>
    `\u001b[${code}m${text}\u001b[0m`;
const plain: Paint = (text) => text;
const COLOURED: Colours = {
  bold: painted(1),
  faint: painted(2),
  alarm: painted(31),
  caution: painted(33),
  fine: painted(32),
};
const PLAIN: Colours = { bold: plain, faint: plain, alarm: plain, caution: plain, fine: plain };

/** One line of text that no terminal obeys. */
const line = (text: string): string => safeText(text).replaceAll('\n', '\\u000a').replaceAll('\t', ' ');

const paintOf = (severity: Severity, colours: Colours): Paint =>
  gravity(severity) >= gravity('High')
    ? colours.alarm
    : severity === 'Medium'
      ? colours.caution
      : colours.faint;

const paintOfDecision = (decision: Decision, colours: Colours): Paint =>
  decision === 'Deny' ? colours.alarm : decision === 'RequireApproval' ? colours.caution : colours.fine;

/** The source line with the place underlined. */
function picture(finding: Finding, place: Place, colours: Colours): readonly string[] {
  if (place.source.trim() === '') return [];
  const { line: first, column, endLine, endColumn } = finding;
  const end = endLine > first ? place.source.trimEnd().length + 1 : endColumn;
  const { text, before, width } = excerpt(place.source, column, end);
  const number = String(place.line).padStart(5);
  const mark = paintOf(finding.severity, colours)('^'.repeat(width));
  return [
    `${colours.faint(`${number} |`)} ${text}`,
    `${colours.faint(`${' '.repeat(number.length)} |`)} ${' '.repeat(before)}${mark}`,
  ];
}

function findingLines(finding: Finding, place: Place, judged: Judged, colours: Colours): readonly string[] {
  const { locale } = judged.program.spec;
  const { rule, severity, message, remedy } = finding;
  const head = `${colours.bold(`${line(place.path)}:${place.line}:${place.column}:`)} ${paintOf(severity, colours)(`${severity} ${rule}`)}: ${line(message[locale])}`;
  return [
    head,
    ...picture(finding, place, colours),
    ...(remedy ? [`${colours.faint('      =')} ${line(remedy[locale])}`] : []),
  ];
}

function reasonLines({ program, weighed }: Judged, words: Words): readonly string[] {
  const { locale } = program.spec;
  const all = uniqueSentences([...weighed.denials, ...weighed.approvals], locale);
  // What only points to a finding is told in one line: the findings stand above.
  const reasons = all.filter(({ reason }) => reason !== 'CodeRefused');
  const refusing = weighed.denials.flatMap(({ reason, params }) =>
    reason === 'CodeRefused' ? [String(params[0])] : [],
  );
  const refused = refusing.length === 0 ? [] : [words.refusedBy([...new Set(refusing)].join(', '))];
  const told = reasons.slice(0, MAX_REASONS).map(({ message }) => message);
  const left = reasons.length - told.length;
  const warned = uniqueSentences(weighed.warned, locale).map(({ message }) => words.notEnforced(message));
  return [...refused, ...told, ...(left > 0 ? [words.more(left)] : []), ...warned.slice(0, MAX_REASONS)];
}

function judgedText(judged: Judged, colours: Colours): string {
  const { program, weighed, truncatedFindings } = judged;
  const words = WORDS[program.spec.locale];
  const placeOf = placesIn(program);
  const { decision, riskScore, riskReasons, findings } = weighed;
  const risk = riskReasons.map(({ rule, points }) => `${rule} ${points}`).join(', ');
  const paint = paintOfDecision(decision, colours);
  const lines = [
    ...findings.flatMap((finding) => findingLines(finding, placeOf(finding), judged, colours)),
    ...(truncatedFindings > 0 ? [words.more(truncatedFindings)] : []),
    `${colours.bold(`${line(titleOf(program.name))}:`)} ${paint(words.head(words.decision[decision], riskScore))}`,
    ...reasonLines(judged, words).map((reason) => `  ${line(reason)}`),
    ...(risk === '' ? [] : [`  ${words.risk}: ${risk}`]),
  ];
  return `${lines.join('\n')}\n${findings.length > 0 ? '\n' : ''}`;
}

function failureText({ name, line: number, message }: Failure, words: Words, colours: Colours): string {
  const place = number === undefined ? '' : `:${number}`;
  return `${colours.bold(`${line(titleOf(name))}${place}:`)} ${colours.alarm(words.error)}: ${line(message)}\n`;
}

/** For people, in the shape of a compiler's messages, which editors and terminals know how to follow. */
export function textFormat(words: Words, coloured: boolean): Format {
  const colours = coloured ? COLOURED : PLAIN;
  return {
    begin: () => '',
    one: (result) =>
      result.kind === 'judged' ? judgedText(result, colours) : failureText(result, words, colours),
    end: (tally) => `${words.summary(tally)}\n`,
  };
}
