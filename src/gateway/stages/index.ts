import type { Asked, Cleaned, WithCredential } from '../call.ts';
import { approval } from './approval.ts';
import { readArguments } from './arguments.ts';
import { authenticate } from './authenticate.ts';
import { callUpstream, fetchCredential } from './call-upstream.ts';
import { contentIn, contentOut } from './content.ts';
import { grant } from './grant.ts';
import { identify } from './identify.ts';
import { pace, spend } from './pace.ts';
import { recordAbout, recordDone } from './record.ts';
import { schemaIn, schemaOut } from './schema.ts';
import type { Stage } from './stage.ts';
import { target } from './target.ts';

/** Stages in a row: each takes what the one before it made sure of, which the compiler checks. */
class Row<Last extends Asked> {
  readonly stages: readonly Stage<never, never>[];

  constructor(stages: readonly Stage<never, never>[]) {
    this.stages = stages;
  }

  next<After extends Last>(stage: Stage<Last, After>): Row<After> {
    return new Row<After>([...this.stages, stage as unknown as Stage<never, never>]);
  }
}

/**
 * What every call goes through, in this order, also one that is none in the end: so all that is refused is counted and recorded in one
 * place. The first stage that does not say Go ends it. Adding one: a file beside this one, a line here.
 */
const ROW: Row<Cleaned> = new Row<Asked>([])
  .next(authenticate) //               the token is that of the calling pod, whose request goes on
  .next(target) //                     it is for one operation, named in the one way there is
  .next(grant) //                      the operation was granted, and is the one that was
  .next(pace) //                       not too often, and not too many
  .next(readArguments) //              JSON in one reading only, within its size
  .next(schemaIn) //                   the arguments fit
  .next(contentIn) //                  and hold nothing that may not leave
  .next(identify) //                   from here on they do not change
  .next(fetchCredential) //            the upstream can be asked at all
  .next(approval<WithCredential>()) // a person approved this very call, where that is needed
  .next(spend<WithCredential>()) //    one call less is left
  .next(recordAbout) //                on record before the upstream hears of it
  .next(callUpstream) //               an address that was checked, in time, within its size
  .next(schemaOut) //                  the answer fits
  .next(contentOut) //                 and holds nothing that may not enter
  .next(recordDone); //                on record before the caller hears of it

export const STAGES: readonly Stage<never, never>[] = ROW.stages;
