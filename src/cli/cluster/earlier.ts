import type { CodeExecutionRequest } from '../../api/parse.ts';
import type { Locale } from '../../api/v1alpha1/names.ts';
import { differenceOf } from '../../core/view/difference.ts';
import type { Difference } from '../../core/view/difference.ts';
import { plainly, textOf } from '../../core/view/hidden.ts';
import { VIEW_WORDS } from '../../core/view/words.ts';
import { earlierApproved } from '../../judging/earlier.ts';
import type { Session } from './session.ts';

function linesOf(difference: Difference, locale: Locale): readonly string[] {
  const words = VIEW_WORDS[locale];
  if (difference.kind === 'None') return [`  ${words.sameAsBefore}`];
  if (difference.kind === 'TooLarge') return [`  ${words.differsTooMuch}`];
  return difference.texts.flatMap(({ title, lines }) => [
    `  ${title}:`,
    ...lines.map(({ mark, pieces }) => `    ${mark === '@' ? '' : mark}${textOf(pieces)}`),
  ]);
}

/**
 * What has changed since the caller last approved something of the same requester; empty where there is nothing to compare with, or
 * nothing that the caller may read. It stands below the whole request and takes nothing from it.
 */
export async function changesSince(
  { client }: Session,
  request: CodeExecutionRequest,
  locale: Locale,
): Promise<string> {
  const earlier = await earlierApproved(client, request);
  if (!earlier) return '';
  const { metadata } = earlier.request;
  const head = VIEW_WORDS[locale].changes(metadata.name, earlier.approval.metadata.creationTimestamp);
  const lines = linesOf(differenceOf(earlier.request.spec, request.spec), locale);
  return `\n${plainly(head)}\n${lines.join('\n')}\n`;
}
