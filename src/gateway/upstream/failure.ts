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

/** A member of whatever was thrown; errors of the system need not be instances of our Error. */
function memberOf(error: unknown, name: 'code' | 'name'): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
}

/** A failure of the network in words that are ours: what the upstream or the system says goes to nobody. */
export function failureOf(error: unknown, signal: AbortSignal, beforeAnswer: boolean): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  if (signal.aborted)
    return memberOf(signal.reason, 'name') === 'TimeoutError'
      ? new UpstreamFailure('UpstreamTimeout', 'No whole answer came in time.', { counts: true })
      : new UpstreamFailure('UpstreamFailed', 'The caller went away.');
  const code = memberOf(error, 'code');
  if (TIMEOUTS.has(code))
    return new UpstreamFailure('UpstreamTimeout', 'No whole answer came in time.', { counts: true });
  const detail = beforeAnswer ? 'It could not be reached, or hung up.' : 'The answer broke off.';
  return new UpstreamFailure('UpstreamFailed', detail, { counts: true, beforeAnswer });
}
