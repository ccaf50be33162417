import { useEffect, useState } from 'preact/hooks';
import type { Changes, DiffLine, Difference, Shown } from '../console/contract.ts';
import { drawn } from './pieces.tsx';
import { fetchChanges } from './server-calls.ts';
import type { PageLocale, PageWords } from './words.ts';

const CLASSES: Readonly<Record<DiffLine['mark'], string>> = {
  '+': 'change added',
  '-': 'change removed',
  '@': 'change hunk',
  ' ': 'change',
  '\\': 'change hunk',
};

function Lines({ difference, words }: { readonly difference: Difference; readonly words: PageWords }) {
  if (difference.kind === 'None') return <p>{words.view.same}</p>;
  if (difference.kind === 'TooLarge') return <p>{words.view.tooMuch}</p>;
  return (
    <>
      {difference.texts.map(({ title, lines }) => (
        <section key={title}>
          <h3>{title}</h3>
          <div class="code" translate={false}>
            {lines.map(({ mark, pieces }, index) => (
              <div key={index} class={CLASSES[mark]}>
                {mark === '@' ? '' : `${mark} `}
                {drawn(pieces, words.view.hidden)}
              </div>
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

export interface ChangesSinceProps {
  readonly shown: Shown;
  readonly words: PageWords;
  readonly locale: PageLocale;
}

/**
 * How the request differs from the last one of its requester that the reader approved. It stands above the whole text and takes nothing
 * from it, so a page that cannot tell it goes without.
 */
export function ChangesSince({ shown, words, locale }: ChangesSinceProps) {
  const { namespace, name } = shown;
  const [{ since }, setChanges] = useState<Changes>({});
  useEffect(() => {
    let isGone = false;
    fetchChanges(namespace, name, locale).then(
      (changes) => isGone || setChanges(changes),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [namespace, name, locale]);
  if (!since) return null;
  return (
    <section>
      <h2>{words.view.changes}</h2>
      <p>{since.sentence}</p>
      <Lines difference={since.difference} words={words} />
    </section>
  );
}
