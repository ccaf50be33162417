import { useMemo, useState } from 'preact/hooks';
import type { Decision, Failure, Shown } from '../console/contract.ts';
import { ChangesSince } from './changes-since.tsx';
import { Decide } from './decide.tsx';
import { Heading } from './heading.tsx';
import { hrefOf } from './route.ts';
import { Texts } from './texts.tsx';
import type { Unseen } from './texts.tsx';
import { useShown } from './use-shown.ts';
import { Verdict } from './verdict.tsx';
import type { PageLocale, PageWords } from './words.ts';

export interface RequestPageProps {
  readonly words: PageWords;
  readonly locale: PageLocale;
  readonly namespace: string;
  readonly name: string;
  readonly expired: () => void;
}

function Failed({
  why,
  words,
  what,
}: {
  readonly why: Failure;
  readonly words: PageWords;
  readonly what: string;
}) {
  const { view, trouble } = words;
  const sentences: Partial<Record<Failure['kind'], string>> = {
    NotFound: view.missing(what),
    Forbidden: view.forbidden(what),
    Unreadable: view.unreadable(what),
    ...trouble,
  };
  const isOurs = why.kind === 'NotFound' || why.kind === 'Unreadable';
  return (
    <div class="trouble" role="alert">
      <p>{sentences[why.kind] ?? trouble.Unreachable}</p>
      {!isOurs && why.message !== '' && <p class="detail">{why.message}</p>}
    </div>
  );
}

function foundLines({ view }: Shown): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const { file, line } of view.verdict?.findings ?? []) {
    const lines = found.get(file) ?? new Set();
    found.set(file, lines.add(line));
  }
  return found;
}

interface ReadProps extends Pick<RequestPageProps, 'words' | 'locale' | 'expired'> {
  readonly shown: Shown;
  readonly isChanged: boolean;
}

/** What was read and what is decided about it: made anew, with nothing read, when another thing would run. */
function Reading({ shown, isChanged, words, expired }: ReadProps) {
  const [left, setLeft] = useState<readonly Unseen[] | undefined>();
  const [decided, setDecided] = useState<Decision['decision'] | undefined>();
  const { view, state } = shown;
  // Of one digest there is one text.
  const [texts] = useState(view.texts);
  const found = useMemo(() => foundLines(shown), [shown.uid, view.digest]);
  const waits = state === 'AwaitingApproval';
  return (
    <>
      <section>
        <h2>{words.view.texts}</h2>
        <p class="hint">{words.view.escapes}</p>
        <Texts texts={texts} lineCount={shown.lineCount} found={found} words={words} onRead={setLeft} />
      </section>
      <section class="decide">
        <h2>{words.decide.title}</h2>
        <div role="status" class="done">
          {decided !== undefined && (
            <p>{decided === 'Approve' ? words.decide.approved : words.decide.denied}</p>
          )}
          {!waits && <p>{words.decide.settled(state ?? '?')}</p>}
        </div>
        {waits && decided === undefined && view.digest !== undefined && (
          <Decide
            {...{ shown, isChanged, words, left, expired }}
            digest={view.digest}
            onDecided={setDecided}
          />
        )}
      </section>
    </>
  );
}

function Request({ shown, isChanged, words, locale, expired }: ReadProps) {
  const { view } = shown;
  return (
    <>
      <section>
        <h2>{words.view.facts}</h2>
        <dl>
          {view.facts.map(({ title, value }) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          <div>
            <dt>{words.view.digest}</dt>
            <dd class="digest">{view.digest ?? '?'}</dd>
          </div>
        </dl>
        <div role="status">
          {view.approval.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      </section>
      <section>
        <h2>{words.view.verdict}</h2>
        <Verdict verdict={view.verdict} words={words} />
      </section>
      <ChangesSince key={`since ${shown.uid}`} {...{ shown, words, locale }} />
      <Reading key={`${shown.uid} ${view.digest ?? ''}`} {...{ shown, isChanged, words, locale, expired }} />
    </>
  );
}

export function RequestPage({ words, locale, namespace, name, expired }: RequestPageProps) {
  const state = useShown(namespace, name, locale, expired);
  const what = `${namespace}/${name}`;
  return (
    <>
      <p>
        <a href={hrefOf({ kind: 'list', namespace: '' })}>← {words.view.back}</a>
      </p>
      <Heading title={`${what} – ${words.title}`}>{what}</Heading>
      <p role="status" class="state">
        {state.kind === 'loading' && words.loading}
        {state.kind === 'shown' && words.view.state(state.shown.state ?? '?')}
      </p>
      {state.kind === 'failed' && <Failed why={state.why} words={words} what={what} />}
      <div role="alert">
        {state.kind === 'shown' && state.isChanged && <p class="trouble">{words.view.changed}</p>}
      </div>
      {state.kind === 'shown' && state.trouble && <Failed why={state.trouble} words={words} what={what} />}
      {state.kind === 'shown' && (
        <Request shown={state.shown} isChanged={state.isChanged} {...{ words, locale, expired }} />
      )}
    </>
  );
}
