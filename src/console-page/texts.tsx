import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Piece, ShownText } from '../console/contract.ts';
import { drawn } from './pieces.tsx';
import type { PageWords } from './words.ts';

/** What is noticed together when its end comes onto the screen: less than a screen holds, unless one line alone is longer. */
const BATCH = { lines: 20, characters: 1500 } as const;
/** Lines that are drawn at once; then twice as many each time, so that the page answers from the start. */
const FIRST_LINES = 500;

/** What a line is called, for whoever leads to it. */
export const lineId = (title: string, line: number): string => `line-${encodeURIComponent(title)}-${line}`;

/** Leads eyes and focus to a line. */
export function leadTo(title: string, line: number): void {
  const place = document.getElementById(lineId(title, line));
  place?.scrollIntoView({ block: 'center' });
  place?.focus({ preventScroll: true });
}

/** The first line of a text that was not on the screen yet. */
export interface Unseen {
  readonly title: string;
  readonly line: number;
}

/** Lines [from, end) of a text. */
interface Range {
  readonly from: number;
  readonly end: number;
}

const lengthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + (typeof piece === 'string' ? piece : piece.hidden).length, 0);

function rangesOf({ lines }: ShownText): readonly Range[] {
  const ranges: Range[] = [];
  let from = 0;
  let characters = 0;
  lines.forEach((pieces, index) => {
    const length = lengthOf(pieces);
    if (index > from && (index - from >= BATCH.lines || characters + length > BATCH.characters)) {
      ranges.push({ from, end: index });
      from = index;
      characters = 0;
    }
    characters += length;
  });
  return lines.length === 0 ? ranges : [...ranges, { from, end: lines.length }];
}

interface BatchProps {
  readonly text: ShownText;
  readonly range: Range;
  readonly found: ReadonlySet<number>;
  readonly hidden: string;
}

/** Drawn once: what a reader reads does not move under them when a status changes. */
function Batch({ text, range: { from, end }, found, hidden }: BatchProps) {
  return useMemo(
    () => (
      <div class="batch">
        {text.lines.slice(from, end).map((pieces, index) => {
          const line = from + index + 1;
          const isFound = found.has(line);
          const isPlace = isFound || index === 0;
          return (
            <div
              key={line}
              class={isFound ? 'line found' : 'line'}
              data-line={text.kind === 'value' ? '' : isFound ? `▶ ${line}` : line}
              {...(isPlace ? { id: lineId(text.title, line), tabIndex: -1 } : {})}
            >
              {drawn(pieces, hidden)}
            </div>
          );
        })}
        <div class="tail" data-from={from} />
      </div>
    ),
    [text, from, end, found, hidden],
  );
}

interface TextProps {
  readonly text: ShownText;
  readonly upTo: number;
  readonly found: ReadonlySet<number>;
  readonly words: PageWords;
  /** The first line that was not on the screen yet; undefined when all were. */
  readonly onSeen: (firstUnseen: number | undefined) => void;
}

/** One text, which notices what of it comes onto the screen. */
function Text({ text, upTo, found, words, onSeen }: TextProps) {
  const box = useRef<HTMLDivElement>(null);
  const seen = useRef(new Set<number>());
  const total = text.lines.length;
  const ranges = useMemo(() => rangesOf(text), [text]);
  const shown = useMemo(() => ranges.filter(({ from }) => from < upTo), [ranges, upTo]);
  useEffect(() => {
    const tell = () => {
      const first = ranges.find(({ from }) => !seen.current.has(from));
      onSeen(first && first.from + 1);
    };
    const observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting || !(target instanceof HTMLElement)) continue;
        seen.current.add(Number(target.dataset['from']));
        observer.unobserve(target);
      }
      tell();
    });
    for (const tail of box.current?.querySelectorAll<HTMLElement>('.tail') ?? [])
      if (!seen.current.has(Number(tail.dataset['from']))) observer.observe(tail);
    tell();
    return () => observer.disconnect();
  }, [shown, ranges]);
  return (
    <section class="text">
      <h3>
        {text.title} <small>({words.view.lines(total)})</small>
      </h3>
      <div class="code" translate={false} ref={box}>
        {shown.map((range) => (
          <Batch key={range.from} {...{ text, range, found }} hidden={words.view.hidden} />
        ))}
      </div>
      <p class="end">{shown.length === ranges.length ? words.view.end(text.title) : words.view.drawing}</p>
    </section>
  );
}

export interface TextsProps {
  readonly texts: readonly ShownText[];
  /** Lines of all texts, as the server counted them. */
  readonly lineCount: number;
  /** Numbers of the lines that findings name, by title of the text. */
  readonly found: ReadonlyMap<string, ReadonlySet<number>>;
  readonly words: PageWords;
  /** What was not on the screen yet; nothing when all was. Undefined: not everything is drawn. */
  readonly onRead: (left: readonly Unseen[] | undefined) => void;
}

const NONE: ReadonlySet<number> = new Set();

/** Every line of every text. Only when all of them are in the page is anything said to have been seen. */
export function Texts({ texts, lineCount, found, words, onRead }: TextsProps) {
  const longest = Math.max(...texts.map(({ lines }) => lines.length));
  const [upTo, setUpTo] = useState(FIRST_LINES);
  const [unseen, setUnseen] = useState<ReadonlyMap<number, number | undefined>>(new Map());
  const all = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (upTo >= longest) return;
    const timer = setTimeout(() => setUpTo(upTo * 2), 0);
    return () => clearTimeout(timer);
  }, [upTo, longest]);
  useEffect(() => {
    // Counted in the page itself: what was not drawn was not shown.
    const isWhole = upTo >= longest && all.current?.querySelectorAll('.line').length === lineCount;
    const left = texts.flatMap(({ title }, index) => {
      const line = unseen.has(index) ? unseen.get(index) : 1;
      return line === undefined ? [] : [{ title, line }];
    });
    onRead(isWhole ? left : undefined);
  }, [upTo, longest, unseen, lineCount]);
  return (
    <div ref={all}>
      {texts.map((text, index) => (
        <Text
          key={index}
          {...{ text, upTo, words }}
          found={found.get(text.title) ?? NONE}
          onSeen={(line) => setUnseen((before) => new Map(before).set(index, line))}
        />
      ))}
    </div>
  );
}
