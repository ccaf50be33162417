/** What the gateway tells of single calls to whoever follows them. Nobody does unless somebody was given. */
import type { WayIn } from './call.ts';
import type { Caller } from './contract.ts';
import type { RefusalCode } from './refusal.ts';
import type { CallEnd, Watch } from './watch.ts';

/** Follows one stage of a call. */
export interface StageTrace {
  /** The upstream answered with this HTTP status; the last one counts. */
  readonly answered: (status: number) => void;
  readonly ended: (code: RefusalCode | 'Go' | 'Waiting') => void;
}

/** Follows one call. */
export interface CallTrace {
  /** `upstream`: the URL that the stage asks, of the plugin that was granted; undefined for stages that ask none. */
  readonly stage: (name: string, upstream: string | undefined) => StageTrace;
  /** `request`: whose call it was, where the API server knew the caller. */
  readonly ended: (end: CallEnd, request: Caller['request'] | undefined) => void;
}

export interface Trace {
  readonly call: (way: WayIn) => CallTrace;
}

const nothing = (): void => undefined;
const NO_STAGE: StageTrace = { answered: nothing, ended: nothing };
const NO_CALL: CallTrace = { stage: () => NO_STAGE, ended: nothing };

/** Follows nothing. */
export const NO_TRACE: Trace = { call: () => NO_CALL };

/** One that harms no call: what it throws is logged, and the call goes on. */
export function harmless(trace: Trace, logger: Watch['logger']): Trace {
  const tried = <T>(act: () => T, otherwise: T): T => {
    try {
      return act();
    } catch (err) {
      logger.error({ err }, 'a call could not be followed; it goes on');
      return otherwise;
    }
  };
  const stageOver = (stage: StageTrace): StageTrace => ({
    answered: (status) => tried(() => stage.answered(status), undefined),
    ended: (code) => tried(() => stage.ended(code), undefined),
  });
  const callOver = (call: CallTrace): CallTrace => ({
    stage: (name, upstream) => stageOver(tried(() => call.stage(name, upstream), NO_STAGE)),
    ended: (end, request) => tried(() => call.ended(end, request), undefined),
  });
  return { call: (way) => callOver(tried(() => trace.call(way), NO_CALL)) };
}
