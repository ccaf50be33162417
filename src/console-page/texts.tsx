import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Piece, ShownText } from '../console/contract.ts';
import type { PageWords } from './words.ts';

/** Lines that are drawn at one time, so that the page answers meanwhile. */
const BATCH = 500;

/** What a line is called, for whoever leads to it. */
export const lineId = (title: string, line: number): string => `line-${encodeURIComponent(title)}-${line}`;

const pieceOf = (piece: Piece, index: number, hidden: string) =>
  typeof piece === 'string' ? (
    piece
  ) : (
    <mark key={index} title={hidden}>
      {piece.hidden}
    </mark>
  );

interface BatchProps {
  readonly text: ShownText;
  readonly from: number;
  readonly found: ReadonlySet<number>;
  readonly hidden: string;
}

/** Drawn once: what a reader reads does not move under them when a status changes. */
function Batch({ text, from, found, hidden }: BatchProps) {
  return useMemo(
    () => (
      <div class="batch">
        {text.lines.slice(from, from + BATCH).map((pieces, index) => {
          const line = from + index + 1;
          const isFound = found.has(line);
          return (
            <div
              key={line}
              class={isFound ? 'line found' : 'line'}
              data-line={text.kind === 'value' ? '' : isFound ? `▶ ${line}` : line}
              {...(isFound ? { id: lineId(text.title, line), tabIndex: -1 } : {})}
            >
              {pieces.map((piece, place) => pieceOf(piece, place, hidden))}
            </div>
          );
        })}
      </div>
    ),
    [text, from, found, hidden],
  );
}

interface TextProps {
  readonly text: ShownText;
  readonly drawn: number;
  readonly found: ReadonlySet<number>;
  readonly words: PageWords;
  readonly onEnd: () => void;
}

/** One text with its end, which tells when a reader has come there. */
function Text({ text, drawn, found, words, onEnd }: TextProps) {
  const end = useRef<HTMLParagraphElement>(null);
  const isWhole = drawn >= text.lines.length;
  useEffect(() => {
    if (!isWhole || !end.current) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) onEnd();
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [isWhole]);
  const starts = Array.from(
    { length: Math.ceil(Math.min(drawn, text.lines.length) / BATCH) },
    (_, index) => index * BATCH,
  );
  return (
    <section class="text">
      <h3>
        {text.title} <small>({words.view.lines(text.lines.length)})</small>
      </h3>
      <div class="code" translate={false}>
        {starts.map((from) => (
          <Batch key={from} text={text} from={from} found={found} hidden={words.view.hidden} />
        ))}
      </div>
      <p class="end" ref={end}>
        {isWhole ? words.view.end(text.title) : words.view.drawing}
      </p>
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
  /** Titles of the texts whose end was not reached yet. Undefined: not everything is drawn. */
  readonly onRead: (left: readonly string[] | undefined) => void;
}

const NONE: ReadonlySet<number> = new Set();

/** Every line of every text, drawn batch by batch. Only when all of them are in the page is anything said to have been read. */
export function Texts({ texts, lineCount, found, words, onRead }: TextsProps) {
  const longest = Math.max(...texts.map(({ lines }) => lines.length));
  const [drawn, setDrawn] = useState(BATCH);
  const [reached, setReached] = useState<ReadonlySet<number>>(new Set());
  const all = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (drawn >= longest) return;
    const timer = setTimeout(() => setDrawn(drawn + BATCH), 0);
    return () => clearTimeout(timer);
  }, [drawn, longest]);
  useEffect(() => {
    // Counted in the page itself: what was not drawn was not shown.
    const isWhole = drawn >= longest && all.current?.querySelectorAll('.line').length === lineCount;
    onRead(isWhole ? texts.flatMap(({ title }, index) => (reached.has(index) ? [] : [title])) : undefined);
  }, [drawn, longest, reached, lineCount]);
  return (
    <div ref={all}>
      {texts.map((text, index) => (
        <Text
          key={index}
          {...{ text, drawn, words }}
          found={found.get(text.title) ?? NONE}
          onEnd={() => setReached((before) => new Set([...before, index]))}
        />
      ))}
    </div>
  );
}
