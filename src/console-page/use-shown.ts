import { useEffect, useState } from 'preact/hooks';
import type { Failure, Shown } from '../console/contract.ts';
import { follow } from './live.ts';
import { failureOf, fetchShown, isPassing } from './server-calls.ts';
import type { PageLocale } from './words.ts';

/** A request, as it is now. */
export type ShownState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly why: Failure }
  | {
      readonly kind: 'shown';
      readonly shown: Shown;
      /** What would run is another thing than when the page was opened. */
      readonly isChanged: boolean;
      /** Why it may be older than it looks. */
      readonly trouble: Failure | undefined;
    };

const RELOAD_MILLISECONDS = 5000;

const isSame = (a: Shown, b: Shown): boolean => a.uid === b.uid && a.view.digest === b.view.digest;

/** The next state. A digest that comes only now is no change: before, nothing was judged. */
function next(before: ShownState, shown: Shown): ShownState {
  if (before.kind !== 'shown') return { kind: 'shown', shown, isChanged: false, trouble: undefined };
  const isNew = !isSame(before.shown, shown) && before.shown.view.digest !== undefined;
  return { kind: 'shown', shown, isChanged: before.isChanged || isNew, trouble: undefined };
}

/** What passes by itself takes nothing away that is read just now. */
const failed = (before: ShownState, why: Failure): ShownState =>
  before.kind === 'shown' && isPassing(why) ? { ...before, trouble: why } : { kind: 'failed', why };

/** Reads a request whole, and again whenever something happens to it. */
export function useShown(
  namespace: string,
  name: string,
  locale: PageLocale,
  expired: () => void,
): ShownState {
  const [state, setState] = useState<ShownState>({ kind: 'loading' });
  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    let asked = 0;
    const load = async () => {
      const turn = (asked += 1);
      const shown = await fetchShown(namespace, name, locale);
      // Answers may overtake each other: only the one to the last question counts.
      if (!signal.aborted && turn === asked) setState((before) => next(before, shown));
      return shown.resourceVersion;
    };
    const tell = (error: unknown) => {
      if (signal.aborted) return;
      const why = failureOf(error);
      if (why.kind === 'SignIn') return expired();
      setState((before) => failed(before, why));
    };
    const run = async () => {
      while (!signal.aborted) {
        try {
          const resourceVersion = await load();
          await follow({ namespace, name, resourceVersion }, () => void load().catch(tell), signal);
        } catch (error) {
          tell(error);
        }
        await new Promise((done) => setTimeout(done, RELOAD_MILLISECONDS));
      }
    };
    void run();
    return () => ended.abort();
  }, [namespace, name, locale, expired]);
  return state;
}
