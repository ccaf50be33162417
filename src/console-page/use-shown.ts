import { useEffect, useState } from 'preact/hooks';
import type { Failure, Shown } from '../console/contract.ts';
import { follow } from './live.ts';
import { CallError, fetchShown } from './server-calls.ts';
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
    };

const RELOAD_MILLISECONDS = 5000;

const isSame = (a: Shown, b: Shown): boolean => a.uid === b.uid && a.view.digest === b.view.digest;

/** The next state. A digest that comes only now is no change: before, nothing was judged. */
function next(before: ShownState, shown: Shown): ShownState {
  if (before.kind !== 'shown') return { kind: 'shown', shown, isChanged: false };
  const isNew = !isSame(before.shown, shown) && before.shown.view.digest !== undefined;
  return { kind: 'shown', shown, isChanged: before.isChanged || isNew };
}

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
    const load = async () => {
      const shown = await fetchShown(namespace, name, locale);
      if (!signal.aborted) setState((before) => next(before, shown));
      return shown.resourceVersion;
    };
    const tell = (error: unknown) => {
      if (signal.aborted) return;
      const why = error instanceof CallError ? error : { kind: 'Unreachable' as const, message: '' };
      if (why.kind === 'SignIn') return expired();
      setState({ kind: 'failed', why: { kind: why.kind, message: why.message } });
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
