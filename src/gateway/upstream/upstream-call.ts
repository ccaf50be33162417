import type { Pool } from 'undici';
import type { Plugin } from '../../api/parse.ts';
import type { Operation } from '../../api/v1alpha1/plugin.ts';
import type { Json, JsonObject } from '../../core/json/strict-json.ts';
import type { Origin } from './origin.ts';

/** Connections to one upstream, of which each is made to an address that was checked. */
export interface Connected {
  readonly origin: Origin;
  readonly pool: Pool;
}

/** One call, checked and granted. */
export interface UpstreamCall {
  readonly plugin: Plugin;
  readonly operation: Operation;
  /** Uid of the request that calls. */
  readonly requestUid: string;
  readonly args: JsonObject;
  readonly credential: string | undefined;
  /** Until the upstream must have answered whole. */
  readonly milliseconds: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly gone: AbortSignal;
  /** Told the status of each answer of an HTTP upstream. */
  readonly answered?: ((status: number) => void) | undefined;
}

export interface Answer {
  readonly value: Json;
  readonly bytes: number;
}
