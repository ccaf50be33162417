/** Every way in which the gateway says no: a stable code, the HTTP status, what it means. docs/plugins.md lists them. */
export const REFUSALS = {
  BadTarget: { status: 404, sentence: 'There is nothing at this path, or it is not written plainly.' },
  BadMethod: { status: 405, sentence: 'This path takes another method.' },
  BadRequest: { status: 400, sentence: 'The request is not understood.' },
  Unauthenticated: { status: 401, sentence: 'The token is not that of the pod that calls.' },
  RequestEnded: { status: 403, sentence: 'The request of this token has ended.' },
  NotGranted: { status: 403, sentence: 'This operation was not granted to this request.' },
  InputTooLarge: { status: 413, sentence: 'The arguments are too large.' },
  InputInvalid: { status: 422, sentence: 'The arguments do not fit the schema of the operation.' },
  InputRefused: { status: 422, sentence: 'The arguments hold what may not leave the sandbox.' },
  RateLimited: { status: 429, sentence: 'Too many calls in a short time.' },
  BudgetExhausted: { status: 429, sentence: 'This request has made all the calls that it may make.' },
  ApprovalDenied: { status: 403, sentence: 'A person denied this call.' },
  ApprovalUsed: { status: 403, sentence: 'The approval of this call has been used.' },
  UpstreamForbidden: { status: 403, sentence: 'The upstream leads to an address that is not allowed.' },
  UpstreamChanged: { status: 502, sentence: 'The definition of the tool is not the one that was accepted.' },
  UpstreamFailed: { status: 502, sentence: 'The upstream failed.' },
  UpstreamTimeout: { status: 504, sentence: 'The upstream did not answer in time.' },
  UpstreamBusy: {
    status: 503,
    sentence: 'The upstream has too many calls open, or failed too often and is left alone for a while.',
  },
  OutputTooLarge: { status: 502, sentence: 'The answer is too large.' },
  OutputInvalid: { status: 502, sentence: 'The answer does not fit the schema of the operation.' },
  OutputRefused: { status: 502, sentence: 'The answer holds what may not enter the sandbox.' },
  Unavailable: {
    status: 503,
    sentence: 'It could not be told whether this call may be made, so it was not.',
  },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly sentence: string }>>;

export type RefusalCode = keyof typeof REFUSALS;
