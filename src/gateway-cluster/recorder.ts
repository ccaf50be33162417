import type { CallEvent } from '../gateway/contract.ts';
import type { KubeLogger } from '../kube/ports.ts';
import type { CallCounts } from './call-counts.ts';
import { openCallLog } from './call-log.ts';
import { RecordBound } from './record-bound.ts';

export interface RecorderOptions {
  /** Writes one line to the standard output; throws when it cannot. */
  readonly write: (line: string) => void;
  /** Name of this process. */
  readonly identity: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly logger: Pick<KubeLogger, 'error'>;
}

export interface Recorder {
  readonly record: (event: CallEvent) => void;
  /** Records what was kept back and is due; all of it before the process ends. */
  readonly tell: (all?: boolean) => void;
}

/** Counts what was recorded, or will be told in one record with others, so that no call is in one and not in the other. */
export function openRecorder(
  { write, identity, now, logger }: RecorderOptions,
  counts: Pick<CallCounts, 'count'>,
): Recorder {
  const log = openCallLog({ write, writer: identity, now });
  const bound = new RecordBound(now);
  return {
    record: (event) => {
      if (bound.admits(event)) log(event);
      const { caller, plugin, operation } = event;
      const granted = caller?.grants.find(({ name }) => name === plugin);
      counts.count(event, granted?.operations.some((name) => name === operation) ?? false);
    },
    tell: (all = false) => {
      try {
        bound.tell(log, all);
      } catch (err) {
        logger.error({ err }, 'refused calls could not be recorded; it is tried again');
      }
    },
  };
}
