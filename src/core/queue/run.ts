/** Whose run it is. */
export interface Run {
  /** namespace/name of the request. */
  readonly key: string;
  readonly namespace: string;
  /** Username of the requester. */
  readonly requester: string;
}
