import type { CodeExecutionRequest } from '../../api/parse.ts';
import type { Locale } from '../../api/v1alpha1/names.ts';
import { plainly, textOf } from '../../core/view/hidden.ts';
import { requestView } from '../../core/view/request-view.ts';
import type { ShownText, ShownVerdict } from '../../core/view/request-view.ts';
import { VIEW_WORDS } from '../../core/view/words.ts';

function textLines({ kind, title, lines }: ShownText): readonly string[] {
  if (kind === 'value') return ['', `${title}: ${lines.map(textOf).join('')}`];
  const width = String(lines.length).length;
  return [
    '',
    `${title}:`,
    ...lines.map((line, index) => `  ${String(index + 1).padStart(width)} | ${textOf(line)}`),
  ];
}

function verdictLines(verdict: ShownVerdict | undefined, locale: Locale): readonly string[] {
  const words = VIEW_WORDS[locale];
  if (!verdict) return ['', words.notJudged];
  const { risk, reasons, findings, more } = verdict;
  return [
    '',
    `${words.risk}: ${risk}`,
    ...reasons.map((reason) => `  ${reason}`),
    ...findings.map(
      ({ file, line, column, severity, rule, message }) =>
        `  ${file}:${line}:${column}: ${severity} ${rule}: ${message}`,
    ),
    ...(more === undefined ? [] : [`  ${more}`]),
  ];
}

/** Everything that a person must have seen before they decide, as lines for a terminal. */
export function viewOf(request: CodeExecutionRequest, locale: Locale): string {
  const { facts, approval, verdict, texts, digest } = requestView(request, locale);
  const lines = [
    ...facts.map(({ title, value }) => `${title}: ${value}`),
    ...approval,
    ...verdictLines(verdict, locale),
    ...texts.flatMap(textLines),
    '',
    `${VIEW_WORDS[locale].digest}: ${plainly(digest ?? '?')}`,
  ];
  return `${lines.join('\n')}\n`;
}
