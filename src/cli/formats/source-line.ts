import { safeText } from '../../core/run/text.ts';

/** One character of a source line as a terminal gets it. */
interface Cell {
  readonly shown: string;
  readonly width: number;
}

/** A line of source ready to be printed, and where the mark under it belongs. */
export interface Excerpt {
  readonly text: string;
  /** Columns of the terminal before the mark, and under it. */
  readonly before: number;
  readonly width: number;
}

const MAXIMUM_WIDTH = 100;
/** What is kept in sight before the place, when the line is cut. */
const LEAD = 30;
const TAB = 4;

/** Characters that take two columns: East Asian wide and full-width ones, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /\p{Mn}|\p{Me}/u;
const LONE_SURROGATE = /\p{Cs}/u;

function cellOf(character: string, column: number): Cell {
  if (character === '\t') {
    const width = TAB - (column % TAB);
    return { shown: ' '.repeat(width), width };
  }
  const shown = LONE_SURROGATE.test(character)
    ? `\\u${character.charCodeAt(0).toString(16)}`
    : safeText(character);
  if (shown !== character) return { shown, width: shown.length };
  if (NO_WIDTH.test(character)) return { shown, width: 0 };
  return { shown, width: WIDE.test(character) ? 2 : 1 };
}

/** As much as fits, counted from `start`; an ellipsis stands for what does not. */
function cut(cells: readonly Cell[], start: number, hasMore: boolean): { text: string; end: number } {
  let width = start > 0 ? 1 : 0;
  let end = start;
  while (end < cells.length && width + (cells[end]?.width ?? 0) < MAXIMUM_WIDTH) {
    width += cells[end]?.width ?? 0;
    end += 1;
  }
  const text = cells
    .slice(start, end)
    .map(({ shown }) => shown)
    .join('');
  return { text: `${text}${end < cells.length || hasMore ? '…' : ''}`, end };
}

const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, { width }) => sum + width, 0);

/** A line and the columns [column, endColumn) of it, counted in UTF-16 units from 1. Long lines are cut around the place. */
export function excerpt(line: string, column: number, endColumn: number): Excerpt {
  // Of a line of 256 KiB only the part around the place is looked at.
  const from = Math.max(0, column - 1 - 4 * MAXIMUM_WIDTH);
  const to = Math.min(line.length, column - 1 + 4 * MAXIMUM_WIDTH);
  const cells: Cell[] = [];
  let units = from;
  let width = 0;
  let first = 0;
  let last = 0;
  for (const character of line.slice(from, to)) {
    const cell = cellOf(character, width);
    if (units < column - 1) first += 1;
    if (units < endColumn - 1) last += 1;
    units += character.length;
    width += cell.width;
    cells.push(cell);
  }
  const fits = from === 0 && to === line.length && width < MAXIMUM_WIDTH;
  const start = fits ? 0 : Math.max(0, first - LEAD);
  const isCut = start > 0 || from > 0;
  const { text, end } = cut(cells, start, to < line.length);
  return {
    text: `${isCut ? '…' : ''}${text}`,
    before: widthOf(cells.slice(start, Math.min(first, end))) + (isCut ? 1 : 0),
    width: Math.max(1, widthOf(cells.slice(first, Math.min(last, end)))),
  };
}
