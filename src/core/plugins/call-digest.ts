import { digestOf } from '../verdict/digest.ts';

/** All that makes a single call what it is. */
export interface CallIdentity {
  readonly requestUid: string;
  readonly pluginUid: string;
  /** Of the plugin: name@generation. */
  readonly revision: string;
  readonly operation: string;
  /** Canonical JSON of the arguments. */
  readonly argumentsJson: string;
}

/** What an approval of one call is bound to: another letter anywhere is another call. */
export const callDigest = ({
  requestUid,
  pluginUid,
  revision,
  operation,
  argumentsJson,
}: CallIdentity): string => digestOf({ requestUid, pluginUid, revision, operation, argumentsJson });
