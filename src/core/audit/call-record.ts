import type { Identity } from '../../api/v1alpha1/identity.ts';

/** What became of a call through the plugin gateway: names, sizes, digests; never arguments or answers. */
export interface CallOutcome {
  /** As the caller wrote them, cut to 64 printable ASCII characters, where no such plugin or operation exists. Absent where none was read. */
  readonly plugin?: string;
  readonly operation?: string;
  /** Of a path or a tool's name that could not be read: its sha256:… and its kind, never the text. */
  readonly unread?: {
    readonly digest: string;
    readonly characters: number;
    readonly oddities: readonly string[];
  };
  /** Where it came from, where nobody knows whose call it was. */
  readonly address?: string;
  /** Refused calls of the same caller just before this one that have no record of their own: there were too many within a minute. */
  readonly others?: number;
  /** About: to be sent to the upstream, told before it is. Done: answered. Refused: by a stage, before or after. */
  readonly outcome: 'About' | 'Done' | 'Refused';
  /** Of a refusal (docs/plugins.md). */
  readonly code?: string;
  /** Keys of the arguments with the types of their values, for example {"from":"string","days":"number"}; bounded. */
  readonly shape?: Readonly<Record<string, string>>;
  /** sha256:… of the canonical JSON of the arguments. */
  readonly argumentsDigest?: string;
  readonly requestBytes?: number;
  readonly responseBytes?: number;
  /** Kinds of content that were blanked in the answer, with how often. */
  readonly redacted?: Readonly<Record<string, number>>;
  readonly milliseconds?: number;
}

/** One such call as a record of the log. */
export interface CallRecord extends CallOutcome {
  readonly activity: 'Call';
  /** Absent where nobody knows whose call it was. */
  readonly request?: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly requester?: Identity;
}
