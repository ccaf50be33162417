/** What the caller may do about a failed call: `Retry` asks again later, `TooLarge` writes less, `Terminal` is a mistake of ours. */
export type KubeErrorKind =
  | 'NotFound'
  | 'Conflict'
  | 'AlreadyExists'
  | 'Forbidden'
  | 'Invalid'
  | 'Gone'
  | 'TooLarge'
  | 'Retry'
  | 'Terminal';

/** The `Status` object that the API server answers failures with. */
export interface KubeStatus {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}

/** Server messages can quote the object they refuse; past this length they add nothing for a reader. */
const MESSAGE_LIMIT = 1024;

/** A call to the API server that did not do what was asked. */
export class KubeError extends Error {
  readonly kind: KubeErrorKind;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** `reason` of the Status, or our own word for what went wrong. */
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    kind: KubeErrorKind,
    message: string,
    options: {
      status?: number;
      reason?: string;
      retryAfterSeconds?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(
      message.slice(0, MESSAGE_LIMIT),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'KubeError';
    this.kind = kind;
    this.status = options.status ?? 0;
    this.reason = options.reason ?? kind;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

const KINDS: Readonly<Record<number, KubeErrorKind>> = {
  // The token may just be rotating: the next call reads it again.
  401: 'Retry',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'Retry',
  409: 'Conflict',
  410: 'Gone',
  413: 'TooLarge',
  422: 'Invalid',
  429: 'Retry',
};

/** Words of etcd (its ErrRequestTooLarge), which the API server passes on with status 500. */
const TOO_LARGE = 'request is too large';

/** The one place that turns the status of an HTTP answer, with the words in it, into what to do about it. */
export function kindOf(status: number, reason?: string, message?: string): KubeErrorKind {
  if (status === 500 && message?.includes(TOO_LARGE)) return 'TooLarge';
  if (status === 409 && reason === 'AlreadyExists') return 'AlreadyExists';
  return KINDS[status] ?? (status >= 500 ? 'Retry' : 'Terminal');
}

function parseStatus(body: string): KubeStatus {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return { message: body.trim() };
  }
}

/** `Retry-After` in seconds or as a date. */
function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

/** An answer that is not a success → the error that says so. */
export function errorFromAnswer(
  answer: { status: number; body: string; retryAfter?: string | undefined },
  what: string,
): KubeError {
  return errorFromStatus(parseStatus(answer.body), what, {
    status: answer.status,
    retryAfterSeconds: parseRetryAfter(answer.retryAfter, Date.now()),
  });
}

/** A `Status` (also one inside a watch) → the error that says so. */
export function errorFromStatus(
  status: KubeStatus,
  what: string,
  known: { status?: number; retryAfterSeconds?: number | undefined } = {},
): KubeError {
  const code = known.status ?? status.code ?? 500;
  const reason = status.reason ?? '';
  return new KubeError(
    kindOf(code, reason, status.message),
    `${what}: ${status.message || reason || `HTTP ${code}`}`,
    {
      status: code,
      ...(reason === '' ? {} : { reason }),
      retryAfterSeconds: known.retryAfterSeconds ?? status.details?.retryAfterSeconds,
    },
  );
}

/** A fault before or within the answer (reset, refused, timed out) → an error to retry. */
export function errorFromNetwork(fault: unknown, what: string): KubeError {
  if (fault instanceof KubeError) return fault;
  const code =
    typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : 'NetworkError';
  const message = fault instanceof Error && fault.message !== '' ? fault.message : code;
  return new KubeError('Retry', `${what}: ${message}`, { reason: code, cause: fault });
}

/** Whether an error is a {@link KubeError} of one of these kinds. */
export const isKube = (error: unknown, ...kinds: readonly KubeErrorKind[]): error is KubeError =>
  error instanceof KubeError && kinds.includes(error.kind);
