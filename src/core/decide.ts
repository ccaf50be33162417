import { standingOf } from './approval/standing.ts';
import type { Standing } from './approval/standing.ts';
import { isFinished } from './finished.ts';
import type { Isolation, Observed, Plan } from './observed.ts';
import { millisecondsOf } from './time.ts';
import { DEFAULT_OUTPUT_BYTES, isOver, resultOf } from './run/result.ts';

/** Seconds after which a run is told as running in status; shorter ones go straight to their result and save a write. */
export const TELL_RUNNING_AFTER_SECONDS = 5;
/** Seconds after which status says what a pod waits for: an image, a node. In a burst most wait, and a write for each would slow all. */
export const TELL_WAITING_AFTER_SECONDS = 20;
/** Seconds between looks at a held request; a change of the isolation wakes it earlier. */
const HOLD_SECONDS = 10;
/** Longest time between looks at a request that waits for a person; an approval, or a change of role or policy, wakes it earlier. */
const AWAIT_SECONDS = 60;
/** Seconds between looks at a sandbox that is being ended. */
const CANCEL_SECONDS = 2;
/** Seconds in which a Job that was created must appear in the cache before it counts as lost. */
const LOST_AFTER_SECONDS = 60;

type Step = (seen: Observed, now: number) => Plan | undefined;

/** A finished request stays as it is, for ever. */
const finished: Step = ({ request }) => (isFinished(request.status) ? { kind: 'Rest' } : undefined);

/** A Job of the predicted name that is not ours is never touched and never taken for ours. */
const collided: Step = ({ request, run }) =>
  run && run.job.requestUid !== request.metadata.uid
    ? { kind: 'Finish', result: { reason: 'NameCollision' } }
    : undefined;

/**
 * Whoever cancels has the last word, until there is a result. A program that ended by itself before it could be stopped keeps its
 * own result; of any other it is said that it was cancelled, once its sandbox is gone.
 */
const cancelled: Step = ({ request, run, sandboxClass }) => {
  if (request.spec.cancel !== true) return undefined;
  if (!run) return { kind: 'Finish', result: { reason: 'Cancelled' } };
  if (!isOver(run)) return { kind: 'Cancel', job: run.job, againSeconds: CANCEL_SECONDS };
  const result = resultOf(run, sandboxClass?.spec.outputBytes ?? DEFAULT_OUTPUT_BYTES);
  const byItself = result.reason === 'Completed' || !(run.job.deleting || run.pod?.deleting);
  return { kind: 'Finish', result: byItself ? result : { ...result, reason: 'Cancelled' } };
};

/** What has started is followed to its end, whatever has changed since. */
const running: Step = ({ run, sandboxClass }, now) => {
  if (!run) return undefined;
  if (isOver(run))
    return { kind: 'Finish', result: resultOf(run, sandboxClass?.spec.outputBytes ?? DEFAULT_OUTPUT_BYTES) };
  const { runningSince } = run.pod ?? {};
  const waited = now - (runningSince ?? run.job.createdAt);
  const enough = runningSince === undefined ? TELL_WAITING_AFTER_SECONDS : TELL_RUNNING_AFTER_SECONDS;
  return { kind: 'Follow', againSeconds: TELL_RUNNING_AFTER_SECONDS, tell: waited >= enough * 1000 };
};

/** What may have started and is gone is not started again: untrusted code runs at most once. */
const lost: Step = ({ start, startedAt }, now) => {
  if (start === 'Unknown') return { kind: 'Finish', result: { reason: 'Interrupted' } };
  if (start !== 'Created') return undefined;
  return now - (startedAt ?? 0) > LOST_AFTER_SECONDS * 1000
    ? { kind: 'Finish', result: { reason: 'Interrupted' } }
    : { kind: 'Follow', againSeconds: TELL_RUNNING_AFTER_SECONDS, tell: false };
};

const denied: Step = ({ judgement }) =>
  judgement?.verdict.decision === 'Deny' ? { kind: 'Deny' } : undefined;

/** Where the approval of a run stands; undefined where none is wanted. */
function approvalOf({ request, judgement, approvals }: Observed, now: number): Standing | undefined {
  if (judgement?.verdict.decision !== 'RequireApproval' || !judgement.approvalRules) return undefined;
  const { metadata, spec } = request;
  return standingOf(
    {
      askers: { requester: spec.requester ?? {}, onBehalfOf: spec.onBehalfOf },
      createdAt: millisecondsOf(metadata.creationTimestamp),
      digest: judgement.verdict.digest,
      rules: judgement.approvalRules,
      approvals,
    },
    now,
  );
}

const awaitingApproval: Step = (seen, now) => {
  const approval = approvalOf(seen, now);
  switch (approval?.kind) {
    case 'Missing': {
      const left = Math.ceil((approval.approveBy - now) / 1000) + 1;
      return { kind: 'AwaitApproval', approval, againSeconds: Math.min(AWAIT_SECONDS, left) };
    }
    case 'Denied':
    case 'Expired':
      return { kind: 'Refuse', approval };
    case 'Given':
    case undefined:
      return undefined;
  }
};

/** What keeps a program from being put where it belongs. */
function obstacleOf({
  isolation,
  judgement,
  gateway,
}: Observed): Extract<Isolation, { proven: false }> | undefined {
  if (!isolation.proven) return isolation;
  if (!judgement?.verdict.plugins || gateway !== undefined) return undefined;
  return { proven: false, reason: 'GatewayUnavailable', message: 'Service sekisho-gateway has no address.' };
}

/** Nothing starts where nobody has seen that the sandbox reaches nothing, or where it could not reach what it was granted. */
const held: Step = (seen, now) => {
  const isolation = obstacleOf(seen);
  if (!isolation) return undefined;
  return { kind: 'Hold', isolation, approval: approvalOf(seen, now), againSeconds: HOLD_SECONDS };
};

/** What may start waits for a place to run. */
const queued: Step = (seen, now) => {
  const { turn } = seen;
  if (turn.kind === 'Granted') return undefined;
  const againSeconds = turn.kind === 'Waiting' ? turn.againSeconds : HOLD_SECONDS;
  return { kind: 'Queue', turn, approval: approvalOf(seen, now), againSeconds };
};

const start: Step = (seen, now) => {
  const { judgement, isolation, sandboxClass, gateway } = seen;
  const approval = approvalOf(seen, now);
  const may = judgement?.verdict.decision === 'Allow' || approval?.kind === 'Given';
  return may && judgement?.limits && sandboxClass && isolation.proven
    ? { kind: 'Start', approval, shape: isolation.shape, limits: judgement.limits, sandboxClass, gateway }
    : undefined;
};

/** Asked in this order; the first to answer decides. */
const STEPS: readonly Step[] = [
  finished, // a verdict and a result are final
  collided, // nothing foreign is adopted
  cancelled, // whoever asked may take it back
  running, // what runs is followed
  lost, // what may have run does not run again
  denied, // a denial is final
  awaitingApproval, // nothing runs before a person has approved
  held, // nothing runs unless isolated
  queued, // nobody runs at the cost of others
  start,
];

/** What to do about a request, given everything seen and the time in epoch milliseconds. Pure. */
export function decide(seen: Observed, now: number): Plan {
  for (const step of STEPS) {
    const plan = step(seen, now);
    if (plan) return plan;
  }
  throw new Error(`no step decided about request ${seen.request.metadata.uid}: its judgement is missing`);
}
