/** Which call means which action. */
export interface ActionPattern {
  /** A qualified name such as "requests.post"; "*" as its last segment stands for whatever follows. */
  readonly call: string;
  readonly action: string;
}
