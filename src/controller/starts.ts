import type { CodeExecutionRequest } from '../api/parse.ts';
import type { StartAttempt } from '../core/observed.ts';

interface Entry {
  readonly attempt: 'Intended' | 'Created';
  readonly at: number;
}

/** Reasons of the Started condition behind which a Job may stand that this process knows nothing of. */
const MAY_HAVE_STARTED = new Set(['Starting', 'WaitingForPod', 'Running']);

/**
 * What this process knows of the Jobs it started. The status alone cannot tell it: it is written before the Job, and the
 * cache may be behind both. After a restart the log is empty, and whatever may have started counts as started.
 */
export class StartLog {
  readonly #entries = new Map<string, Entry>();

  intend(uid: string, now: number): void {
    if (this.#entries.get(uid)?.attempt !== 'Created')
      this.#entries.set(uid, { attempt: 'Intended', at: now });
  }

  created(uid: string, now: number): void {
    this.#entries.set(uid, { attempt: 'Created', at: now });
  }

  forget(uid: string): void {
    this.#entries.delete(uid);
  }

  attemptOf({ metadata, status }: CodeExecutionRequest): StartAttempt {
    const entry = this.#entries.get(metadata.uid);
    if (entry) return entry.attempt;
    const condition = status.conditions?.find(({ type }) => type === 'Started');
    return condition && MAY_HAVE_STARTED.has(condition.reason) ? 'Unknown' : 'None';
  }

  startedAt(uid: string): number | undefined {
    return this.#entries.get(uid)?.at;
  }
}
