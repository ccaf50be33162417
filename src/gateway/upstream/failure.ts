import type { RefusalCode } from '../refusal.ts';

/** Why there is no answer of an upstream, and what that says about it. */
export class UpstreamFailure extends Error {
  readonly code: RefusalCode;
  /** Whether it says something about the health of the upstream. */
  readonly counts: boolean;
  /** Whether the upstream may not have seen the call at all. */
  readonly beforeAnswer: boolean;

  constructor(
    code: RefusalCode,
    detail: string,
    given: { readonly counts?: boolean; readonly beforeAnswer?: boolean } = {},
  ) {
    super(detail);
    this.code = code;
    this.counts = given.counts ?? false;
    this.beforeAnswer = given.beforeAnswer ?? false;
  }
}

const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Errors of the system need not be instances of our Error. */
function codeOf(error: unknown): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof value === 'string' ? value : '';
}

/** No whole answer came before the time of the call was over. */
export const late = (): UpstreamFailure =>
  new UpstreamFailure('UpstreamTimeout', 'No whole answer came in time.', { counts: true });

/** A failure of the network in words that are ours: what the upstream or the system says goes to nobody. */
export function failureOf(error: unknown, signal: AbortSignal, beforeAnswer: boolean): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  if (signal.aborted)
    return signal.reason instanceof UpstreamFailure
      ? signal.reason
      : new UpstreamFailure('UpstreamFailed', 'The caller went away.');
  if (TIMEOUTS.has(codeOf(error))) return late();
  const detail = beforeAnswer ? 'It could not be reached, or hung up.' : 'The answer broke off.';
  return new UpstreamFailure('UpstreamFailed', detail, { counts: true, beforeAnswer });
}
