import { useEffect, useState } from 'preact/hooks';
import type { Failure, PendingRow } from '../console/contract.ts';
import { follow } from './live.ts';
import type { Happened } from './live.ts';
import { failureOf, fetchPending, isPassing } from './server-calls.ts';

/** The list, as it is now. */
export type PendingState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly why: Failure }
  | {
      readonly kind: 'listed';
      readonly rows: readonly PendingRow[];
      readonly isCut: boolean;
      /** Why it may be older than it looks. */
      readonly trouble: Failure | undefined;
    };

/** Between two readings of the whole list, where following does not work. */
const RELOAD_MILLISECONDS = 5000;

const keyOf = ({ namespace, name }: PendingRow): string => `${namespace}/${name}`;
const urgency = (row: PendingRow): string => `${row.approveBy} ${keyOf(row)}`;

function changed(rows: readonly PendingRow[], { kind, row }: Happened): readonly PendingRow[] {
  const others = rows.filter((one) => keyOf(one) !== keyOf(row));
  if (kind === 'gone') return others;
  return [...others, row].toSorted((a, b) => (urgency(a) < urgency(b) ? -1 : 1));
}

/** Lists what waits, and keeps the list fresh. */
export function usePending(namespace: string, expired: () => void): PendingState {
  const [state, setState] = useState<PendingState>({ kind: 'loading' });
  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    const load = async () => {
      const { resourceVersion, ...listed } = await fetchPending(namespace);
      if (signal.aborted) return;
      setState({ kind: 'listed', trouble: undefined, ...listed });
      const onChange = (change: Happened) =>
        setState((now) => (now.kind === 'listed' ? { ...now, rows: changed(now.rows, change) } : now));
      await follow({ namespace, name: '', resourceVersion }, onChange, signal);
    };
    const run = async () => {
      while (!signal.aborted) {
        try {
          await load();
        } catch (error) {
          if (signal.aborted) return;
          const why = failureOf(error);
          if (why.kind === 'SignIn') return expired();
          setState((before) =>
            before.kind === 'listed' && isPassing(why)
              ? { ...before, trouble: why }
              : { kind: 'failed', why },
          );
        }
        await new Promise((done) => setTimeout(done, RELOAD_MILLISECONDS));
      }
    };
    void run();
    return () => ended.abort();
  }, [namespace, expired]);
  return state;
}
