import type { CodeExecutionRequest } from '../api/parse.ts';
import { decide } from '../core/decide.ts';
import type { Observed, Plan } from '../core/observed.ts';
import { HOUR_MILLISECONDS } from '../core/queue/recent-starts.ts';
import type { RunQueue } from '../core/queue/run-queue.ts';
import type { Run } from '../core/queue/run.ts';
import { millisecondsOf } from '../core/time.ts';
import { keyOf } from '../kube/object.ts';
import type { StartLog } from './starts.ts';

export interface RunLinePorts {
  readonly queue: RunQueue;
  /** Has a request looked at. */
  readonly wake: (key: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const runOf = (request: CodeExecutionRequest): Run => ({
  key: keyOf(request) ?? '',
  namespace: request.metadata.namespace ?? '',
  requester: request.spec.requester?.username ?? '',
});

/** Gives requests their turns by what was decided about them, and wakes who is next when a place becomes free. */
export class RunLine {
  readonly #ports: RunLinePorts;

  constructor(ports: RunLinePorts) {
    this.#ports = ports;
  }

  /** What was left by an earlier process: runs that have begun keep their place, starts of the last hour count. */
  recall(requests: readonly CodeExecutionRequest[], starts: Pick<StartLog, 'attemptOf'>): void {
    const { queue, now } = this.#ports;
    const since = now() - HOUR_MILLISECONDS;
    for (const request of requests) {
      const { result } = request.status;
      const startedAt = result?.startedAt === undefined ? undefined : millisecondsOf(result.startedAt);
      if (startedAt !== undefined && startedAt > since) queue.remember(runOf(request), startedAt);
      if (!result && starts.attemptOf(request) === 'Unknown') {
        queue.hold(runOf(request));
        queue.remember(runOf(request), now());
      }
    }
  }

  /** The plan for a request, its turn asked for where nothing else is missing; gives up the place of one that does not run. */
  plan(seen: Observed): Plan {
    const { queue, now } = this.#ports;
    const plan = this.#ask(seen, decide(seen, now()));
    const run = runOf(seen.request);
    if (plan.kind === 'Follow' || plan.kind === 'Cancel') queue.hold(run);
    else if (plan.kind !== 'Start' && plan.kind !== 'Queue') this.leave(run.key);
    return plan;
  }

  leave(key: string): void {
    const { queue, wake, now } = this.#ports;
    if (!queue.leave(key)) return;
    for (const next of queue.next(now())) wake(next);
  }

  #ask(seen: Observed, plan: Plan): Plan {
    if (plan.kind !== 'Queue') return plan;
    const { queue, now } = this.#ports;
    const { request, quota: limits } = seen;
    const createdAt = millisecondsOf(request.metadata.creationTimestamp);
    const turn = queue.ask({ ...runOf(request), createdAt, limits }, now());
    return decide({ ...seen, turn }, now());
  }
}
