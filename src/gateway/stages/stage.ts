import { within } from '../deadline.ts';
import type { GatewayPorts } from '../contract.ts';
import type { RefusalCode } from '../refusal.ts';
import type { SchemaCache } from '../schemas/index.ts';
import type { Tallies } from '../tallies.ts';
import type { StageTrace } from '../trace.ts';
import type { Upstreams } from '../upstream/upstreams.ts';

/** What stages work with, beside the call. */
export interface Works {
  readonly ports: GatewayPorts;
  readonly schemas: SchemaCache;
  readonly upstreams: Upstreams;
  readonly tallies: Tallies;
}

export interface Refusal {
  readonly kind: 'Refuse';
  readonly code: RefusalCode;
  /** For the caller: what is wrong and what would be right. Never a value of the arguments or the answer. */
  readonly detail?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** A person has to approve the call; it can be made again later, letter by letter. */
export interface Waiting {
  readonly kind: 'Wait';
  readonly digest: string;
  readonly retryAfterSeconds: number;
}

export type Outcome<Known> = { readonly kind: 'Go'; readonly call: Known } | Refusal | Waiting;

/** One thing that is made sure of. An exception means that it could not be: the call is refused. */
export interface Stage<Before, After extends Before> {
  readonly name: string;
  /** Whether this is the one that asks the upstream. */
  readonly asksUpstream?: true;
  readonly run: (
    call: Before,
    works: Works,
    told: Pick<StageTrace, 'answered'>,
  ) => Outcome<After> | Promise<Outcome<After>>;
}

export const go = <Known>(call: Known): Outcome<Known> => ({ kind: 'Go', call });

export const refuse = (code: RefusalCode, detail?: string, retryAfterSeconds?: number): Refusal => ({
  kind: 'Refuse',
  code,
  detail,
  retryAfterSeconds,
});

const PORT_MILLISECONDS = 5000;

/** What a port answers; no answer in time is none. */
export const inTime = <T>(answer: Promise<T>): Promise<T> =>
  within(answer, PORT_MILLISECONDS, () => new Error(`no answer within ${PORT_MILLISECONDS} ms`));
