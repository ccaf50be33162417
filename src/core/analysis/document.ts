/** A range of a text. Lines and columns count from 1; columns count UTF-16 units; the end is exclusive. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const startsBefore = (a: Span, b: Span): boolean =>
  a.line < b.line || (a.line === b.line && a.column <= b.column);
const endsAfter = (a: Span, b: Span): boolean =>
  a.endLine > b.endLine || (a.endLine === b.endLine && a.endColumn >= b.endColumn);

/** Whether the whole of one range lies in the other. */
export const covers = (outer: Span, inner: Span): boolean =>
  startsBefore(outer, inner) && endsAfter(outer, inner);

/** One text under analysis, and how to say where something is in it. */
export interface Document {
  /** Absent for the main program. */
  readonly file: string | undefined;
  readonly text: string;
  readonly lines: readonly string[];
  /** The line of this number, without those before and after it being taken apart; empty where there is none. */
  lineAt(line: number): string;
  /** The span of text[start, end). */
  spanAt(start: number, end: number): Span;
}

/** Where each line of the text starts. CR, LF and CRLF end a line, as all parsers here have it. */
function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
    return starts;
  }
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x0a || (code === 0x0d && text.charCodeAt(index + 1) !== 0x0a)) starts.push(index + 1);
  }
  return starts;
}

/** A line of the text, without what ends it. */
function lineFrom(text: string, start: number, next: number): string {
  let end = next;
  while (end > start && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1;
  return text.slice(start, end);
}

function lastAtOrBefore(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function openDocument(text: string, file?: string): Document {
  let starts: readonly number[] | undefined;
  const lineStarts = (): readonly number[] => (starts ??= lineStartsOf(text));
  const indexAt = (offset: number): number =>
    lastAtOrBefore(lineStarts(), Math.min(Math.max(offset, 0), text.length));
  const columnIn = (index: number, offset: number): number =>
    Math.min(offset, text.length) - (lineStarts()[index] ?? 0) + 1;
  let lines: readonly string[] | undefined;
  return {
    file,
    text,
    get lines() {
      lines ??= lineStarts().map((start, index, all) => lineFrom(text, start, all[index + 1] ?? text.length));
      return lines;
    },
    lineAt(line) {
      const start = lineStarts()[line - 1];
      return start === undefined ? '' : lineFrom(text, start, lineStarts()[line] ?? text.length);
    },
    spanAt(start, end) {
      const to = Math.max(start, end);
      const first = indexAt(start);
      // Most of what has a place begins and ends in one line.
      const last = to < (lineStarts()[first + 1] ?? Infinity) ? first : indexAt(to);
      return {
        line: first + 1,
        column: columnIn(first, start),
        endLine: last + 1,
        endColumn: columnIn(last, to),
      };
    },
  };
}

const MAXIMUM_EXCERPT = 120;

function escaped(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex -- control characters are what is escaped
    /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What a reader is shown of a place: its first line, escaped, at most 120 characters. */
export function excerptOf(document: Document, span: Span): string {
  const line = document.lineAt(span.line);
  const end = span.endLine === span.line ? span.endColumn - 1 : line.length;
  const piece = line.slice(span.column - 1, Math.min(end, span.column - 1 + 2 * MAXIMUM_EXCERPT));
  const shown = escaped(piece.trim() === '' ? line.trim().slice(0, MAXIMUM_EXCERPT) : piece.trim());
  return shown.length > MAXIMUM_EXCERPT ? `${shown.slice(0, MAXIMUM_EXCERPT - 1)}…` : shown;
}
