/**
 * What the gateway's stages ask of the world. `src/gateway/cluster` answers from a Kubernetes cluster; tests of the stages answer
 * themselves. A rejected promise, or a throw, means "could not tell": the call is refused with `Unavailable`.
 */
import type { ExecutionRole, Plugin } from '../api/parse.ts';
import type { PluginGrant } from '../api/v1alpha1/code-execution-request.ts';
import type { Operation } from '../api/v1alpha1/plugin.ts';
import type { CallOutcome } from '../core/audit/call-record.ts';
import type { RefusalCode } from './refusal.ts';

/** A live sandbox, known by the token of its own pod. */
export interface Caller {
  readonly request: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly podUid: string;
  /** Username of the requester, for the record. */
  readonly requester: string;
  /** As it stands now. */
  readonly role: ExecutionRole;
  /** What the verdict granted; what of it still stands is for `grantedOperation` to say. */
  readonly grants: readonly PluginGrant[];
  /** Epoch milliseconds after which the program's time is over, and nothing is answered any more. */
  readonly until: number;
}

export type Authentication =
  | { readonly kind: 'Caller'; readonly caller: Caller }
  | {
      readonly kind: 'Refused';
      readonly code: Extract<RefusalCode, 'Unauthenticated' | 'RequestEnded' | 'NotGranted'>;
    };

/** A single call that a person must approve. */
export interface CallToApprove {
  readonly caller: Caller;
  readonly plugin: Plugin;
  readonly operation: Operation;
  /** Canonical JSON, whole. */
  readonly argumentsJson: string;
  /** sha256:… over request uid, plugin uid, its revision, operation and argumentsJson. */
  readonly digest: string;
}

/** Given: this call, and no other, may be made now; the approval is used up. */
export type CallApproval = 'Given' | 'Waiting' | 'Denied' | 'Used';

/** What became of a call, for the record. */
export interface CallEvent extends CallOutcome {
  readonly caller: Caller | undefined;
  readonly code?: RefusalCode;
}

export interface GatewayPorts {
  /** `token` as it stands after "Bearer "; `address`: of the other end of the socket. */
  readonly authenticate: (token: string, address: string) => Promise<Authentication>;
  /** As it stands now; undefined: there is none of that exact name. */
  readonly plugin: (name: string) => Plugin | undefined;
  /** The value of the plugin's Secret; undefined where the plugin has none. Never logged, never in an error. */
  readonly credential: (plugin: Plugin) => Promise<string | undefined>;
  readonly approval: (call: CallToApprove) => Promise<CallApproval>;
  /** Writes a line of the record. About is written before the upstream hears of a call: what cannot be recorded is not done. */
  readonly record: (event: CallEvent) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
