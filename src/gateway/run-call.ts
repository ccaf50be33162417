import type { Asked, Cleaned } from './call.ts';
import type { Json } from '../core/json/strict-json.ts';
import type { RefusalCode } from './refusal.ts';
import { eventOf } from './stages/record.ts';
import type { KnownSoFar } from './stages/record.ts';
import { refuse } from './stages/stage.ts';
import type { Outcome, Refusal, Stage, Waiting, Works } from './stages/stage.ts';

export type CallResult = { readonly kind: 'Done'; readonly answer: Json } | Refusal | Waiting;

/** How a call ended, for those who count. */
export interface CallEnd {
  /** Undefined where no such plugin or operation was granted: names that nobody vouches for are no labels. */
  readonly plugin: string | undefined;
  readonly operation: string | undefined;
  readonly code: RefusalCode | 'Done' | 'Waiting';
  readonly seconds: number;
}

export interface Watch {
  readonly logger: { readonly error: (fields: object, message: string) => void };
  readonly ended: (end: CallEnd) => void;
  /** How many upstreams are left alone, told after each call. */
  readonly openCircuits: (upstreams: number) => void;
}

/** One stage; whatever it throws means that it could not tell. */
async function passed(
  { name, run }: Stage<never, never>,
  call: KnownSoFar,
  { works, watch }: { readonly works: Works; readonly watch: Watch },
): Promise<Outcome<KnownSoFar>> {
  try {
    return await run(call as never, works);
  } catch (error) {
    const { plugin, operation } = call.granted ?? {};
    watch.logger.error(
      { stage: name, plugin: plugin?.metadata.name, operation: operation?.name, err: error },
      'a stage could not tell; the call is refused',
    );
    return refuse('Unavailable');
  }
}

/** That a call was refused is recorded where that can be done; it stays refused where it cannot. */
function recordRefusal(call: KnownSoFar, { code }: Refusal, { ports }: Works, { logger }: Watch): void {
  try {
    ports.record(eventOf(call, { outcome: 'Refused', code }, ports.now()));
  } catch (error) {
    logger.error({ code, err: error }, 'a refusal could not be recorded');
  }
}

const CODES = { Go: 'Done', Wait: 'Waiting' } as const;

function tell(call: KnownSoFar, outcome: Outcome<KnownSoFar>, works: Works, watch: Watch): void {
  watch.openCircuits(works.upstreams.openCircuits());
  watch.ended({
    plugin: call.granted?.plugin.metadata.name,
    operation: call.granted?.operation.name,
    code: outcome.kind === 'Refuse' ? outcome.code : CODES[outcome.kind],
    seconds: Math.max(0, works.ports.now() - call.startedAt) / 1000,
  });
}

/** Tells those who record and count how something ended, whether or not it got as far as the stages. */
export function ended(
  call: KnownSoFar,
  outcome: Outcome<KnownSoFar>,
  { works, watch }: { readonly works: Works; readonly watch: Watch },
): void {
  if (outcome.kind === 'Refuse') recordRefusal(call, outcome, works, watch);
  tell(call, outcome, works, watch);
}

/** Takes a call through the stages. Never rejects: what cannot be told is a refusal. */
export async function runCall(
  asked: Asked,
  stages: readonly Stage<never, never>[],
  given: { readonly works: Works; readonly watch: Watch },
): Promise<CallResult> {
  let call: KnownSoFar = asked;
  let outcome: Outcome<KnownSoFar> = { kind: 'Go', call };
  for (const stage of stages) {
    outcome = await passed(stage, call, given);
    if (outcome.kind !== 'Go') break;
    ({ call } = outcome);
  }
  ended(call, outcome, given);
  return outcome.kind === 'Go' ? { kind: 'Done', answer: (outcome.call as Cleaned).answer } : outcome;
}
