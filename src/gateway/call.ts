/** What is known of a call, stage by stage. Each stage adds to it; none takes away. */
import type { Plugin } from '../api/parse.ts';
import type { Operation } from '../api/v1alpha1/plugin.ts';
import type { Json, JsonObject } from '../core/json/strict-json.ts';
import type { Caller } from './contract.ts';
import type { RefusalCode } from './refusal.ts';
import type { OperationChecks } from './schemas/index.ts';
import type { Unread } from './unread.ts';

export type ArgumentsRead =
  | { readonly kind: 'Read'; readonly value: Json; readonly bytes: number }
  | { readonly kind: 'TooLarge' }
  | { readonly kind: 'Bad'; readonly code: 'BadRequest' | 'InputInvalid'; readonly detail: string };

export interface Credentials {
  /** As it stands after "Bearer "; undefined where there is none. */
  readonly token: string | undefined;
  /** Of the other end of the socket. */
  readonly address: string;
}

/** How calls come in. */
export type WayIn = 'HTTP' | 'MCP';

/** What a call is for, as it was read out of its first line and headers, or out of the message that it is. */
export type Sought =
  | { readonly kind: 'Operation'; readonly plugin: string; readonly operation: string }
  | {
      readonly kind: 'Unreadable';
      readonly code: Extract<
        RefusalCode,
        'BadTarget' | 'BadMethod' | 'BadRequest' | 'InputTooLarge' | 'InputInvalid'
      >;
      readonly detail?: string | undefined;
      /** The method that would be right. */
      readonly allow?: 'GET' | 'POST' | undefined;
      /** Of the text that was not understood, where there is one. */
      readonly unread?: Unread | undefined;
    };

export interface Asked extends Credentials {
  readonly way: WayIn;
  readonly sought: Sought;
  /** Reads what the caller sent, up to so many bytes; nothing of it is read before this is asked. */
  readonly readArguments: (maxBytes: number) => Promise<ArgumentsRead>;
  /** Aborted when the caller goes away. */
  readonly gone: AbortSignal;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export interface Authenticated extends Asked {
  readonly caller: Caller;
}

export interface Targeted extends Authenticated {
  readonly plugin: string;
  readonly operation: string;
}

export interface Granted extends Targeted {
  readonly granted: { readonly plugin: Plugin; readonly operation: Operation };
}

export interface WithArguments extends Granted {
  readonly args: JsonObject;
  readonly requestBytes: number;
}

export interface Checked extends WithArguments {
  readonly checks: OperationChecks;
}

/** The arguments are final from here on. */
export interface Identified extends Checked {
  readonly argumentsJson: string;
  readonly argumentsDigest: string;
  readonly shape: Readonly<Record<string, string>>;
}

export interface WithCredential extends Identified {
  readonly credential: string | undefined;
}

export interface Answered extends WithCredential {
  readonly answer: Json;
  readonly responseBytes: number;
}

export interface Cleaned extends Answered {
  readonly redacted: Readonly<Record<string, number>>;
}
