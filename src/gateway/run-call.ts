import type { Asked, Cleaned } from './call.ts';
import type { Json } from '../core/json/strict-json.ts';
import { eventOf } from './stages/record.ts';
import type { KnownSoFar } from './stages/record.ts';
import { refuse } from './stages/stage.ts';
import type { Outcome, Refusal, Stage, Waiting, Works } from './stages/stage.ts';
import type { CallTrace, StageTrace, Trace } from './trace.ts';
import type { CallEnd, Watch } from './watch.ts';

export type CallResult = { readonly kind: 'Done'; readonly answer: Json } | Refusal | Waiting;

/** Who hears of the end of a call. */
interface Those {
  readonly works: Works;
  readonly watch: Watch;
  /** Who follows this call; undefined where nobody does. */
  readonly followed?: CallTrace | undefined;
}

type Given = Those & { readonly followed: CallTrace };

/** What came of it in one word: `well` where it went well. */
const codeOf = <Well extends string>(outcome: Outcome<unknown>, well: Well) => {
  switch (outcome.kind) {
    case 'Go':
      return well;
    case 'Wait':
      return 'Waiting' as const;
    case 'Refuse':
      return outcome.code;
  }
};

/** One stage; whatever it throws means that it could not tell. */
async function tried(
  { name, run }: Stage<never, never>,
  call: KnownSoFar,
  { works, watch }: Given,
  told: StageTrace,
): Promise<Outcome<KnownSoFar>> {
  try {
    return await run(call as never, works, told);
  } catch (error) {
    const { plugin, operation } = call.granted ?? {};
    watch.logger.error(
      { stage: name, plugin: plugin?.metadata.name, operation: operation?.name, err: error },
      'a stage could not tell; the call is refused',
    );
    return refuse('Unavailable');
  }
}

async function passed(
  stage: Stage<never, never>,
  call: KnownSoFar,
  given: Given,
): Promise<Outcome<KnownSoFar>> {
  const upstream = stage.asksUpstream ? call.granted?.plugin.spec.upstream.url : undefined;
  const told = given.followed.stage(stage.name, upstream);
  const outcome = await tried(stage, call, given, told);
  told.ended(codeOf(outcome, 'Go'));
  return outcome;
}

/** That a call was refused is recorded where that can be done; it stays refused where it cannot. */
function recordRefusal(call: KnownSoFar, { code }: Refusal, { works: { ports }, watch }: Those): void {
  try {
    ports.record(eventOf(call, { outcome: 'Refused', code }, ports.now()));
  } catch (error) {
    watch.logger.error({ code, err: error }, 'a refusal could not be recorded');
  }
}

function tell(call: KnownSoFar, outcome: Outcome<KnownSoFar>, { works, watch, followed }: Those): void {
  const end: CallEnd = {
    plugin: call.granted?.plugin.metadata.name,
    operation: call.granted?.operation.name,
    code: codeOf(outcome, 'Done'),
    seconds: Math.max(0, works.ports.now() - call.startedAt) / 1000,
  };
  watch.openCircuits(works.upstreams.openCircuits());
  watch.ended(end);
  followed?.ended(end, call.caller?.request);
}

/** Tells those who record, count and follow how something ended, whether or not it got as far as the stages. */
export function ended(call: KnownSoFar, outcome: Outcome<KnownSoFar>, those: Those): void {
  if (outcome.kind === 'Refuse') recordRefusal(call, outcome, those);
  tell(call, outcome, those);
}

/** Takes a call through the stages. Never rejects: what cannot be told is a refusal. */
export async function runCall(
  asked: Asked,
  stages: readonly Stage<never, never>[],
  { works, watch, trace }: Omit<Given, 'followed'> & { readonly trace: Trace },
): Promise<CallResult> {
  const given: Given = { works, watch, followed: trace.call(asked.way) };
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
