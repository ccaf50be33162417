import type { AuditRecord } from '../api/v1alpha1/code-execution-request.ts';
import type { Facts } from '../core/conditions/condition.ts';
import type { Observed, Plan } from '../core/observed.ts';
import { uidToKeep } from './gather.ts';
import type { RunLine } from './run-line.ts';
import type { StartLog } from './starts.ts';

export interface Ports {
  /** Decides, and has the request ask for its turn. */
  readonly line: Pick<RunLine, 'plan' | 'leave'>;
  /** Records what is about to happen; answers the last record about the request. */
  readonly audit: (seen: Observed, plan: Plan) => AuditRecord | undefined;
  readonly gather: (key: string) => Promise<Observed | undefined>;
  readonly apply: (seen: Observed, plan: Plan) => Promise<void>;
  readonly report: (facts: Facts) => Promise<void>;
  /** Removes what belongs to requests that are gone from this key. */
  readonly sweep: (key: string, uid: string | undefined) => Promise<void>;
  /** The request is finished: what was kept for it may go. */
  readonly finished: (uid: string) => void;
  readonly starts: StartLog;
  /** Turns an error of the API server into a sentence for the requester; undefined when it says nothing to them. */
  readonly describe: (error: unknown) => string | undefined;
  readonly now: () => number;
}

export interface Outcome {
  readonly requeueAfterMilliseconds?: number;
}

/** Seconds after which a start is looked at even without an event, which a foreign Job of that name does not give. */
const LOOK_AFTER_START_SECONDS = 5;

function outcomeOf(plan: Plan): Outcome {
  if (plan.kind === 'Start') return { requeueAfterMilliseconds: LOOK_AFTER_START_SECONDS * 1000 };
  return 'againSeconds' in plan ? { requeueAfterMilliseconds: plan.againSeconds * 1000 } : {};
}

/**
 * Gather, decide, report, apply. Status says what is about to happen before it happens: after a crash in between, the next
 * process finds the trace and never starts a second run.
 */
export async function reconcile(key: string, ports: Ports): Promise<Outcome> {
  const seen = await ports.gather(key);
  await ports.sweep(key, seen && uidToKeep(seen.request));
  if (!seen) {
    ports.line.leave(key);
    return {};
  }
  const { uid } = seen.request.metadata;
  const plan = ports.line.plan(seen);
  if (plan.kind === 'Rest') {
    ports.finished(uid);
    return {};
  }
  // Recorded before it happens, and before the status says so.
  const auditRecord = ports.audit(seen, plan);
  if (plan.kind === 'Start') ports.starts.intend(uid, ports.now());
  if (plan.kind !== 'Follow' || plan.tell)
    await ports.report({ seen, plan, problem: undefined, auditRecord });
  try {
    await ports.apply(seen, plan);
  } catch (error) {
    const problem = ports.describe(error);
    if (problem !== undefined) await ports.report({ seen, plan, problem, auditRecord });
    throw error;
  }
  return outcomeOf(plan);
}
