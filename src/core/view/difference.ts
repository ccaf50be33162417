import { structuredPatch } from 'diff';
import { MAIN_FILE } from '../../api/parse.ts';
import type { ExecutionApproval } from '../../api/parse.ts';
import type { RequestSpec } from '../../api/v1alpha1/code-execution-request.ts';
import { millisecondsOf } from '../time.ts';
import { piecesOf, plainly } from './hidden.ts';
import type { Piece } from './hidden.ts';

/** A line of a unified diff. `mark` is what a reader of diffs knows: `@` heads a hunk, `\` says something about the line before. */
export interface DiffLine {
  readonly mark: ' ' | '+' | '-' | '@' | '\\';
  readonly pieces: readonly Piece[];
}

/** How one text differs from what it was. */
export interface TextDifference {
  readonly title: string;
  readonly lines: readonly DiffLine[];
}

/** How a request differs from an earlier one. Beside the whole of it, never in its place. */
export type Difference =
  | { readonly kind: 'None' }
  | { readonly kind: 'Some'; readonly texts: readonly TextDifference[] }
  /** So much differs that a diff helps nobody. */
  | { readonly kind: 'TooLarge' };

/** Lines that may be added and removed together in one text before it is given up. */
const MAX_EDITS = 1000;
const MAX_LINES = 2000;
const CONTEXT = 3;

/** What belongs to a request beside its texts, a line each. */
function outline(spec: RequestSpec): string {
  const { role, language, sandboxClassName, actions = [], limits, deadlineSeconds, onBehalfOf } = spec;
  const facts = {
    ...{ role, language, sandboxClassName, limits, deadlineSeconds },
    onBehalfOf: onBehalfOf?.username,
    actions: actions.toSorted((a, b) => (a < b ? -1 : 1)),
  };
  return Object.entries(facts)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${JSON.stringify(value)}\n`]))
    .join('');
}

/** Everything that would run, by title; a file cannot have the name of a text beside the files. */
function textsOf(spec: RequestSpec): ReadonlyMap<string, string> {
  const { language, code, files = [], args = [], stdin } = spec;
  return new Map([
    ['spec', outline(spec)],
    [MAIN_FILE[language], code],
    ...files.map(({ path, content }) => [`/workspace/${path}`, content] as const),
    ['spec.args', args.map((arg) => `${JSON.stringify(arg)}\n`).join('')],
    ['spec.stdin', stdin ?? ''],
  ]);
}

const isMark = (mark: string | undefined): mark is ' ' | '+' | '-' | '\\' =>
  mark === ' ' || mark === '+' || mark === '-' || mark === '\\';

/** undefined: too much differs. */
function linesBetween(before: string, now: string): readonly DiffLine[] | undefined {
  if (before === now) return [];
  const patch = structuredPatch('', '', before, now, '', '', { context: CONTEXT, maxEditLength: MAX_EDITS });
  return patch?.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    { mark: '@' as const, pieces: [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`] },
    ...lines.map((line): DiffLine => {
      const mark = line[0];
      return { mark: isMark(mark) ? mark : ' ', pieces: piecesOf(line.slice(1)) };
    }),
  ]);
}

/** How what would run differs from what another request would have run. Pure, and bounded. */
export function differenceOf(before: RequestSpec, now: RequestSpec): Difference {
  const [old, current] = [textsOf(before), textsOf(now)];
  const texts: TextDifference[] = [];
  let count = 0;
  for (const title of new Set([...current.keys(), ...old.keys()])) {
    const lines = linesBetween(old.get(title) ?? '', current.get(title) ?? '');
    count += lines?.length ?? MAX_LINES + 1;
    if (!lines || count > MAX_LINES) return { kind: 'TooLarge' };
    if (lines.length > 0) texts.push({ title: plainly(title), lines });
  }
  return texts.length === 0 ? { kind: 'None' } : { kind: 'Some', texts };
}

/** What somebody has approved, the newest first; other decisions and other people's are left out. */
export const approvedBy = (
  approvals: readonly ExecutionApproval[],
  username: string,
): readonly ExecutionApproval[] =>
  approvals
    .filter(({ spec }) => spec.decision === 'Approve' && spec.approver?.username === username)
    .toSorted(
      (a, b) => millisecondsOf(b.metadata.creationTimestamp) - millisecondsOf(a.metadata.creationTimestamp),
    );
