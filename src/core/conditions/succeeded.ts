import { defineCondition } from './condition.ts';
import type { ConditionAnswer } from './condition.ts';
import type { Plan } from '../observed.ts';
import type { Obstacle } from '../queue/run-queue.ts';

const REASONS = {
  Queued: 'Waiting to start.',
  AwaitingApproval: 'Waiting for a person to approve.',
  Running: 'The program runs.',
  Denied: 'The program does not run; status.verdict says why.',
  ApprovalDenied: 'A person denied the run; the Approved condition says who and why.',
  ApprovalExpired: 'It was not approved and started in time.',
  Completed: 'The program ended with exit code 0.',
  Error: 'The program ended with an exit code other than 0.',
  DeadlineExceeded: 'The program was ended because its time was over.',
  OOMKilled: 'The program was killed because it used more memory than its limit.',
  StorageExceeded: 'The program was ended because it wrote more than its limit.',
  TamperDetected: 'What arrived in the sandbox was not what was judged; it did not run.',
  StartFailed: 'The sandbox could not be started in time.',
  NameCollision: 'A foreign Job has the name that this run needs; it was left alone, and nothing ran.',
  Cancelling: 'It was cancelled, and its sandbox is being ended.',
  Cancelled: 'It was cancelled (spec.cancel).',
  Interrupted: 'The run was cut off from outside and is not repeated: untrusted code runs at most once.',
} as const;
type Reason = keyof typeof REASONS;

function placeOf(turn: Extract<Plan, { kind: 'Queue' }>['turn']): string | undefined {
  if (turn.kind === 'NotAsked') return undefined;
  return `Place ${turn.position} of ${turn.of} in the line of the namespace. ${causeOf(turn.obstacle)}`;
}

function causeOf(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'Others':
      return 'Others are first.';
    case 'Cluster':
      return `${obstacle.most} programs run in all namespaces together, which is the most that Sekisho runs at one time.`;
    default: {
      const whose = obstacle.kind === 'Namespace' ? 'of the namespace' : 'of the requester';
      const { most, quota } = obstacle.limit;
      return obstacle.amount === 'running'
        ? `ExecutionQuota "${quota}" lets ${most} programs ${whose} run at one time.`
        : `ExecutionQuota "${quota}" lets ${most} programs ${whose} start within an hour.`;
    }
  }
}

function answer(plan: Plan): ConditionAnswer<Reason> | undefined {
  switch (plan.kind) {
    case 'Deny':
      return { status: 'False', reason: 'Denied' };
    case 'Refuse':
      return {
        status: 'False',
        reason: plan.approval.kind === 'Denied' ? 'ApprovalDenied' : 'ApprovalExpired',
      };
    case 'AwaitApproval':
      return { status: 'Unknown', reason: 'AwaitingApproval' };
    case 'Hold':
      return { status: 'Unknown', reason: 'Queued', detail: plan.isolation.message };
    case 'Queue':
      return { status: 'Unknown', reason: 'Queued', detail: placeOf(plan.turn) };
    case 'Cancel':
      return { status: 'Unknown', reason: 'Cancelling' };
    case 'Start':
    case 'Follow':
      return { status: 'Unknown', reason: 'Running' };
    case 'Finish':
      return { status: plan.result.reason === 'Completed' ? 'True' : 'False', reason: plan.result.reason };
    case 'Rest':
      return undefined;
  }
}

export const succeeded = defineCondition({
  type: 'Succeeded',
  meaning: 'Whether the program ran and ended well; Unknown while that is open.',
  reasons: REASONS,
  compute: ({ plan }) => answer(plan),
});
