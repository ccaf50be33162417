/** Whether a request has come to its end, one way or the other, by its status: a result, or a denial without one. */
export const isFinished = (status: {
  readonly state?: string | undefined;
  readonly result?: unknown;
}): boolean => status.result !== undefined || status.state === 'Denied';
