import type { Identity } from '../../api/v1alpha1/identity.ts';

/** One call through the plugin gateway: names, sizes, digests; never arguments or answers. */
export interface CallRecord {
  readonly activity: 'Call';
  /** Absent where nobody knows whose call it was. */
  readonly request?: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly requester?: Identity;
  readonly plugin: string;
  readonly operation: string;
  readonly outcome: 'About' | 'Done' | 'Refused';
  readonly code?: string;
  readonly shape?: Readonly<Record<string, string>>;
  readonly argumentsDigest?: string;
  readonly requestBytes?: number;
  readonly responseBytes?: number;
  readonly redacted?: Readonly<Record<string, number>>;
  readonly milliseconds?: number;
}
